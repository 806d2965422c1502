"""The colours of every character, which art styles adapt and figures are painted with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a character, "#rrggbb": body, its light parts, its dark markings, one accent, the blush."""

    body: str
    body2: str
    dark: str
    accent: str
    blush: str


PALETTES: dict[str, Palette] = {
    "cat": Palette("#ffcb94", "#fff4e6", "#ee9450", "#ff8fa3", "#ff8a80"),
    "dog": Palette("#fff1d9", "#ffffff", "#b57343", "#e2403a", "#ff9a8c"),
    "slime": Palette("#b9a4f4", "#e4dafe", "#8468d8", "#ffd04a", "#ff8fc4"),
    "panda": Palette("#ffffff", "#ffffff", "#34343c", "#7bbf5a", "#ff9aa8"),
    "rabbit": Palette("#ffdfe8", "#ffffff", "#f29fb4", "#8ecbff", "#ff8fa6"),
    "chick": Palette("#ffe052", "#fff6c2", "#ffbf2e", "#ff8a3c", "#ff9f80"),
    "frog": Palette("#9fd862", "#eaf8cc", "#62a63c", "#ffb3b3", "#ff9f8c"),
    "seal": Palette("#b9c9de", "#f1f5fa", "#8093b0", "#6fb7ff", "#ff9fae"),
    "capybara": Palette("#cb9a66", "#e6c79a", "#8c6038", "#ff9a2e", "#f08a6a"),
    "dino": Palette("#5ecfb6", "#d8f6e6", "#2c9d8a", "#ff9d52", "#ff9a9a"),
}
