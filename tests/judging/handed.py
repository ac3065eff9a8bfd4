"""What a tablet exports, made in a test from the marks it would have sent."""

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

from competition.judging import Device, MarkOp


def package(tablet: Device, ops: Sequence[MarkOp], signed: Sequence[str] = (), **other: Any) -> bytes:
    """The file a tablet exports."""
    marks = [{"kind": "mark"} | {name: getattr(op, name) for name in MarkOp.__struct_fields__} for op in ops]
    signs = [{"kind": "sign", "id": "f" * 32, "sheet": sheet, "counter": 99, "marks": {}} for sheet in signed]
    made = {"v": 1, "kind": "judge-marks", "event": tablet.event_id, "seat": tablet.seat, "device": tablet.id}
    return json.dumps(made | {"made_at": "2026-11-22T01:00:00.000Z", "ops": marks + signs} | other).encode()


def codes(raw: bytes, size: int = 600, form: str = "c") -> list[str]:
    """The run of QR texts a tablet shows."""
    press = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    folded = press.compress(raw) + press.flush() if form == "c" else raw
    text = base64.urlsafe_b64encode(folded).decode().rstrip("=")
    cut = [text[n : n + size] for n in range(0, len(text), size)]
    return [f"JM1:{zlib.crc32(text.encode()):08x}:{n}/{len(cut)}:{form}:{part}" for n, part in enumerate(cut, 1)]
