"""The same standings in polars: lazy frames over all events at once, fed by the tables of `parameters`."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from tests.benchmarks.peer_reading import Rows, read

Frame = pl.LazyFrame
SPOT = ["form", "pos"]
ONE = ["form", "seat", "entry"]


class Polars:
    """The rule files' numbers as frames."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        self.rules = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()}
        self.rules["keys"] = pl.DataFrame([{**row, "ref": str(row["ref"])} for row in tables["keys"]])
        self.rules["bands"] = self.rules["bands"].sort("low")
        self.banded = self.rules["bands"].select(SPOT).unique()
        self.rowed = self.rules["weights"].select(SPOT).unique()

    def run(self, path: Path) -> Rows:
        """(event, entry, place or 0, total in hundredths, status, award), in order."""
        file = read(path)
        entries = pl.DataFrame(file.entries, schema=["event", "id", "status", "attributes"], orient="row")
        entries = entries.with_row_index("entry")
        marks = self._marks(file.piles, entries)
        points = self._points(marks, file.keys, entries)
        valued = self._valued(marks, points)
        moduled = self._moduled(marks, valued)
        parted = self._parted(moduled)
        return self._standings(entries, marks, valued, moduled, parted)

    def _marks(self, piles: list[tuple[Any, ...]], entries: pl.DataFrame) -> pl.DataFrame:
        """form, seat, entry, pos, v (number or blank), t (text)."""
        forms, items = self.rules["forms"], self.rules["items"]
        names = ["event", "module", "sheet", "seat", "id", "current"]
        lists = (
            pl.DataFrame(piles, schema=names, orient="row")
            .join(forms, on=["event", "module", "sheet"])
            .select("form", "seat", pl.col("id").str.split("\n"), pl.col("current").str.split("\n"))
            .explode("id", "current")
            .filter(pl.col("current") != "[]")
            .join(entries.select("id", "entry"), on="id")
        )
        texts = items.filter("text")["form"].unique().implode()
        plain = lists.filter(~pl.col("form").is_in(texts)).with_columns(
            pl.col("current").str.strip_chars("[]").str.split(",")
        )
        plain = (
            plain.with_columns(pl.int_ranges(pl.col("current").list.len()).alias("pos"))
            .explode("current", "pos")
            .with_columns(pl.col("current").cast(pl.Int64, strict=False).alias("v"), pl.lit(None, pl.String).alias("t"))
        )
        mixed = lists.filter(pl.col("form").is_in(texts))
        cells = [[None if c is None else str(c) for c in json.loads(row)] for row in mixed["current"]]
        mixed = mixed.with_columns(pl.Series("t", cells, dtype=pl.List(pl.String)))
        mixed = (
            mixed.with_columns(pl.int_ranges(pl.col("t").list.len()).alias("pos"))
            .explode("t", "pos")
            .with_columns(pl.col("t").cast(pl.Int64, strict=False).alias("v"))
        )
        both = pl.concat([each.select(*ONE, "pos", "v", "t") for each in (plain, mixed)])
        return both.join(items, on=SPOT).with_columns(
            pl.when("text").then(None).otherwise(pl.coalesce("v", "blank")).alias("v")
        )

    def _points(self, marks: pl.DataFrame, given: list[tuple[Any, ...]], entries: pl.DataFrame) -> pl.DataFrame:
        """form, seat, entry, pos, v, p: what each mark is worth before vetoes."""
        keys = (
            pl.DataFrame(given, schema=["event", "module", "sheet", "item", "value"], orient="row")
            .join(self.rules["forms"], on=["event", "module", "sheet"])
            .select("form", "item", "value")
        )
        keyed = marks.filter(pl.col("key") != "").join(keys, on=["form", "item"])
        answered = keyed.filter(pl.col("key") == "answer").with_columns(
            (pl.col("t") == pl.col("value")).cast(pl.Int64).alias("x")
        )
        named = answered.select(*ONE, pl.col("pos").alias("other"), pl.col("x").alias("first"))
        answered = (
            answered.join(self.rules["requires"], on=SPOT, how="left")
            .join(named, on=[*ONE, "other"], how="left")
            .with_columns((pl.col("x") * pl.col("first").fill_null(1)).alias("x"))
        )
        ordered = keyed.filter(pl.col("key") == "order")
        right = [
            sum(a == b for a, b in zip(given.split(" "), value.split(" "), strict=False))
            for given, value in ordered.select("t", "value").iter_rows()
        ]
        ordered = ordered.with_columns(pl.Series("x", right, dtype=pl.Int64))
        expert = keyed.filter(pl.col("key") == "number").with_columns(
            (pl.col("v") - (pl.col("value").cast(pl.Decimal(18, 6)) * pl.col("den")).cast(pl.Int64)).alias("x")
        )
        plain = marks.filter(pl.col("key") == "").with_columns(pl.col("v").alias("x"))
        wanted = [*ONE, "pos", "v", "x", "times"]
        every = pl.concat([each.select(wanted) for each in (plain, expert, ordered, answered)])
        banded = (
            every.join(self.banded, on=SPOT, how="semi")
            .filter(pl.col("x").is_not_null())
            .sort("x")
            .join_asof(self.rules["bands"], left_on="x", right_on="low", by=SPOT, check_sortedness=False)
            .with_columns(pl.col("points").alias("p"))
        )
        said = entries.filter(pl.col("attributes") != "{}").select(
            "entry", pl.col("attributes").str.extract_groups(r'"(?<attribute>\w+)": ?"(?<choice>\w+)"').struct.unnest()
        )
        rows = self.rules["weights"].rename({"times": "weight"})
        rowed = (
            every.join(self.rowed, on=SPOT, how="semi")
            .join(said, on="entry")
            .join(rows, on=[*SPOT, "attribute", "choice"])
            .with_columns((pl.col("x") * pl.col("weight")).alias("p"))
        )
        rest = every.join(self.banded, on=SPOT, how="anti").join(self.rowed, on=SPOT, how="anti")
        rest = rest.with_columns((pl.col("x") * pl.col("times")).alias("p"))
        return pl.concat([each.select(*ONE, "pos", "v", "p") for each in (banded, rowed, rest)])

    def _valued(self, marks: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
        """target, entry, module, q: the seats combined."""
        zeros = self.rules["zeros"]
        facts = marks.select("entry", pl.col("form").alias("when_form"), pl.col("pos").alias("when_pos"), "v")
        zeroed = (
            facts.join(zeros, on=["when_form", "when_pos"])
            .filter(pl.col("v") >= pl.col("least"))
            .select("entry", *SPOT, pl.lit(True).alias("zero"))
            .unique()
        )
        parts = (
            points.join(self.rules["members"], on=SPOT)
            .join(zeroed, on=["entry", *SPOT], how="left")
            .with_columns(pl.when("raw").then("v").when(pl.col("zero").is_null()).then("p").otherwise(0).alias("q"))
            .select("target", "entry", "seat", "q")
        )
        near = self.rules["near"]
        cells = marks.select(*ONE, "pos", "v")
        close = (
            near.join(cells, on=SPOT)
            .join(cells.rename({"pos": "other", "v": "w"}), on=[*ONE, "other"])
            .with_columns(
                pl.when((pl.col("v") - pl.col("w")).abs() <= pl.col("within")).then("points").otherwise(0).alias("q")
            )
            .select("target", "entry", "seat", "q")
        )
        seated = pl.concat([parts, close]).group_by("target", "entry", "seat").agg(pl.col("q").sum())
        s, n, low, high = pl.col("s"), pl.col("n"), pl.col("low"), pl.col("high")
        plain = (pl.col("method") == "mean") | ((pl.col("method") == "trimmed") & (n < 5))
        return (
            seated.group_by("target", "entry")
            .agg(
                pl.col("q").sum().alias("s"), pl.len().cast(pl.Int64).alias("n"), pl.col("q").min().alias("low"),
                pl.col("q").max().alias("high"),
            )
            .join(self.rules["targets"], on="target")
            .with_columns(
                pl.when(plain).then((2 * s + n) // (2 * n))
                .when(pl.col("method") == "trimmed")
                .then((2 * (s - low - high) + n - 2) // (2 * pl.max_horizontal(n - 2, 1)))
                .otherwise(s * pl.col("times")).alias("q")
            )
            .select("target", "entry", "module", "q")
        )  # fmt: skip

    def _moduled(self, marks: pl.DataFrame, valued: pl.DataFrame) -> pl.DataFrame:
        over = (pl.max_horizontal(pl.col("v") - pl.col("limit"), 0) + pl.col("per") - 1) // pl.col("per")
        late = (
            self.rules["overtimes"]
            .join(marks.select("form", "pos", "entry", "v"), on=SPOT)
            .with_columns(pl.min_horizontal(over * pl.col("points"), pl.col("cap")).alias("late"))
            .group_by("module", "entry")
            .agg(pl.col("late").sum())
        )
        return (
            valued.filter(pl.col("module").is_not_null())
            .group_by("module", "entry")
            .agg(pl.col("q").sum())
            .join(late, on=["module", "entry"], how="left")
            .join(self.rules["modules"], on="module")
            .with_columns((pl.col("q") - pl.col("late").fill_null(0)).alias("q"))
            .with_columns(pl.when(pl.col("floor").is_null()).then("q").otherwise(pl.max_horizontal("q", 0)).alias("q"))
        )

    def _parted(self, moduled: pl.DataFrame) -> pl.DataFrame:
        return (
            moduled.with_columns((pl.col("q") * pl.col("times")).alias("s"))
            .group_by("part", "entry")
            .agg(pl.col("s").sum())
            .join(self.rules["parts"], on="part")
            .with_columns(((2 * pl.col("s") + pl.col("over")) // (2 * pl.col("over"))).alias("q"))
        )

    def _standings(
        self, entries: pl.DataFrame, marks: pl.DataFrame, valued: pl.DataFrame, moduled: pl.DataFrame,
        parted: pl.DataFrame,
    ) -> Rows:  # fmt: skip
        facts = marks.select("entry", pl.col("form").alias("when_form"), pl.col("pos").alias("when_pos"), "v")
        fallen = (
            self.rules["outs"].join(facts, on=["when_form", "when_pos"])
            .filter(pl.col("v") >= pl.col("least")).sort("n")
            .group_by("entry").agg(pl.col("status").first().alias("fallen"))
        )  # fmt: skip
        state = entries.join(fallen, on="entry", how="left").with_columns(
            pl.when(pl.col("status") != "").then("status").otherwise(pl.col("fallen").fill_null("")).alias("status")
        )
        total = (
            parted.with_columns((pl.col("q") * pl.col("weight")).alias("w"))
            .group_by("entry")
            .agg(((2 * pl.col("w").sum() + 100) // 200).alias("total"))
        )
        keys = self.rules["keys"]
        sources = {"part": parted, "module": moduled, "target": valued}
        keyed = pl.concat(
            [
                keys.filter(pl.col("kind") == kind)
                .join(frame.select(pl.col(kind).cast(pl.String).alias("ref"), "entry", "q"), on="ref")
                .select("entry", "n", (pl.col("sign") * pl.col("q")).alias("q"))
                for kind, frame in sources.items()
            ]
        )
        count = int(keys["n"].max())  # type: ignore[arg-type]
        wide = keyed.group_by("entry").agg(
            [pl.col("q").filter(pl.col("n") == n).sum().alias(f"k{n}") for n in range(1, count + 1)]
        )
        order = ["total", *(f"k{n}" for n in range(1, count + 1))]
        ranked = (
            state.filter(pl.col("status") == "")
            .join(total, on="entry")
            .join(wide, on="entry")
            .with_columns(pl.struct(order).rank("min", descending=True).over("event").cast(pl.Int64).alias("place"))
        )
        return self._awarded(entries, state, ranked)

    def _awarded(self, entries: pl.DataFrame, state: pl.DataFrame, ranked: pl.DataFrame) -> Rows:
        sizes = entries.group_by("event").agg(pl.len().cast(pl.Int64).alias("size"))
        quota = (
            self.rules["awards"]
            .join(sizes, on="event")
            .sort("event", "n")
            .with_columns(((2 * pl.col("share") * pl.col("size") + 100) // 200).alias("q"))
            .with_columns((pl.col("q").cum_sum().over("event") - pl.col("q")).alias("before"))
        )
        won = (
            ranked.select("event", "entry", "place")
            .join(quota, on="event")
            .filter((pl.col("place") > pl.col("before")) & (pl.col("place") <= pl.col("before") + pl.col("q")))
            .select("entry", "award")
        )
        return (
            state.join(ranked.select("entry", "place", "total"), on="entry", how="left")
            .join(won, on="entry", how="left")
            .select(
                "event", "id", pl.col("place").fill_null(0), pl.col("total").fill_null(0), "status",
                pl.col("award").fill_null(""),
            )
            .rows()
        )  # fmt: skip
