"""The same standings in DuckDB: one query over all events, fed by the tables of `parameters`."""

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tests.benchmarks.peer_reading import read

# Numbers of the rule files stay in the database between runs, as plans do in the server; only the marks are new.
MARKS = """
CREATE OR REPLACE TEMP TABLE entry AS SELECT row_number() OVER () AS entry, id, event, status, attributes FROM entries;
CREATE OR REPLACE TEMP TABLE raw AS
  SELECT form, n AS seat, entry.entry, current
  FROM (SELECT form, n, unnest(string_split(entries, chr(10))) AS id, unnest(string_split(currents, chr(10))) AS current
        FROM piles JOIN forms USING (event, module, sheet)) JOIN entry USING (id)
  WHERE current <> '[]';
CREATE OR REPLACE TEMP TABLE mark AS
  SELECT form, seat, entry, pos, coalesce(v, blank) AS v, NULL AS t
  FROM (SELECT form, seat, entry, generate_subscripts(list, 1) - 1 AS pos, unnest(list) AS v
        FROM (SELECT form, seat, entry, CAST(current AS INTEGER[]) AS list FROM raw
              WHERE form NOT IN (SELECT form FROM items WHERE text)))
  JOIN items USING (form, pos)
  UNION ALL
  SELECT form, seat, entry, pos, coalesce(CASE WHEN NOT text THEN CAST(t AS INTEGER) END, blank), t
  FROM (SELECT form, seat, entry, generate_subscripts(list, 1) - 1 AS pos, unnest(list) AS t
        FROM (SELECT form, seat, entry, from_json(current, '["VARCHAR"]') AS list FROM raw
              WHERE form IN (SELECT form FROM items WHERE text)))
  JOIN items USING (form, pos);
"""

POINTS = """
CREATE OR REPLACE TEMP TABLE answered AS
  SELECT form, seat, entry, pos, CAST(t = value AS INTEGER) AS x
  FROM mark JOIN items USING (form, pos) JOIN keys USING (form, pos) WHERE key = 'answer'
  UNION ALL
  SELECT form, seat, entry, pos,
         list_sum(list_transform(list_zip(string_split(t, ' '), string_split(value, ' ')), lambda p: CAST(p[1] = p[2] AS INTEGER)))
  FROM mark JOIN items USING (form, pos) JOIN keys USING (form, pos) WHERE key = 'order';
CREATE OR REPLACE TEMP TABLE plain AS
  SELECT form, seat, entry, pos, v, v AS x, times FROM mark JOIN items USING (form, pos) WHERE key = ''
  UNION ALL
  SELECT form, seat, entry, pos, v, v - CAST(value AS INTEGER), times
  FROM mark JOIN items USING (form, pos) JOIN expert USING (form, pos) WHERE key = 'number'
  UNION ALL
  SELECT form, seat, entry, pos, NULL, x, times FROM answered JOIN items USING (form, pos) WHERE key = 'order'
  UNION ALL
  SELECT a.form, a.seat, a.entry, a.pos, NULL, a.x * coalesce(b.x, 1), times
  FROM answered a JOIN items i ON i.form = a.form AND i.pos = a.pos AND i.key = 'answer'
  LEFT JOIN requires r ON r.form = a.form AND r.pos = a.pos
  LEFT JOIN answered b ON b.form = a.form AND b.entry = a.entry AND b.seat = a.seat AND b.pos = r.other;
CREATE OR REPLACE TEMP TABLE point AS
  SELECT m.form, seat, entry, m.pos, v, points AS p
  FROM (SELECT * FROM plain WHERE (form, pos) IN (SELECT (form, pos) FROM banded)) m
  ASOF JOIN bands b ON m.form = b.form AND m.pos = b.pos AND m.x >= b.low
  UNION ALL
  SELECT form, seat, entry, pos, v, x * times
  FROM plain WHERE (form, pos) NOT IN (SELECT (form, pos) FROM banded) AND (form, pos) NOT IN (SELECT (form, pos) FROM rowed)
  UNION ALL
  SELECT form, seat, entry, pos, v, x * weights.times
  FROM plain JOIN chosen USING (entry) JOIN weights USING (form, pos, attribute, choice);
CREATE OR REPLACE TEMP TABLE zeroed AS
  SELECT DISTINCT entry, z.form, z.pos FROM mark m JOIN zeros z ON m.form = z.when_form AND m.pos = z.when_pos AND v >= least;
CREATE OR REPLACE TEMP TABLE seated AS
  SELECT target, entry, seat, CAST(sum(q) AS BIGINT) AS q
  FROM (SELECT target, entry, seat, CASE WHEN raw THEN v WHEN z.entry IS NULL THEN p ELSE 0 END AS q
        FROM point JOIN members USING (form, pos) LEFT JOIN zeroed z USING (entry, form, pos)
        UNION ALL
        SELECT target, a.entry, a.seat, CASE WHEN abs(a.v - b.v) <= within THEN points ELSE 0 END
        FROM near n JOIN mark a ON a.form = n.form AND a.pos = n.pos
        JOIN mark b ON b.form = n.form AND b.pos = n.other AND b.entry = a.entry AND b.seat = a.seat)
  GROUP BY ALL;
"""

TOTALS = """
CREATE OR REPLACE TEMP TABLE valued AS
  SELECT target, entry, module, CAST(CASE
      WHEN method = 'mean' OR (method = 'trimmed' AND n < 5) THEN (2 * s + n) // (2 * n)
      WHEN method = 'trimmed' THEN (2 * (s - low - high) + n - 2) // (2 * (n - 2))
      ELSE s * times END AS BIGINT) AS q
  FROM (SELECT target, entry, sum(q) AS s, count(*) AS n, min(q) AS low, max(q) AS high FROM seated GROUP BY ALL)
  JOIN targets USING (target);
CREATE OR REPLACE TEMP TABLE late AS
  SELECT module, entry, CAST(sum(least(points * ((greatest(v - "limit", 0) + per - 1) // per), coalesce(cap, 1e9))) AS BIGINT) AS q
  FROM overtimes JOIN mark USING (form, pos) GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE moduled AS
  SELECT module, part, entry, times, CASE WHEN floor IS NULL THEN q ELSE greatest(q, 0) END AS q
  FROM (SELECT module, entry, sum(v.q) - coalesce(any_value(late.q), 0) AS q
        FROM valued v LEFT JOIN late USING (module, entry) WHERE module IS NOT NULL GROUP BY ALL) JOIN modules USING (module);
CREATE OR REPLACE TEMP TABLE parted AS
  SELECT part, event, entry, weight, CAST((2 * s + over) // (2 * over) AS BIGINT) AS q
  FROM (SELECT part, entry, sum(q * times) AS s FROM moduled GROUP BY ALL) JOIN parts USING (part);
CREATE OR REPLACE TEMP TABLE total AS
  SELECT event, entry, CAST((2 * sum(q * weight) + 100) // 200 AS BIGINT) AS total FROM parted GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE keyed AS
  SELECT entry, k.n, CAST(sum(sign * q) AS BIGINT) AS q FROM (
    SELECT keys_.n, sign, entry, q FROM keys_ JOIN parted ON kind = 'part' AND part = ref
    UNION ALL SELECT keys_.n, sign, entry, q FROM keys_ JOIN moduled ON kind = 'module' AND module = ref
    UNION ALL SELECT keys_.n, sign, entry, q FROM keys_ JOIN valued ON kind = 'target' AND CAST(target AS VARCHAR) = ref) k
  GROUP BY ALL;
"""

STANDINGS = """
WITH fallen AS (
  SELECT entry, arg_min(status, n) AS status FROM outs JOIN mark ON form = when_form AND pos = when_pos AND v >= least GROUP BY ALL
), state AS (
  SELECT e.event, e.entry, e.id, CASE WHEN e.status <> '' THEN e.status ELSE coalesce(fallen.status, '') END AS status
  FROM entry e LEFT JOIN fallen USING (entry)
), keys AS (
  SELECT entry, max(q) FILTER (n = 1) AS k1, max(q) FILTER (n = 2) AS k2, max(q) FILTER (n = 3) AS k3,
         max(q) FILTER (n = 4) AS k4, max(q) FILTER (n = 5) AS k5, max(q) FILTER (n = 6) AS k6 FROM keyed GROUP BY entry
), ranked AS (
  SELECT event, entry, total,
         rank() OVER (PARTITION BY event ORDER BY total DESC, k1 DESC, k2 DESC, k3 DESC, k4 DESC, k5 DESC, k6 DESC) AS place
  FROM state JOIN total USING (event, entry) JOIN keys USING (entry) WHERE status = ''
), quota AS (
  SELECT event, award, sum(q) OVER (PARTITION BY event ORDER BY n) AS last, sum(q) OVER (PARTITION BY event ORDER BY n) - q AS before
  FROM (SELECT event, award, a.n, (2 * share * size + 100) // 200 AS q
        FROM awards a JOIN (SELECT event, count(*) AS size FROM entry GROUP BY event) USING (event))
)
SELECT s.event, s.id, coalesce(place, 0) AS place, coalesce(total, 0) AS total, s.status, coalesce(award, '') AS award
FROM state s LEFT JOIN ranked r USING (event, entry)
LEFT JOIN quota q ON q.event = s.event AND place > before AND place <= last ORDER BY s.event, place, s.id
"""


class Duck:
    """A DuckDB with the rule files' numbers in it."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        self.conn = duckdb.connect()
        for name, rows in tables.items():
            self._keep("keys_" if name == "keys" else name, pd.DataFrame(rows).convert_dtypes())
        self.conn.execute("ALTER TABLE keys_ ALTER ref TYPE VARCHAR")
        self.conn.execute("CREATE TABLE banded AS SELECT DISTINCT form, pos FROM bands")
        self.conn.execute("CREATE TABLE rowed AS SELECT DISTINCT form, pos FROM weights")

    def run(self, path: Path) -> list[tuple[str, str, int, int, str, str]]:
        """(event, entry, place or 0, total in hundredths, status, award), in order."""
        file = read(path)
        self._keep("piles", pd.DataFrame(file.piles, columns=["event", "module", "sheet", "n", "entries", "currents"]))
        self._keep("entries", pd.DataFrame(file.entries, columns=["event", "id", "status", "attributes"]))
        self._keep("given", pd.DataFrame(file.keys, columns=["event", "module", "sheet", "item", "value"]))
        for script in (MARKS, KEYS, POINTS, TOTALS):
            self.conn.execute(script)
        return self.conn.execute(STANDINGS).fetchall()

    def _keep(self, name: str, frame: pd.DataFrame) -> None:
        self.conn.register("frame", frame)
        self.conn.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM frame")
        self.conn.unregister("frame")


KEYS = """
CREATE OR REPLACE TEMP TABLE keys AS SELECT form, pos, value
  FROM given JOIN forms USING (event, module, sheet) JOIN items USING (form, item);
CREATE OR REPLACE TEMP TABLE expert AS SELECT form, pos, CAST(CAST(value AS DECIMAL(18, 6)) * den AS INTEGER) AS value
  FROM keys JOIN items USING (form, pos) WHERE key = 'number';
CREATE OR REPLACE TEMP TABLE chosen AS SELECT entry, key AS attribute, trim(value, '"') AS choice FROM (
  SELECT entry, unnest(json_keys(attributes)) AS key, json_extract_string(attributes, '$.' || unnest(json_keys(attributes))) AS value
  FROM entry WHERE attributes <> '{}');
"""
