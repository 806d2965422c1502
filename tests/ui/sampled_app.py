"""The app as it is, but that a catalogue of more than six stickers is too large for the map to draw all of it."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import app
from persrv.ui.map_tab import points

points.map_view = partial(points.map_view, most=6)

if __name__ == "__main__":
    app.main()
