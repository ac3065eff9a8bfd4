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


def tray_of(var: Path, printer: str, tray: str) -> Tray:
    """What was measured of it. NotFound when nothing was: an uncalibrated tray spoils stock."""
    said = _known(var).get(_key(printer, tray))
    if said is None:
        raise NotFound(
            f"打印机“{printer}”的纸盒“{tray}”还没有校准：先打印 certificates calibration，量好后用 certificates tray 记下。",
            f"Tray “{tray}” of “{printer}” isn't calibrated: print `certificates calibration`, measure, then `certificates tray`.",
        )
    right, down, across, along = said
    return Tray(printer, tray, int(right), int(down), Fraction(str(across)), Fraction(str(along)))


def _known(var: Path) -> dict[str, list[int | str]]:
    file = var / FILE
    return json.loads(file.read_bytes()) if file.exists() else {}


def _key(printer: str, tray: str) -> str:
    return f"{printer} / {tray}"
