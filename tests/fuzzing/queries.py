"""Odd queries, seeded: what people, programs and attackers may type. Each is answered or refused soon, none fails.

    python -m tests.fuzzing.queries [BUNDLE] [--queries 20000] [--seed 1]

Prints how many were answered and refused, and those that failed or took more than SECONDS of processor time; its exit
status is 1 where there is any.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]  # before tests/, which has a folder persrv, too

from persrv.errors import QueryError  # noqa: E402
from persrv.retriever import Retriever  # noqa: E402

#: Processor time that one query may take, on one core.
SECONDS = 0.2

#: Parts of queries: characters of a kind, words of a kind.
KINDS: dict[str, list[str]] = {
    "ascii": [*map(chr, range(32, 127))],
    "letters": list("abcdefghijklmnopqrstuvwxyz"),
    "han": [*map(chr, range(0x4E00, 0x9FA6))],
    "traditional": list("開心國語學習電腦飛機門風雲龍馬"),
    "emoji": list("😀😂🤣❤🔥👍🙏🐼💯🎉😭"),
    "joined emoji": ["👩", "\u200d", "💻", "❤", "\ufe0f", "🔥", "👨", "🏽"],
    "flags": [*map(chr, range(0x1F1E6, 0x1F200))],
    "any": [*map(chr, range(1, 0x3000))],
    "other planes": [*map(chr, range(0x10000, 0x20000, 7))],
    "many of one": list("㍿㌀㌁㍻㎏ﷺﷻ①㈱ﬃ"),
    "marks": [*map(chr, range(0x300, 0x370))],
    "kana": [*map(chr, range(0x3041, 0x30FF))],
    "hangul": [*map(chr, range(0xAC00, 0xD7A4, 13))],
    "thai": [*map(chr, range(0xE01, 0xE4F))],
    "right to left": [*map(chr, range(0x590, 0x700))],
    "indic": [*map(chr, range(0x900, 0xE00))],
    "wide": [*map(chr, range(0xFF01, 0xFF5F))],
    "digits": list("0123456789"),
    "punctuation": list("!?.,;:~-_=+*/\\'\"()[]{}<>@#$%^&|`。，！？…—、"),
    "blanks": list(" \t\n\u3000\u00a0\u200b"),
    "controls": [*map(chr, range(32))],
    "half characters": [*map(chr, range(0xD800, 0xE000, 50))],
    "pinyin": re.findall("[a-z]+", "wo ai ni xiao si le zhuang shuang chuang qing ren hao ma wan an xi a e o ang"),
    "slips": re.findall("[a-z]+", "laugj hapyp goodnite thnaks sleeepy birthdya lovley freind congratz"),
    "apostrophes": list("a'b'c'"),
}
LENGTHS = (1, 2, 3, 5, 8, 12, 20, 40, 41, 80, 150, 250, 300, 400, 499, 500, 500, 501, 2000)


def odd_queries(count: int, seed: int) -> Iterator[str]:
    """Yield `count` odd queries, the same ones for equal seeds.

    A query has characters of one kind, one character many times, a pattern many times, two kinds in turns, words of
    repeated letters, or all of these at once.
    """
    rng = random.Random(seed)
    kinds = [*KINDS.values()]

    def one() -> str:
        return rng.choice(rng.choice(kinds))

    for _ in range(count):
        length, kind, other = rng.choice(LENGTHS), rng.choice(kinds), rng.choice(kinds)
        made = rng.choice(("kind", "thing", "pattern", "turns", "words", "all"))
        if made == "kind":
            text = "".join(rng.choices(kind, k=length))
        elif made == "thing":
            text = one() * length
        elif made == "pattern":
            text = "".join(one() for _ in range(rng.randint(1, 7))) * length
        elif made == "turns":
            text = "".join(rng.choice(rng.choice((kind, other))) for _ in range(length))
        elif made == "words":
            text = " ".join(rng.choice(kind) * rng.randint(1, 9) for _ in range(length))
        else:
            text = "".join(one() for _ in range(length))
        yield text[: max(length, 500) if rng.random() < 0.2 else min(length, 500)]


@dataclass
class Report:
    """Counts, and the queries that failed or were slow, with what they raised or the seconds that they took."""

    answered: int = 0
    refused: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    slow: list[tuple[str, float]] = field(default_factory=list)
    slowest: float = 0.0

    def __str__(self) -> str:
        lines = [f"failed: {query!a}: {what}" for query, what in self.failed]
        lines += [f"slow: {query!a}: {seconds * 1000:.0f} ms of processor time" for query, seconds in self.slow]
        lines.append(
            f"{self.answered} answered, {self.refused} refused, {len(self.failed)} failed, {len(self.slow)} slow; "
            f"the slowest took {self.slowest * 1000:.0f} ms of processor time"
        )
        return "\n".join(lines)


def fuzz(open_retriever: Callable[[], Retriever], count: int, seed: int) -> Report:
    """Ask odd queries. One that was slow is asked thrice more, in retrievers that remember nothing: what is slow by
    itself stays slow, and what a busy machine made slow does not.
    """
    report = Report()
    retriever = warm(open_retriever())
    for query in odd_queries(count, seed):
        took = ask(retriever, query, report)
        for _ in range(3):
            if took > SECONDS:
                took = min(took, ask(warm(open_retriever()), query, Report()))
        report.slowest = max(report.slowest, took)
        if took > SECONDS:
            report.slow.append((query, took))
    return report


def warm(retriever: Retriever) -> Retriever:
    """The same, with all loaded that a first query would wait for."""
    retriever.warm_up()
    return retriever


def ask(retriever: Retriever, query: str, report: Report) -> float:
    """Rank a query four ways, note how it ended, and return the seconds of processor time that it took."""
    start = time.process_time()
    try:
        retriever.compare(query, next(iter(retriever.bundle.styles), None))
        report.answered += 1
    except QueryError:
        report.refused += 1
    except Exception as error:  # noqa: BLE001  whatever it raises is a finding
        report.failed.append((query, repr(error)))
    return time.process_time() - start


def main() -> int:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundle", type=Path, nargs="?", default=ROOT / "assets" / "demo")
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    report = fuzz(lambda: Retriever.open(options.bundle), options.queries, options.seed)
    print(report)  # noqa: T201
    return 1 if report.failed or report.slow else 0


if __name__ == "__main__":
    sys.exit(main())
