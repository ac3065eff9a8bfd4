"""The same standings in pandas: merges and group-bys over all events at once, fed by the tables of `parameters`."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.benchmarks.peer_reading import Rows, read

SPOT = ["form", "pos"]
ONE = ["form", "seat", "entry"]
CELL = ["entry", "form", "pos", "seat", "v", "t"]


class Pandas:
    """The rule files' numbers as frames."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        self.rules = {name: pd.DataFrame(rows) for name, rows in tables.items()}
        self.rules["keys"]["ref"] = self.rules["keys"]["ref"].astype(str)
        self.rules["bands"] = self.rules["bands"].sort_values("low")
        for name in ("bands", "weights"):
            spots = self.rules[name][SPOT].drop_duplicates()
            self.rules["items"] = self.rules["items"].merge(spots, on=SPOT, how="left", indicator=name)
        self.texts = set(self.rules["items"].query("text")["form"])

    def run(self, path: Path) -> Rows:
        """(event, entry, place or 0, total in hundredths, status, award), in order."""
        file = read(path)
        entries = pd.DataFrame(file.entries, columns=["event", "id", "status", "attributes"])
        entries["entry"] = np.arange(len(entries))
        marks = self._marks(file.piles, entries)
        points = self._points(marks, file.keys, entries)
        valued = self._valued(marks, points)
        moduled = self._moduled(marks, valued)
        moduled["s"] = moduled["q"] * moduled["times"]
        parted = moduled.groupby(["part", "entry"], as_index=False)["s"].sum().merge(self.rules["parts"], on="part")
        parted["q"] = (2 * parted["s"] + parted["over"]) // (2 * parted["over"])
        return self._standings(entries, marks, valued, moduled, parted)

    def _marks(self, piles: list[tuple[Any, ...]], entries: pd.DataFrame) -> pd.DataFrame:
        """form, seat, entry, pos, v (number or blank), t (text), and the item's own columns."""
        forms = {(f.event, f.module, f.sheet): f.form for f in self.rules["forms"].itertuples()}
        at = dict(zip(entries["id"], entries["entry"], strict=True))
        blocks, mixed = [], []
        for event, module, sheet, seat, ids, currents in piles:
            form = forms[event, module, sheet]
            lists = json.loads(f"[{currents.replace(chr(10), ',')}]")
            there = [(at[id], row) for id, row in zip(ids.split("\n"), lists, strict=True) if row]
            if not there:
                continue
            width = len(there[0][1])
            who = np.repeat([entry for entry, _ in there], width)
            pos = np.tile(np.arange(width), len(there))
            cells = [cell for _, row in there for cell in row]
            block = {"entry": who, "form": form, "pos": pos, "seat": seat}
            if form in self.texts:
                numbers = [cell if isinstance(cell, int) else None for cell in cells]
                mixed.append(pd.DataFrame({**block, "v": np.array(numbers, dtype=float), "t": cells}))
            else:
                blocks.append(pd.DataFrame({**block, "v": np.array(cells, dtype=float)}))
        marks = pd.concat([*blocks, *mixed], ignore_index=True).merge(self.rules["items"], on=SPOT)
        marks["v"] = marks["v"].fillna(marks["blank"])
        return marks

    def _points(self, marks: pd.DataFrame, given: list[tuple[Any, ...]], entries: pd.DataFrame) -> pd.DataFrame:
        """The marks with p, what each is worth before vetoes. Numbers are below 2^53, so floats hold them exactly."""
        keys = pd.DataFrame(given, columns=["event", "module", "sheet", "item", "value"])
        keys = keys.merge(self.rules["forms"], on=["event", "module", "sheet"])[["form", "item", "value"]]
        keyed = marks[marks["key"] != ""].merge(keys, on=["form", "item"])
        answered = keyed[keyed["key"] == "answer"].copy()
        answered["x"] = (answered["t"] == answered["value"]).astype(float)
        first = answered[[*ONE, "pos", "x"]].rename(columns={"pos": "other", "x": "first"})
        answered = answered.merge(self.rules["requires"], on=SPOT, how="left").merge(
            first, on=[*ONE, "other"], how="left"
        )
        answered["x"] *= answered["first"].fillna(1)
        ordered = keyed[keyed["key"] == "order"].copy()
        ordered["x"] = [
            float(sum(a == b for a, b in zip(t.split(" "), value.split(" "), strict=False)))
            for t, value in zip(ordered["t"], ordered["value"], strict=True)
        ]
        expert = keyed[keyed["key"] == "number"].copy()
        expert["x"] = expert["v"] - (expert["value"].astype(float) * expert["den"]).round()
        plain = marks[marks["key"] == ""].assign(x=lambda rows: rows["v"])
        every = pd.concat([plain, expert, ordered, answered], ignore_index=True)
        banded = every[(every["bands"] == "both") & every["x"].notna()].astype({"x": "int64"}).sort_values("x")
        banded = pd.merge_asof(banded, self.rules["bands"].drop(columns=[]), left_on="x", right_on="low", by=SPOT)
        banded["p"] = banded["points"]
        rest = every[(every["bands"] != "both") & (every["weights"] != "both")].copy()
        rest["p"] = rest["x"] * rest["times"]
        rowed = self._rowed(every[every["weights"] == "both"], entries)
        wanted = [*ONE, "pos", "v", "p"]
        return pd.concat([each[wanted] for each in (banded, rest, rowed)], ignore_index=True)

    def _rowed(self, marks: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
        said = [
            (entry, attribute, choice)
            for entry, text in zip(entries["entry"], entries["attributes"], strict=True)
            if text != "{}"
            for attribute, choice in json.loads(text).items()
        ]
        chosen = pd.DataFrame(said, columns=["entry", "attribute", "choice"])
        rows = self.rules["weights"].rename(columns={"times": "weight"})
        marks = marks.merge(chosen, on="entry").merge(rows, on=[*SPOT, "attribute", "choice"])
        return marks.assign(p=marks["x"] * marks["weight"])

    def _valued(self, marks: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
        """target, entry, module, q: the seats combined."""
        zeros = self.rules["zeros"]
        facts = marks[["entry", "form", "pos", "v"]].rename(columns={"form": "when_form", "pos": "when_pos"})
        facts = facts.merge(zeros, on=["when_form", "when_pos"])
        zeroed = facts[facts["v"] >= facts["least"]][["entry", *SPOT]].drop_duplicates().assign(zero=1.0)
        parts = points.merge(self.rules["members"], on=SPOT).merge(zeroed, on=["entry", *SPOT], how="left")
        parts["q"] = np.where(parts["raw"], parts["v"], np.where(parts["zero"].isna(), parts["p"], 0))
        cells = marks[[*ONE, "pos", "v"]]
        close = self.rules["near"].merge(cells, on=SPOT)
        close = close.merge(cells.rename(columns={"pos": "other", "v": "w"}), on=[*ONE, "other"])
        close["q"] = np.where((close["v"] - close["w"]).abs() <= close["within"], close["points"], 0)
        seat = ["target", "entry", "seat"]
        seated = pd.concat([each[[*seat, "q"]] for each in (parts, close)]).groupby(seat, as_index=False)["q"].sum()
        found = seated.groupby(["target", "entry"])["q"].agg(s="sum", n="size", low="min", high="max").astype("int64")
        found = found.reset_index().merge(self.rules["targets"], on="target")
        s, n = found["s"], found["n"]
        mean = (found["method"] == "mean") | ((found["method"] == "trimmed") & (n < 5))
        kept = np.maximum(n - 2, 1)
        trimmed = (2 * (s - found["low"] - found["high"]) + kept) // (2 * kept)
        found["q"] = np.where(
            mean, (2 * s + n) // (2 * n), np.where(found["method"] == "trimmed", trimmed, s * found["times"])
        )
        return found[["target", "entry", "module", "q"]]

    def _moduled(self, marks: pd.DataFrame, valued: pd.DataFrame) -> pd.DataFrame:
        late = self.rules["overtimes"].merge(marks[["form", "pos", "entry", "v"]], on=SPOT)
        periods = (np.maximum(late["v"] - late["limit"], 0) + late["per"] - 1) // late["per"]
        late["late"] = np.minimum(periods * late["points"], late["cap"].fillna(np.inf)).astype("int64")
        late = late.groupby(["module", "entry"], as_index=False)["late"].sum()
        sums = valued[valued["module"].notna()].groupby(["module", "entry"], as_index=False)["q"].sum()
        found = sums.merge(late, on=["module", "entry"], how="left").merge(self.rules["modules"], on="module")
        found["q"] -= found["late"].fillna(0).astype("int64")
        found["q"] = np.where(found["floor"].isna(), found["q"], np.maximum(found["q"], 0))
        return found

    def _standings(
        self, entries: pd.DataFrame, marks: pd.DataFrame, valued: pd.DataFrame, moduled: pd.DataFrame,
        parted: pd.DataFrame,
    ) -> Rows:  # fmt: skip
        facts = marks[["entry", "form", "pos", "v"]].rename(columns={"form": "when_form", "pos": "when_pos"})
        facts = self.rules["outs"].merge(facts, on=["when_form", "when_pos"])
        fallen = facts[facts["v"] >= facts["least"]].sort_values("n").groupby("entry")["status"].first()
        state = entries.copy()
        state["status"] = np.where(
            state["status"] != "", state["status"], state["entry"].map(fallen).fillna("").astype(object)
        )
        parted["w"] = parted["q"] * parted["weight"]
        total = (2 * parted.groupby("entry")["w"].sum() + 100) // 200
        keys, sources = self.rules["keys"], {"part": parted, "module": moduled, "target": valued}
        keyed = pd.concat(
            keys[keys["kind"] == kind].merge(frame.assign(ref=frame[kind].astype(str))[["ref", "entry", "q"]], on="ref")
            for kind, frame in sources.items()
        )
        keyed["q"] *= keyed["sign"]
        wide = keyed.pivot_table(index="entry", columns="n", values="q", aggfunc="sum", fill_value=0)
        ranked = state[state["status"] == ""].merge(total.rename("total"), on="entry").merge(wide, on="entry")
        order = ["total", *wide.columns]
        ranked = ranked.sort_values(["event", *order], ascending=[True] + [False] * len(order), ignore_index=True)
        new = (ranked[["event", *order]] != ranked[["event", *order]].shift()).any(axis=1)
        ranked["place"] = ranked.groupby("event").cumcount() + 1
        ranked["place"] = ranked["place"].where(new).ffill().astype("int64")
        return self._awarded(entries, state, ranked)

    def _awarded(self, entries: pd.DataFrame, state: pd.DataFrame, ranked: pd.DataFrame) -> Rows:
        quota = self.rules["awards"].merge(entries.groupby("event").size().rename("size"), on="event")
        quota = quota.sort_values(["event", "n"])
        quota["q"] = (2 * quota["share"] * quota["size"] + 100) // 200
        quota["last"] = quota.groupby("event")["q"].cumsum()
        won = ranked[["event", "entry", "place"]].merge(quota, on="event")
        won = won[(won["place"] > won["last"] - won["q"]) & (won["place"] <= won["last"])]
        final = state.merge(ranked[["entry", "place", "total"]], on="entry", how="left")
        final = final.merge(won[["entry", "award"]], on="entry", how="left")
        final = final.fillna({"place": 0, "total": 0, "award": ""}).astype({"place": "int64", "total": "int64"})
        columns = [final[name].tolist() for name in ("event", "id", "place", "total", "status", "award")]
        return list(zip(*columns, strict=True))
