"""Smoothness of the style map: techniques that could draw it, and the page itself.

    python benchmarks/map.py [--points 2500 50000] [--only techniques|page] [--save docs/measurements.json]

Techniques: the same generated points on an empty page as Plotly scattergl (WebGL), as Plotly scatter (SVG) and on one
plain 2-D canvas, the least that any own layer has to do. The page: the app over a generated bundle of that many
stickers. Headless Chromium without a graphics card, so WebGL runs on the processor, which also runs everything else.

A drag and a wheel are 60 steps each, sent as fast as the page takes them; `frame` is the time between two frames
meanwhile, `delay` from a step to the end of the first frame after it. `hover` is from the pointer's step onto a point
to the end of the frame that shows what is there. Milliseconds, median and 95th percentile. Last line: JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page
from saved import save
from served import ROOT, chromium, served, setting
from timing import percentiles
from world import make_world, map_xy, write_world

from persrv.ui.map_tab.calls import plotly_script

STEPS = 60
WIDTH, HEIGHT = 1440, 900
TECHNIQUES = ("scattergl", "scatter", "canvas")

#: SVG with more points than this takes minutes.
MOST_SVG = 10_000

#: Runs in the page: a probe, and the techniques.
SCRIPT = (ROOT / "benchmarks" / "map.js").read_text(encoding="utf-8")


def drag(page: Page, x: float, y: float) -> dict[str, dict[str, float]]:
    """Frames and delays while the map is dragged round in circles."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("probe.start()")
    for step in range(STEPS):
        angle = 2 * np.pi * step / 20
        page.mouse.move(x + 90 * np.cos(angle), y + 90 * np.sin(angle))
    found = page.evaluate("probe.stop()")
    page.mouse.up()
    return {f"drag_{name}": percentiles(values, 50, 95) for name, values in found.items()}


def wheel(page: Page, x: float, y: float) -> dict[str, dict[str, float]]:
    """Frames and delays while the wheel zooms in and out again."""
    page.mouse.move(x, y)
    page.evaluate("probe.start()")
    for step in range(STEPS):
        page.mouse.wheel(0, -60 if step < STEPS // 2 else 60)
    found = page.evaluate("probe.stop()")
    page.wait_for_timeout(300)
    return {f"wheel_{name}": percentiles(values, 50, 95) for name, values in found.items()}


def hover(page: Page, left: float, top: float, width: float, height: float) -> dict[str, dict[str, float]]:
    """The delay of what a pointer shows that stops at 30 points in sight."""
    page.evaluate("probe.hovers = []")
    for row in range(0, 400, 7):
        x, y = page.evaluate("row => window.pixels(row)", row)
        if not (8 < x < width - 8 and 8 < y < height - 80):
            continue
        page.mouse.move(left + x, top + y)
        page.wait_for_timeout(120)
    return {"hover": percentiles(page.evaluate("probe.hovers"), 50, 95)}


def technique(browser: Browser, kind: str, places: NDArray[np.float32]) -> dict[str, Any]:
    """Measure one technique with these points."""
    page = browser.new_page(viewport={"width": 900, "height": 620})
    page.set_content("<body style='margin:0'><div id='map' style='width:900px;height:620px'></div></body>")
    page.add_script_tag(path=str(plotly_script()))
    page.add_script_tag(content=SCRIPT)
    page.evaluate("probeMap()")
    columns = [kind, places[:, 0].tolist(), places[:, 1].tolist()]
    drawn = page.evaluate("drawOnCanvas" if kind == "canvas" else "drawWithPlotly", columns)
    found = {"draw": round(drawn, 1), **hover(page, 0, 0, 900, 620), **drag(page, 450, 300), **wheel(page, 450, 300)}
    page.close()
    return found


def page_itself(browser: Browser, folder: Path, count: int) -> dict[str, Any]:
    """Measure the map of the app over `count` generated stickers."""
    bundle = write_world(folder / "bundle", count, images=True)
    with served(bundle.path) as (_, address):
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US")
        sent: list[int] = []
        page.on(
            "response", lambda answer: sent.append(len(answer.body())) if "component_server" in answer.url else None
        )
        page.goto(f"{address}/?view=about&user=p0&lang=en")
        page.locator(".ps-about").wait_for()
        page.wait_for_timeout(1500)
        page.add_script_tag(content=SCRIPT)
        page.evaluate("probeMap()")
        began = time.perf_counter()
        page.get_by_role("button", name="Style map").click()
        page.locator("#ps-map .ps-taste").first.wait_for(timeout=120_000)
        ready = time.perf_counter() - began
        page.wait_for_timeout(2500)
        page.evaluate("watchMap()")
        page.locator(".ps-map-plot").scroll_into_view_if_needed()
        box = page.locator(".ps-map-plot").bounding_box()
        assert box is not None
        left, top = box["x"], max(0.0, box["y"])
        middle = (left + box["width"] / 2, top + 250)
        found = {
            "open_s": round(ready, 2),
            "points_kb": round(max(sent) / 1000),
            **hover(page, left, box["y"], box["width"], min(box["height"], HEIGHT - box["y"])),
            **drag(page, *middle),
            **wheel(page, *middle),
        }
        page.close()
    return found


def main() -> None:
    """Print the setting, one line a measurement, and one last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--points", type=int, nargs="+", default=[2_500, 50_000])
    parser.add_argument("--only", choices=["techniques", "page"])
    parser.add_argument("--save", type=Path, help="write the figures into this JSON file too, under `map`")
    arguments = parser.parse_args()
    figures: dict[str, Any] = {}
    with chromium() as browser:
        print(f"{setting()}, Chromium {browser.version}, no graphics card")
        for count in arguments.points:
            if arguments.only != "page":
                places = map_xy(make_world(count))
                for kind in TECHNIQUES:
                    if kind != "scatter" or count <= MOST_SVG:
                        figures[f"{kind} {count}"] = technique(browser, kind, places)
                        print(f"{kind:10} {count:6}  {figures[f'{kind} {count}']}")
            if arguments.only != "techniques":
                with tempfile.TemporaryDirectory() as folder:
                    figures[f"page {count}"] = page_itself(browser, Path(folder), count)
                print(f"{'page':10} {count:6}  {figures[f'page {count}']}")
    if arguments.save:
        save(arguments.save, "map", {"setting": setting(), **figures})
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
