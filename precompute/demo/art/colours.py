"""Colour arithmetic on "#rrggbb" strings, the only form in which palettes and styles exchange colours."""

from __future__ import annotations

import colorsys

RGB = tuple[float, float, float]


def to_rgb(colour: str) -> RGB:
    """Convert "#rrggbb" to (red, green, blue), each in [0, 1]."""
    digits = colour.lstrip("#")
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def to_hex(rgb: RGB) -> str:
    """Convert (red, green, blue) to "#rrggbb"; channels outside [0, 1] are clipped."""
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, channel))):02x}" for channel in rgb)


def mix(first: str, second: str, share: float) -> str:
    """The colour at `share` (0..1) of the straight way through RGB from `first` to `second`."""
    red, green, blue = (a + (b - a) * share for a, b in zip(to_rgb(first), to_rgb(second), strict=True))
    return to_hex((red, green, blue))


def lighten(colour: str, share: float) -> str:
    return mix(colour, "#ffffff", share)


def darken(colour: str, share: float) -> str:
    return mix(colour, "#000000", share)


def adjust(colour: str, *, turn: float = 0.0, saturation: float = 1.0, value: float = 1.0) -> str:
    """Turn the hue by `turn` (1 = full circle) and scale saturation and value (HSV), clipped to [0, 1]."""
    hue, s, v = colorsys.rgb_to_hsv(*to_rgb(colour))
    return to_hex(colorsys.hsv_to_rgb((hue + turn) % 1.0, min(1.0, s * saturation), min(1.0, v * value)))


def pastel(hue: float, saturation: float = 0.17) -> str:
    """A pale colour of the given hue (1 = full circle)."""
    return to_hex(colorsys.hsv_to_rgb(hue % 1.0, saturation, 1.0))


def luminance(colour: str) -> float:
    """Perceived brightness in [0, 1] (Rec. 709 weights on the gamma-encoded channels)."""
    red, green, blue = to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def saturation(colour: str) -> float:
    """HSV saturation in [0, 1]; 0 for greys."""
    return colorsys.rgb_to_hsv(*to_rgb(colour))[1]


def hue(colour: str) -> float:
    """HSV hue in [0, 1); 0 (red) for greys."""
    return colorsys.rgb_to_hsv(*to_rgb(colour))[0]


def to_argb(colour: str, alpha: float = 1.0) -> int:
    """Convert "#rrggbb" to the 32-bit ARGB integer that skia paints with; alpha in [0, 1]."""
    return (round(255 * alpha) << 24) | int(colour.lstrip("#"), 16)
