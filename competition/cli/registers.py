"""`competition registers`: workbooks of people, units and the programme."""

from datetime import UTC, datetime
from pathlib import Path

import click

from competition.cli.terminal import tell


@click.group()
def registers() -> None:
    """登记表 / workbooks of people, units and the programme."""


@registers.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--faults", is_flag=True, help="埋入常见错误 / plant the faults that real lists have")
@click.pass_obj
def sample(root: Path, out: Path, faults: bool) -> None:
    """示例运动会的登记工作簿 / write OUT.xlsx: 108 job types, 4,000 invented contestants, officials in every seat."""
    from competition.cli.sample.workbook import FAULTS, sample_workbook

    out.write_bytes(sample_workbook(root, datetime(2026, 11, 1, tzinfo=UTC), faults=faults))
    tell(f"已写出 {out}" + (f"，埋有 {len(FAULTS)} 处" if faults else ""), f"wrote {out}")
