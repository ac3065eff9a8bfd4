"""Code 128 in pictures: digits in pairs (set C), as the scanners of a check-in desk read them."""

# Widths of bar and space in turn, for the values 0 to 105; ISO/IEC 15417, table 1.
_WIDTHS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232
""".split()  # noqa: SIM905 - a table to compare with the standard, not a hundred lines
_START_C = 105
_STOP = "2331112"
QUIET = 10
"""Modules of white that must stand on either side."""


def widths(digits: str) -> str:
    """Bars and spaces in turn, for an even number of digits. ValueError for anything else."""
    if len(digits) % 2 or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"set C takes pairs of digits, not {digits!r}")
    values = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    check = (_START_C + sum(place * value for place, value in enumerate(values, start=1))) % 103
    return "".join(_WIDTHS[value] for value in (_START_C, *values, check)) + _STOP


def svg(digits: str, height: int = 30) -> bytes:
    """The code as a picture one unit a module, its quiet zones included."""
    bars, x = [], QUIET
    for place, width in enumerate(map(int, widths(digits))):
        if place % 2 == 0:
            bars.append(f"M{x} 0h{width}v{height}h-{width}z")
        x += width
    box = f"0 0 {x + QUIET} {height}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" preserveAspectRatio="none"><path d="{"".join(bars)}"/></svg>'.encode()
