"""Waiting times of a visitor: from start to the first page, from a key press to results, from a slider to a new order.

    python benchmarks/page.py assets/demo [--save docs/measurements.json] [--section page]

Starts the app in a fresh process, opens the page in headless Chromium on this machine (which also draws it: no GPU),
and prints seconds from the start of the process to a page that answers and to stickers on the screen, the process's
peak memory after searching, and milliseconds from a key press to the frame after the new results, from the last key
in the chat to the frame with what is offered for it, from a slider's move to the frame after the new order, and to the
one in which every picture in view is there; then seconds to open a sticker's dialog and each other view, first and
second time, and what the page's JavaScript holds in memory. Every figure is the median over several starts (--starts),
because one start may find the disk cold. Last line: JSON.

    python benchmarks/page.py assets/demo --slow [--against CHECKOUT]

Instead: seconds from opening the page on a phone over a slow line (LATENCY, THROUGHPUT; emulated by Chromium, nothing
in its cache) to the page's frame, to the first sticker and to all stickers in view, and the kilobytes until then.
Another checkout of this repository, such as an older one, is measured in turns with this one.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page
from saved import save
from served import QUERIES, ROOT, chromium, peak_megabytes, served, setting
from timing import middle, percentiles

#: View -> what is there once it is drawn.
VIEWS = {
    "map": ".ps-map:has([data-part=map-loading][hidden]) .js-plotly-plot",
    "captions": "[data-part=museum][aria-busy=false] [data-part=exhibit]:not([hidden])",
    "cases": ".ps-case:not(.is-waiting)",
    "about": ".ps-about",
}

#: Milliseconds between the last key press in a box and the frame in which a view says that it shows what is in the box.
TYPED_UNTIL = """
text => new Promise(resolve => {
  const view = document.querySelector('VIEW');
  const box = document.querySelector('BOX');
  const start = performance.now();
  const look = () => {
    if (view.dataset.SHOWN === text) requestAnimationFrame(() => resolve(performance.now() - start));
    else requestAnimationFrame(look);
  };
  box.value = text;
  box.dispatchEvent(new InputEvent('input', {bubbles: true}));
  look();
})
"""
RESULTS = TYPED_UNTIL.replace("VIEW", ".ps-results").replace("BOX", ".ps-query").replace("SHOWN", "query")
OFFERS = TYPED_UNTIL.replace("VIEW", ".ps-chat").replace("BOX", ".ps-chat-input").replace("SHOWN", "asked")

#: A key in the chat's box, after which nobody waits.
TYPED = """
draft => {
  const box = document.querySelector('.ps-chat-input');
  box.value = draft;
  box.dispatchEvent(new InputEvent('input', {bubbles: true}));
}
"""

#: Milliseconds between a slider's move and the frame that shows the new order; then to all pictures in view.
SLIDE = """
([knob, value]) => new Promise(resolve => {
  const input = document.querySelector(`[data-knob=${knob}]`);
  const places = () => [...document.querySelectorAll('.ps-columns .ps-card')].map(card => card.dataset.sticker).join();
  const before = places();
  const inView = image => image.getBoundingClientRect().bottom > 0 && image.getBoundingClientRect().top < innerHeight;
  const start = performance.now();
  input.value = value;
  input.dispatchEvent(new InputEvent('input', {bubbles: true}));
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const ordered = performance.now() - start;
    const look = () => {
      const images = [...document.querySelectorAll('.ps-columns .ps-picture img')].filter(inView);
      if (images.every(image => image.complete)) resolve([ordered, performance.now() - start, before !== places()]);
      else requestAnimationFrame(look);
    };
    look();
  }));
})
"""


def key_to_results(page: Page) -> list[float]:
    """Measure each query once, warm: the first round is not counted."""
    rounds = [[page.evaluate(RESULTS, query) for query in QUERIES] for _ in range(4)]
    return [value for measured in rounds[1:] for value in measured]


def key_to_offers(page: Page) -> list[float]:
    """Measure each query typed in the chat as people type: a key at a time, measured from the last one; warm."""
    page.locator(".ps-nav [data-view=chat]").click()
    page.locator(".ps-chat-offer").first.wait_for()
    taken = []
    for _ in range(4):  # the first round is not counted
        for query in QUERIES:
            for end in range(1, len(query)):
                page.evaluate(TYPED, query[:end])
                page.wait_for_timeout(30)
            taken.append(page.evaluate(OFFERS, query))
    page.locator(".ps-nav [data-view=search]").click()
    return taken[len(QUERIES) :]


#: Positions of the sliders, from which each query is pulled to and fro.
SLIDES = (("alpha", 0), ("alpha", 2), ("lambda", 0), ("lambda", 2), ("keywords", 0), ("keywords", 1.5), ("ocr", 0.1))


def slider_to_order(page: Page) -> tuple[list[float], list[float], int]:
    """Milliseconds to the new order and to all its pictures, one measurement a move, and how many moves re-ordered."""
    page.locator("[data-part=tune-door]").click()
    ordered, complete, moved = [], [], 0
    for _ in range(2):  # the first round is not counted
        ordered, complete, moved = [], [], 0
        for query in QUERIES:
            with page.expect_response(lambda response: "component_server" in response.url):
                page.evaluate(RESULTS, query)
            page.wait_for_timeout(300)
            for knob, value in SLIDES:
                first, second, changed = page.evaluate(SLIDE, [knob, str(value)])
                ordered.append(first)
                complete.append(second)
                moved += changed
                page.wait_for_timeout(50)
    return ordered, complete, moved


def time_to_views(page: Page) -> dict[str, float]:
    """Seconds from a click to a sticker's dialog and to each view, the first time and the second."""
    taken = {}
    for turn in ("first", "again"):
        page.locator(".ps-nav [data-view=search]").click()
        start = time.perf_counter()
        page.locator(".ps-columns .ps-face").first.click()
        page.locator("dialog[open] .ps-minis").last.wait_for()
        taken[f"dialog_{turn}_s"] = round(time.perf_counter() - start, 2)
        page.keyboard.press("Escape")
        for view, drawn in VIEWS.items():
            start = time.perf_counter()
            page.locator(f".ps-nav [data-view={view}]").click()
            page.locator(drawn).first.wait_for(timeout=120_000)
            taken[f"{view}_{turn}_s"] = round(time.perf_counter() - start, 2)
    return taken


def heap_megabytes(page: Page) -> float:
    """Memory of the page's JavaScript, in MB."""
    return float(page.evaluate("performance.memory.usedJSHeapSize / 2 ** 20"))


def quantiles(name: str, milliseconds: list[float]) -> dict[str, float]:
    """The median and the 95th percentile under their names."""
    return {f"{name}_ms_{each}": value for each, value in percentiles(milliseconds, 50, 95).items()}


def measure(bundle: Path) -> dict[str, float]:
    """Measure all figures of one start."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        began = time.perf_counter()
        with served(bundle) as (app, address):
            answered = time.perf_counter() - began
            page.goto(address)
            page.locator(".ps-card img").first.wait_for()
            shown = time.perf_counter() - began
            waits = key_to_results(page)
            offers = key_to_offers(page)
            ordered, complete, moved = slider_to_order(page)
            searching = heap_megabytes(page)
            views = time_to_views(page)
            everything = heap_megabytes(page)
            memory = peak_megabytes(app)
    return {
        "page_answers_s": round(answered, 2),
        "stickers_shown_s": round(shown, 2),
        "key_presses": len(waits),
        **quantiles("key_to_results", waits),
        **quantiles("key_to_offers", offers),
        "slider_moves": len(ordered),
        "slider_moves_that_reordered": moved,
        **quantiles("slider_to_order", ordered),
        **quantiles("slider_to_pictures", complete),
        **views,
        "peak_memory_mb": round(memory),
        "browser_heap_mb_searching": round(searching, 1),
        "browser_heap_mb_all_views": round(everything, 1),
    }


# ---- a slow line ----------------------------------------------------------------------------------------------------

#: Milliseconds before each answer, and bytes a second in each direction.
LATENCY, THROUGHPUT = 400, 50_000

#: Scripts that tell whether every picture in view is loaded, and whether one is.
ALL_DRAWN = """() => {
  const inView = (image) => image.getClientRects().length > 0 && image.getBoundingClientRect().top < innerHeight;
  const images = [...document.querySelectorAll('.ps-card img')].filter(inView);
  return images.length > 0 && images.every((image) => image.complete && image.naturalWidth > 0);
}"""
ONE_DRAWN = (
    "() => [...document.querySelectorAll('.ps-card img')].some((each) => each.complete && each.naturalWidth > 0)"
)


def over_a_slow_line(browser: Browser, address: str) -> dict[str, float]:
    """The waits of one first visit."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    conditions = {"downloadThroughput": THROUGHPUT, "uploadThroughput": THROUGHPUT, "latency": LATENCY}
    line.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    received = [0.0]
    line.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    began = time.perf_counter()
    taken = {}
    page.goto(address, wait_until="commit")
    page.locator(".ps-header:visible").first.wait_for(timeout=120_000)
    taken["frame_s"] = round(time.perf_counter() - began, 2)
    for name, drawn in (("first_sticker", ONE_DRAWN), ("all_in_view", ALL_DRAWN)):
        page.wait_for_function(drawn, timeout=120_000)
        taken[f"{name}_s"] = round(time.perf_counter() - began, 2)
        taken[f"{name}_kb"] = round(sum(received) / 1000)
    context.close()
    return taken


def measure_slow_line(bundle: Path, checkouts: dict[str, Path], visits: int) -> dict[str, dict[str, float]]:
    """The median waits of each checkout by its name; the checkouts take turns, visit by visit."""
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in checkouts}
    with chromium() as browser, ExitStack() as running:
        apps = {name: running.enter_context(served(bundle, checkout)) for name, checkout in checkouts.items()}
        for _ in range(visits):
            for name, (_, address) in apps.items():
                seen[name].append(over_a_slow_line(browser, address))
    return {name: middle(each) for name, each in seen.items()}


def main() -> None:
    """Print the setting, the figures and one last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundle", type=Path, nargs="?", default=ROOT / "assets" / "demo")
    parser.add_argument("--save", type=Path, help="write the figures into this JSON file too")
    parser.add_argument("--section", default="page", help="under this name")
    parser.add_argument("--starts", type=int, default=3, help="fresh processes: each figure's median over them is told")
    parser.add_argument("--slow", action="store_true", help="measure first visits over a slow line instead")
    parser.add_argument("--against", type=Path, help="with --slow: another checkout, measured in turns with this one")
    arguments = parser.parse_args()
    print(f"{arguments.bundle}, {arguments.starts} starts")
    print(setting())
    if arguments.slow:
        print(f"{LATENCY} ms, {THROUGHPUT // 1000} kB/s, a phone's screen (390 x 844), nothing cached")
        checkouts = {"here": ROOT, **({"against": arguments.against.resolve()} if arguments.against else {})}
        slow = measure_slow_line(arguments.bundle, checkouts, arguments.starts)
        for name in next(iter(slow.values())):
            print(f"{name:28}", *(f"{checkout} {each[name]:>8}" for checkout, each in slow.items()))
        if arguments.save:
            about = {
                "date": datetime.now(UTC).date().isoformat(),
                "latency_ms": LATENCY,
                "kb_per_s": THROUGHPUT // 1000,
            }
            save(arguments.save, "slow_line", {**about, "visits": arguments.starts, **slow["here"]})
        print(json.dumps(slow))
        return
    figures = middle([measure(arguments.bundle) for _ in range(arguments.starts)])
    for name, value in figures.items():
        print(f"{name:28} {value:>8}")
    if arguments.save:
        manifest = json.loads((arguments.bundle / "bundle.json").read_text(encoding="utf-8"))
        about = {
            "cores": os.cpu_count(),
            "date": datetime.now(UTC).date().isoformat(),
            "starts": arguments.starts,
            "stickers": manifest["counts"]["stickers"],
        }
        save(arguments.save, arguments.section, {**about, **figures})
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
