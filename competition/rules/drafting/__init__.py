"""A marking-scheme workbook on its way to a draft rule file; the way in is `competition.rules.from_workbook`.

`workbook` cells with addresses, `table` where the table is and what its columns hold, `cells` what a cell means, `scheme` what
was read, `totals` and `checks` what in it is doubtful, `text` the draft.
"""
