"""The printers' trays that pre-printed stock was calibrated for, kept in var/printers.json."""

import json
from fractions import Fraction
from pathlib import Path

from competition.errors import NotFound
from competition.publish.batches import put_whole
from competition.publish.stock import Tray

FILE = "printers.json"


def keep_tray(var: Path, tray: Tray) -> None:
    """Keep it in place of what was known of this tray."""
    known = {**_known(var), _key(tray.printer, tray.tray): [tray.right, tray.down, str(tray.across), str(tray.along)]}
    put_whole(var / FILE, json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True).encode())


def trays(var: Path) -> dict[str, Tray]:
    """Every tray that was measured, by "printer / tray"."""
    return {key: _tray(key, said) for key, said in sorted(_known(var).items())}


def tray_of(var: Path, printer: str, tray: str) -> Tray:
    """What was measured of it. NotFound when nothing was: an uncalibrated tray spoils stock."""
    said = _known(var).get(_key(printer, tray))
    if said is None:
        raise NotFound(
            f"打印机“{printer}”的纸盒“{tray}”还没有校准：先打印校准页，量好后记下（工作台“套打校准”，或 certificates tray）。",
            f"Tray “{tray}” of “{printer}” isn't calibrated: print the calibration page, measure, and keep the figures (at the "
            "desk, or `certificates tray`).",
        )
    return _tray(_key(printer, tray), said)


def _tray(key: str, said: list[int | str]) -> Tray:
    printer, _, tray = key.rpartition(" / ")
    right, down, across, along = said
    return Tray(printer, tray, int(right), int(down), Fraction(str(across)), Fraction(str(along)))


def _known(var: Path) -> dict[str, list[int | str]]:
    file = var / FILE
    return json.loads(file.read_bytes()) if file.exists() else {}


def _key(printer: str, tray: str) -> str:
    """How it is kept and called."""
    return f"{printer} / {tray}"
