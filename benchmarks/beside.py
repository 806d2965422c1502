"""Duration of a search while other clients have pictures decoded or captioned, and send bodies far too large.

    python benchmarks/beside.py assets/demo [--seconds 10] [--save docs/measurements.json]

Starts the app in a fresh process on this machine and asks one search after another, a tenth of a second apart: alone,
then beside each kind of heavy work, in turns, twice:

- `decodes`: 40 requests at once for the kin of a picture of 4096 x 4096 pixels, again and again;
- `captions`: 12 requests at once for captions of stickers, again and again;
- `bodies`: 8 bodies of 100 MB each at once, again and again.

Prints milliseconds a search, milliseconds until a request beyond the waiting line is refused, and how far the memory of
the app and its worker rises. The clients share the machine's cores with the app. Last line: JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import io
import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from PIL import Image
from saved import conclude
from served import QUERIES, ROOT, Place, resident_megabytes, served, setting
from timing import percentiles

SIDE = 4096
DECODES, CAPTIONS, BODIES = 40, 12, 8
BODY_BYTES = 100_000_000
EVERY = 0.1
TIMEOUT = 60


@dataclass
class Watched:
    """Milliseconds of searches and of refusals, what else was answered, and the memory's height in MB."""

    searches: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    megabytes: float = 0.0


Work = Callable[[Watched], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Page:
    """The page's server functions, and one client to ask them with."""

    place: Place
    client: httpx.AsyncClient

    async def ask(self, function: str, request: object) -> tuple[float, dict[str, object]]:
        """Milliseconds, and the answer."""
        return await self.place.ask(self.client, function, request)

    async def heavy(self, watched: Watched, function: str, request: object) -> None:
        """Send one request of the heavy kind, and count its outcome."""
        took, answer = await self.ask(function, request)
        refused = answer.get("code") == "busy"
        watched.answers[str(answer.get("code", "error" if "error" in answer else "answered"))] += 1
        if refused:
            watched.refusals.append(took)

    async def decodes(self, watched: Watched) -> None:
        """A large picture, from so many visitors at once."""
        request = {"picture": large_picture()}
        await asyncio.gather(*(self.heavy(watched, "picture_kin", request) for _ in range(DECODES)))

    async def captions(self, watched: Watched) -> None:
        """Captions of stickers, for so many visitors at once."""
        own = (await self.ask("own_picture", {}))[1]["examples"]
        assert isinstance(own, list)
        names = [brief["id"] for brief in own]
        await asyncio.gather(
            *(self.heavy(watched, "caption", {"sticker": names[number % len(names)]}) for number in range(CAPTIONS))
        )

    async def bodies(self, watched: Watched) -> None:
        """Bodies far above the limit, from so many visitors at once."""

        async def pour() -> None:
            async def pieces() -> object:
                for _ in range(BODY_BYTES // 1_000_000):
                    yield b" " * 1_000_000

            try:
                answer = await self.client.post(
                    self.place.server,
                    content=pieces(),  # type: ignore[arg-type]
                    headers={"content-type": "application/json", "content-length": str(BODY_BYTES)},
                )
                watched.answers[str(answer.status_code)] += 1
            except httpx.TransportError:  # refused and closed before all was sent
                watched.answers["closed"] += 1

        await asyncio.gather(*(pour() for _ in range(BODIES)))


_LARGE: list[str] = []


def large_picture() -> str:
    """A PNG as large as may be decoded and small as a file, in base64."""
    if not _LARGE:
        written = io.BytesIO()
        Image.new("RGB", (SIDE, SIDE), (200, 60, 90)).save(written, "PNG")
        _LARGE.append(base64.b64encode(written.getvalue()).decode())
    return _LARGE[0]


async def watch(page: Page, process: int, seconds: float, work: Work | None) -> Watched:
    """Searches for so many seconds, beside work that is begun again whenever it is done."""
    watched = Watched(megabytes=resident_megabytes(process))
    until = time.monotonic() + seconds

    async def search() -> None:
        asked = 0
        while time.monotonic() < until:
            took, _ = await page.ask("search", {"query": QUERIES[asked % len(QUERIES)], "user": None})
            watched.searches.append(took)
            watched.megabytes = max(watched.megabytes, resident_megabytes(process))
            asked += 1
            await asyncio.sleep(EVERY)

    async def busy() -> None:
        while work is not None and time.monotonic() < until:
            await work(watched)

    await asyncio.gather(search(), busy())
    return watched


def figures(watched: list[Watched], rest: float) -> dict[str, object]:
    """Figures of all turns together. rest: MB that the app held before."""
    searches = [took for each in watched for took in each.searches]
    refusals = [took for each in watched for took in each.refusals]
    answers: dict[str, int] = defaultdict(int)
    for each in watched:
        for what, number in each.answers.items():
            answers[what] += number
    return {
        "searches": len(searches),
        **percentiles(searches, 50, 95, 100),
        **{f"refusal_{each}": value for each, value in percentiles(refusals, 50, 100).items()},
        "answers": dict(answers),
        "memory_rise_mb": round(max(each.megabytes for each in watched) - rest),
    }


async def measure(place: Place, process: int, seconds: float) -> dict[str, dict[str, object]]:
    """Figures by kind of work, in turns."""
    async with httpx.AsyncClient(timeout=TIMEOUT, limits=httpx.Limits(max_connections=100)) as client:
        page = Page(place, client)
        kinds: dict[str, Work | None] = {
            "alone": None,
            "bodies": page.bodies,
            "captions": page.captions,
            "decodes": page.decodes,
        }
        await watch(page, process, 2, page.captions)  # warm
        rest = resident_megabytes(process)
        turns: dict[str, list[Watched]] = defaultdict(list)
        for _ in range(2):
            for kind, work in kinds.items():
                turns[kind].append(await watch(page, process, seconds, work))
        return {kind: figures(watched, rest) for kind, watched in turns.items()}


def main() -> None:
    """Print the setting, a table, and one last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundle", type=Path, nargs="?", default=ROOT / "assets" / "demo")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--save", type=Path, help="write the figures into this JSON file too, under `beside`")
    options = parser.parse_args()
    print(f"{options.bundle}, {setting()}")
    with served(options.bundle) as (app, address):
        found = asyncio.run(measure(Place.of(address), app, options.seconds))
    print(
        f"{'beside':9} {'searches':>8} {'p50 ms':>7} {'p95 ms':>7} {'max ms':>7} {'refused p50/max ms':>19} {'+MB':>5}"
    )
    for kind, each in found.items():
        refused = f"{each['refusal_p50']} / {each['refusal_p100']}" if "refusal_p50" in each else "-"
        print(
            f"{kind:9} {each['searches']:>8} {each['p50']:>7} {each['p95']:>7} {each['p100']:>7} {refused:>16} "
            f"{each['memory_rise_mb']:>5}  {each['answers']}"
        )
    result = {"cores": os.cpu_count(), "seconds": options.seconds, **found}
    conclude(result, "beside", options.save)


if __name__ == "__main__":
    main()
