"""Waiting times of 20 visitors at once, against those of one: milliseconds a request, errors, resets, memory of the
app.

    python benchmarks/visitors.py assets/demo [--visitors 20] [--seconds 60] [--save docs/measurements.json]

Resets are connections that the app closed while a request was on its way. Growth is that of the resident memory of the
app and its worker from a third of the time on, in MB: a run of 600 seconds settles within the first three minutes.

Starts the app in a fresh process on this machine. A visitor types a query (a search after each of three keys, .2 s
apart), looks (1 to 5 s), and now and then changes the person, opens a sticker, or fetches the pictures of the results
as a browser without a cache would; every pause and choice comes from a seeded generator. The requests are those of the
page itself. One visitor alone goes first, for a minute at most, with pauses a tenth as long, so that there is enough to
compare. The clients share the machine's cores with the app. Last line: JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx
from saved import conclude
from served import QUERIES, ROOT, Place, peak_megabytes, resident_megabytes, served, setting
from timing import percentiles

SEED = 11
TYPING = 0.2
LOOKING = (1.0, 5.0)
ALONE = 60.0


@dataclass
class Ledger:
    """Milliseconds by kind of request, and what went wrong."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    resets: int = 0

    def note(self, asked: str, error: Exception) -> None:
        """A request that failed."""
        self.errors.append(f"{asked}: {error!r}")
        self.resets += isinstance(error, httpx.ReadError | httpx.WriteError | httpx.RemoteProtocolError)


@dataclass
class Visitor:
    """A visitor of the page. `pace`: factor of every pause."""

    place: Place
    client: httpx.AsyncClient
    ledger: Ledger
    rng: random.Random
    pace: float

    async def stay(self, until: float) -> None:
        """Search, look, search again, until the clock says so."""
        person = self.rng.choice(self.place.people)
        await self.pause(0, LOOKING[1])  # nobody arrives at the same moment
        while time.monotonic() < until:
            query = self.rng.choice(QUERIES)
            for end in sorted({max(1, len(query) // 3), max(1, 2 * len(query) // 3), len(query)}):
                found = await self.ask("search", {"query": query[:end], "user": person, "candidates": False})
                await self.pause(TYPING, TYPING)
            if self.rng.random() < 0.3:
                await self.pictures(found)
            await self.pause(*LOOKING)
            if self.rng.random() < 0.3:
                person = self.rng.choice(self.place.people)
                await self.ask("search", {"query": query, "user": person, "candidates": self.rng.random() < 0.5})
                await self.pause(*LOOKING)
            if found and self.rng.random() < 0.3:
                sticker = self.rng.choice([*found["stickers"]] or [""])
                await self.ask("detail", {"sticker": sticker, "query": query})
                await self.pause(*LOOKING)

    async def pause(self, least: float, most: float) -> None:
        await asyncio.sleep(self.pace * self.rng.uniform(least, most))

    async def ask(self, function: str, request: dict[str, object]) -> dict[str, dict[str, object]] | None:
        """The page's own call of one of the server's functions; None where it failed."""
        try:
            taken, found = await self.place.ask(self.client, function, request)
        except (httpx.HTTPError, ValueError) as error:
            self.ledger.note(function, error)
            return None
        self.ledger.milliseconds[function].append(taken)
        if "error" in found:
            self.ledger.errors.append(f"{function}: {found['error']}")
            return None
        return found

    async def pictures(self, found: dict[str, dict[str, object]] | None) -> None:
        """Fetch the pictures of the results, six at a time, as a browser does."""
        images = [brief["image"] for brief in (found or {"stickers": {}})["stickers"].values()]
        gate = asyncio.Semaphore(6)

        async def fetch(image: object) -> None:
            async with gate:
                path = quote(f"{self.place.folder}/{image}")
                start = time.perf_counter()
                try:
                    answer = await self.client.get(f"{self.place.address}/gradio_api/file={path}")
                    answer.raise_for_status()
                    self.ledger.milliseconds["picture"].append((time.perf_counter() - start) * 1000)
                except httpx.HTTPError as error:
                    self.ledger.note("picture", error)

        await asyncio.gather(*(fetch(image) for image in images))


async def visit(place: Place, visitors: int, seconds: float, pace: float) -> Ledger:
    """Send visitors for some seconds, and record all requests."""
    ledger = Ledger()
    until = time.monotonic() + seconds
    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=6 * visitors)) as client:
        crowd = [Visitor(place, client, ledger, random.Random(SEED + number), pace) for number in range(visitors)]
        await asyncio.gather(*(visitor.stay(until) for visitor in crowd))
    return ledger


async def growth(process: int, seconds: float) -> float:
    """MB by which the memory of the app and its worker grows from a third of the time on."""
    await asyncio.sleep(seconds / 3)
    settled = resident_megabytes(process)
    await asyncio.sleep(2 * seconds / 3)
    return resident_megabytes(process) - settled


async def visit_watched(place: Place, visitors: int, seconds: float, pace: float, process: int) -> tuple[Ledger, float]:
    """A visit, and how much memory the app grew by."""
    ledger, grown = await asyncio.gather(visit(place, visitors, seconds, pace), growth(process, seconds))
    return ledger, grown


def summary(ledger: Ledger) -> dict[str, object]:
    """Counts and quantiles by kind of request."""
    return {
        "errors": len(ledger.errors),
        "resets": ledger.resets,
        **{
            kind: {"requests": len(values), **percentiles(values, 50, 95, 99)}
            for kind, values in sorted(ledger.milliseconds.items())
        },
    }


def main() -> None:
    """Print the setting, a table for one and for many, and one last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundle", type=Path, nargs="?", default=ROOT / "assets" / "demo")
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--save", type=Path, help="write the figures into this JSON file too, under `visitors`")
    options = parser.parse_args()
    print(f"{options.bundle}, {setting()}")
    with served(options.bundle) as (app, address):
        place = Place.of(address)
        asyncio.run(visit(place, 1, 5, 0.1))  # warm
        memory = {"warm": round(peak_megabytes(app))}
        by_number = {}
        alone = min(ALONE, options.seconds)
        for number, pace, seconds in ((1, 0.1, alone), (options.visitors, 1.0, options.seconds)):
            ledger, grown = asyncio.run(visit_watched(place, number, seconds, pace, app))
            by_number[str(number)] = {**summary(ledger), "growth_mb": round(grown)}
            memory[str(number)] = round(peak_megabytes(app))
            for error in ledger.errors[:5]:
                print(f"  {error}")
    print(f"{'visitors':>8} {'request':8} {'number':>7} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}")
    for count, figures in by_number.items():
        for kind, found in figures.items():
            if isinstance(found, dict):
                numbers = f"{found['requests']:7} {found['p50']:8} {found['p95']:8} {found['p99']:8}"
                print(f"{count:>8} {kind:8} {numbers}")
        wrong = f"{figures['errors']} errors, {figures['resets']} of them resets"
        print(f"{count:>8} {wrong}; peak memory so far {memory[count]} MB, growth {figures['growth_mb']} MB")
    result = {"cores": os.cpu_count(), "seconds": options.seconds, "by_number": by_number, "peak_memory_mb": memory}
    conclude(result, "visitors", options.save)


if __name__ == "__main__":
    main()
