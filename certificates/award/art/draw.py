"""Draws the award certificate's art: frame.svg, ground.svg, divider.svg and flourish-*.svg beside this file.

    python certificates/award/art/draw.py                     the award's own, in red and gold
    python certificates/award/art/draw.py participation       another design's, in its own colours (`PALETTES`)

Curves only, no emblem, seal or symbol of any body. Lengths in mm, y downwards.
"""

import sys
from collections.abc import Callable
from itertools import pairwise
from math import cos, pi, sin
from pathlib import Path

WIDTH, HEIGHT = 297.0, 210.0
RED = "#b4161b"
GOLD, PALE, IVORY, TINT = "#b98d34", "#dcc07a", "#fffdf8", "#fdf7e8"
PALETTES = {  # another design's red, gold, pale gold, ivory, tint, and its ground's three
    "participation": ("#1d4f7c", "#8c9099", "#c3c9d1", "#fbfdff", "#eef3f8", ("#dfe8f1", "#e7eef5", "#eef3f8")),
    "practice": ("#1f6a50", "#b08a3c", "#d9c48a", "#fcfefb", "#eef6f0", ("#dcebe2", "#e5f0e9", "#edf5f0")),
}
GROUND = ("#f4ead0", "#f6edd8", "#f6edd8")
METALS = {"gold": ("#b98d34", "#dcc07a"), "silver": ("#858b92", "#c3c8cd"), "bronze": ("#a2673a", "#d3a680")}
EDGE, INNER = 9.0, 20.5  # the frame, from the paper's edge
MIDDLE = (EDGE + 2.1 + INNER - 1.2) / 2  # between the two gold lines

Curve = Callable[[float], tuple[float, float]]


def path(curve: Curve, start: float, end: float, pieces: int, *, closed: bool = False) -> str:
    """`curve` as cubic Béziers whose tangents are the curve's own."""
    step, small = (end - start) / pieces, 1e-5
    marks = []
    for n in range(pieces + 1):
        t = start + n * step
        (x, y), (x0, y0), (x1, y1) = curve(t), curve(t - small), curve(t + small)
        marks.append((x, y, (x1 - x0) / (2 * small) * step / 3, (y1 - y0) / (2 * small) * step / 3))
    said = [f"M{marks[0][0]:.2f} {marks[0][1]:.2f}"]
    for (x0, y0, dx0, dy0), (x1, y1, dx1, dy1) in pairwise(marks):
        said.append(f"c{dx0:.2f} {dy0:.2f} {x1 - dx1 - x0:.2f} {y1 - dy1 - y0:.2f} {x1 - x0:.2f} {y1 - y0:.2f}")
    return "".join(said) + ("z" if closed else "")


def stroke(paths: list[str], colour: str, width: float) -> str:
    return f'<path d="{"".join(paths)}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'


def svg(width: float, height: float, parts: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width:g} {height:g}">'
    return "\n".join((head, *parts, "</svg>", ""))


def frame() -> str:
    """Red outer line, a woven gold band between two fine lines, a rosette at each corner."""
    parts = [
        rect((EDGE + INNER) / 2, TINT, INNER - EDGE),
        rect(EDGE + 0.75, RED, 1.5),
        rect(EDGE + 2.1, GOLD, 0.3),
        rect(INNER - 1.2, GOLD, 0.3),
        rect(INNER - 0.1, RED, 0.5),
    ]
    parts += [stroke(weave(4.0, 12, 0.0, 6), PALE, 0.16), stroke(weave(4.0, 12, 0.5, 6), GOLD, 0.16)]
    parts += [stroke(weave(1.5, 6, 0.0, 3), RED, 0.22)]
    for x in (MIDDLE, WIDTH - MIDDLE):
        for y in (MIDDLE, HEIGHT - MIDDLE):
            parts += corner(x, y)
    return svg(WIDTH, HEIGHT, parts)


def rect(inset: float, colour: str, width: float) -> str:
    return (f'<rect x="{inset:g}" y="{inset:g}" width="{WIDTH - 2 * inset:g}" height="{HEIGHT - 2 * inset:g}" '
            f'fill="none" stroke="{colour}" stroke-width="{width}"/>')  # fmt: skip


def weave(swing: float, period: float, shift: float, strands: int) -> list[str]:
    """Sine strands along the four sides, each side a whole number of periods, mirrored about its middle."""
    paths = []
    for length, place in sides():
        count = round(length / period)
        for strand in range(strands):
            phase = 2 * pi * (strand + shift) / strands

            def along(t: float, length: float = length, place: Callable[[float, float], tuple[float, float]] = place,
                      count: int = count, phase: float = phase) -> tuple[float, float]:  # fmt: skip
                turn = 2 * pi * count * (t / length - 0.5)
                swell = 0.72 + 0.28 * cos(turn / 2) ** 2
                return place(t, swing * swell * cos(turn + phase))

            paths.append(path(along, 0, length, count * 4))
    return paths


def sides() -> list[tuple[float, Callable[[float, float], tuple[float, float]]]]:
    long, tall = WIDTH - 2 * MIDDLE, HEIGHT - 2 * MIDDLE
    return [
        (long, lambda t, off: (MIDDLE + t, MIDDLE + off)),
        (long, lambda t, off: (MIDDLE + t, HEIGHT - MIDDLE - off)),
        (tall, lambda t, off: (MIDDLE + off, MIDDLE + t)),
        (tall, lambda t, off: (WIDTH - MIDDLE - off, MIDDLE + t)),
    ]


def corner(x: float, y: float) -> list[str]:
    """A rosette on an ivory disc that also hides where the strands meet."""
    return [
        f'<circle cx="{x:g}" cy="{y:g}" r="9.1" fill="{IVORY}"/>',
        f'<circle cx="{x:g}" cy="{y:g}" r="8.75" fill="none" stroke="{RED}" stroke-width="0.5"/>',
        f'<circle cx="{x:g}" cy="{y:g}" r="8" fill="none" stroke="{GOLD}" stroke-width="0.3"/>',
        stroke([path(rosette(x, y, 4.9, 2.2, 12, 5), 0, 2 * pi * 5, 240, closed=True)], GOLD, 0.18),
        stroke([path(rosette(x, y, 2.9, 1.5, 8, 3), 0, 2 * pi * 3, 120, closed=True)], RED, 0.2),
        f'<circle cx="{x:g}" cy="{y:g}" r="1.0" fill="{RED}"/>',
    ]


def rosette(x: float, y: float, radius: float, swing: float, petals: int, turns: int) -> Curve:
    """A closed wave round a circle: `petals` waves in `turns` turns."""

    def curve(t: float) -> tuple[float, float]:
        r = radius + swing * cos(t * petals / turns)
        return x + r * cos(t), y + r * sin(t)

    return curve


def ground() -> str:
    """The faint rosette behind the text: rings of turned waves, fine enough to read over."""
    size = 150.0
    parts = []
    for radius, swing, petals, copies, colour in (
        (67, 6, 24, 6, GROUND[0]), (50, 9, 16, 8, GROUND[1]), (31, 9, 12, 8, GROUND[0]), (13, 7, 8, 6, GROUND[2]),
    ):  # fmt: skip
        rings = []
        for n in range(copies):
            turn = 2 * pi * n / copies / petals

            def ring(t: float, radius: float = radius, swing: float = swing, petals: int = petals,
                     turn: float = turn) -> tuple[float, float]:  # fmt: skip
                r = radius + swing * cos(petals * (t + turn))
                return size / 2 + r * cos(t), size / 2 + r * sin(t)

            rings.append(path(ring, 0, 2 * pi, petals * 6, closed=True))
        parts.append(stroke(rings, colour, 0.18))
    return svg(size, size, parts)


def divider() -> str:
    """Under the title: two tapering lines and a lozenge."""
    return svg(120, 6, [
        f'<path d="M0 3L52 2.72L52 3.28z" fill="{GOLD}"/>', f'<path d="M120 3L68 2.72L68 3.28z" fill="{GOLD}"/>',
        f'<path d="M60 0.4L62.6 3L60 5.6L57.4 3z" fill="{RED}"/>',
        *(f'<path d="M{x:g} 1.7L{x + 1.3:g} 3L{x:g} 4.3L{x - 1.3:g} 3z" fill="{GOLD}"/>' for x in (54.6, 65.4)),
    ])  # fmt: skip


def flourish(dark: str, light: str) -> str:
    """Beside the award, pointing right: a fan of strands closing to a point."""
    strands = []
    for n in range(7):
        spread = (n - 3) / 3 * 3.6

        def strand(t: float, spread: float = spread) -> tuple[float, float]:
            return 40 * t, 5 + spread * sin(pi * t) * cos(2 * pi * t)

        strands.append(path(strand, 0, 1, 16))
    return svg(40, 10, [stroke(strands[1::2], light, 0.22), stroke(strands[::2], dark, 0.22)])


if __name__ == "__main__":
    here = Path(__file__).parent
    if sys.argv[1:]:
        RED, GOLD, PALE, IVORY, TINT, GROUND = PALETTES[sys.argv[1]]
        here = here.parents[1] / sys.argv[1] / "art"
        METALS = {"gold": (GOLD, PALE)}
        here.mkdir(parents=True, exist_ok=True)
    (here / "frame.svg").write_text(frame(), "utf-8")
    (here / "ground.svg").write_text(ground(), "utf-8")
    (here / "divider.svg").write_text(divider(), "utf-8")
    for metal, (dark, light) in METALS.items():
        (here / f"flourish-{metal}.svg").write_text(flourish(dark, light), "utf-8")
