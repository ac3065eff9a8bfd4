// The shapes that travel: what the server sends (session, forms), what the tablet keeps (ops), what comes back (receipts).
// Types only; nothing runs here.

/** @typedef {{zh: string, en: string}} Text */

/**
 * One legal value. `points` are integers over the form's denominator; null: only the server can compute them.
 * @typedef {{value: string, points: number|null, label: Text|null}} Value
 */

/**
 * The smallest thing marked. `each`: points of the value 1 (over the denominator), for keyed numbers and counts.
 * @typedef {object} Item
 * @property {string} id
 * @property {Text} name
 * @property {Text|null} [help]
 * @property {"yesno"|"steps"|"cards"|"keypad"|"count"|"time"|"measure"|"answer"|"choice"|"choices"|"order"|"note"|"derived"} control
 * @property {boolean} required
 * @property {boolean} [scores]
 * @property {string|null} [sample]
 * @property {string|null} max
 * @property {number|null} [each]
 * @property {Value[]} values
 * @property {string} [unit]
 * @property {string} [min]
 * @property {string} [max_value]
 * @property {string} [step]
 * @property {{low: string, label: Text}[]} [bands]  of a keyed number, from the lowest
 * @property {{value: string, label: Text}[]} [options]
 * @property {number} [length]
 * @property {string} [unanswered]  the value that says "no answer given", where a written answer may be left out
 */

/** @typedef {{id: string, name: Text, max: string|null, items: Item[]}} Section */
/**
 * minutes: the time the rules allow for the module, if they state one.
 * @typedef {{module: string, sheet: string, name: Text, module_name?: Text, minutes?: number|null, max: string|null, denominator: number, opens_after?: string[], sections: Section[]}} Form
 */

/**
 * One assigned sheet as the server knows it. marks: item -> [value, mark id]; rivals: item -> the values that contend;
 * asked, refused, reopened: how far a request to correct has come.
 * @typedef {object} SheetLine
 * @property {string} id
 * @property {string|null} code
 * @property {string|null} station
 * @property {string|number|null} slot
 * @property {string} module
 * @property {string} sheet
 * @property {"draft"|"complete"|"signed"|"locked"|"checked"} state
 * @property {string|null} [opens_at]
 * @property {""|"open"|"waiting"|"closed"} [gate]  of its slot, where officials open and close slots; "" where they don't
 * @property {string[]} [clash]
 * @property {Record<string, (string|null)[]>} [rivals]
 * @property {{id?: string, items: string[], reason: string, at?: string}|null} [asked]
 * @property {{reason: string, at: string}|null} [refused]
 * @property {{items: string[], until: string|null}|null} [reopened]
 * @property {{items: string[], at: string}|null} [recheck] what the chief asks to be looked at again ("" is the whole sheet)
 * @property {Record<string, [string|null, string]>} marks
 */

/**
 * @typedef {object} Session
 * @property {Text|string} games
 * @property {{id: string, name: Text, edition: string}} event
 * @property {{label: string, panel: Text, judge: string|null, trainee?: boolean, device?: string, strip?: boolean}} seat
 * @property {Record<string, Form>} forms
 * @property {SheetLine[]} sheets
 * @property {string} server_at
 * @property {{id: string, text: string, at: string}[]} [messages]  from the desk, not yet acknowledged here
 * @property {string} [run]  names this run of the server: another one may serve a store that was set back
 * @property {Record<string, {flag: boolean, zero: boolean, note: string}>} [jottings]  by "sheet|item"; "" is the sheet's own scratch
 */

/**
 * One record of the outbox: a mark, a signature or a request that the server has not confirmed. Never changed but for `held`.
 * @typedef {object} Op
 * @property {string} id          32 hex, made on the device
 * @property {"mark"|"sign"|"ask"} kind
 * @property {string} owner       event/seat it was made for
 * @property {string} sheet
 * @property {string} [item]
 * @property {string|null} [value]
 * @property {string} edition
 * @property {string|null} [supersedes]
 * @property {Record<string, string>} [marks]
 * @property {number[][][]|null} [strokes]
 * @property {string} [pin]
 * @property {string[]} [items]   of a request to correct
 * @property {string} [reason]
 * @property {string|null} [device]  the pairing it was made under
 * @property {boolean} [loose]    the device would not keep it: in memory only
 * @property {string} device_at
 * @property {number} counter     given by the outbox, inside the transaction that writes the record
 * @property {{outcome: string, reason: Text|null, at: string, seen?: boolean}} [held]
 */

/** @typedef {{id: string, outcome: "accepted"|"known"|"refused"|"clash"|"late", reason?: Text|null}} Receipt */

/** @typedef {{value: string|null, id: string|null, where: "server"|"local"|"saving"|"loose"}} Cell */

export {};
