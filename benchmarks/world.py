"""A catalogue of any size with the sizes of the paper's data, to measure on: same seed, same bundle.

    python benchmarks/world.py FOLDER [--stickers 543098] [--seed 0] [--images] [--meaning] [--workers 2]

What is like the data of the paper (Table 1; 4.1): stickers, people, clicks, questions, and the share of stickers with
words on them. Texts are words of jieba's dictionary, a few English ones and emoji, drawn by a shifted Zipf law, so the
analyser cuts them as it cuts any Chinese. Embeddings lie around the centres of series, clicks fall into each person's
five favourite series, and three in five of the clicked stickers say what was asked. Nothing about the quality of a
search can be learned here.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sayings

from persrv.bundle import Bundle, BundleContents, write_bundle
from persrv.bundle.shards import SHARD_BYTES
from persrv.models.sentence_encoder import SentenceEncoder, default_name, load_sentence_encoder
from persrv.ranking import styles, utility
from persrv.records import Interaction, OcrLine, Person, SearchSettings, Sticker, Text, UserStyle
from precompute.fit.understanding import lexicon
from precompute.stages.meaning import meanings

#: The paper's catalogue.
STICKERS, CLICKS, PEOPLE, QUESTIONS, WITH_WORDS = 543_098, 12_568, 8, 2_308, 0.73

DIMENSIONS, CENTROIDS = 512, 5

#: Zipf's law, shifted (Mandelbrot): probability ~ 1 / (rank + shift) ** slope, over so many words.
WORDS, SLOPE, SHIFT = 60_000, 1.05, 2.7

#: jieba's word classes that are drawn from: no names of people, places or firms.
CLASSES = frozenset(("a", "ad", "an", "b", "c", "d", "e", "f", "i", "l", "m", "n", "o", "p", "q", "r", "t", "u", "v"))
FOREIGN = (
    *("ok", "haha", "good", "night", "hello", "love", "happy", "sorry", "thanks", "no", "yes", "baby", "cute", "wow"),
    *("lol", "please", "bye", "sleep", "hug", "angry"),
    *("😂", "😭", "👍", "🎉", "🌙", "🐱", "🐶", "💪", "❤", "🙏", "😡", "🍵", "🌹", "👋", "🤔", "😴"),
)

#: Numbers of words of a text: the least, and the mean of those beyond (Poisson).
LENGTHS = {"ocr": (1, 2.5), "keywords": (2, 3.0), "description": (14, 6.0), "emotion": (2, 2.0)}

#: The same in sayings, and how many of these there are of each kind. 3,060 tags of 615 Chinese stickers are 1,803
#: different ones (StickerQueries); by Heaps' law with their exponent, .84, as many a sticker of 543,098 are 540,000.
SAYINGS_OF = {"ocr": (1, 0.0), "keywords": (1, 2.0), "description": (2, 1.5), "emotion": (1, 0.0)}
SAYINGS = 500_000

#: Share of clicked stickers that say what was asked, and of keyword phrases that repeat the words on the picture.
SAYING, REPEATING = 0.6, 0.5

_CHUNK = 4096
_NAMES = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")


@dataclass(frozen=True, eq=False)
class World:
    """Draws that precede the stickers: series of each of N stickers, the series' centres, clicks, and clicked queries.

    series: (N,) below S; centres: (S, d) unit rows; clicks: (who, query, row, time) in order; says: row -> query.
    """

    size: int
    seed: int
    words: tuple[str, ...]
    odds: NDArray[np.float64]  # cumulative, over the words
    series: NDArray[np.int64]
    centres: NDArray[np.float32]
    clicks: tuple[tuple[int, str, int, int], ...]
    says: Mapping[int, str]

    def draw(self, rng: np.random.Generator, count: int) -> list[str]:
        """Words by Zipf's law."""
        return drawn(self.words, self.odds, rng, count)


def drawn(texts: Sequence[str], odds: NDArray[np.float64], rng: np.random.Generator, count: int) -> list[str]:
    """Draw `count` of some texts, by their cumulative odds."""
    return [texts[place] for place in np.searchsorted(odds, rng.random(count), side="right").tolist()]


def make_world(size: int, seed: int = 0) -> World:
    """Draw everything that is not a sticker."""
    rng = np.random.default_rng([seed, 0])
    words = dictionary_words()
    odds = zipf(len(words))
    many = int(np.clip(size // 250, 20, 2000))
    weights = (np.arange(many) + 10.0) ** -0.5  # some series are larger than others
    series = rng.choice(many, size, p=weights / weights.sum())
    centres = styles.unit_rows(rng.standard_normal((many, DIMENSIONS), np.float32))
    world = World(size, seed, words, odds, series, centres, (), {})
    clicks = _clicks(world, rng)
    said = rng.random(len(clicks)) < SAYING
    says = {row: query for (_, query, row, _), spoken in zip(clicks, said, strict=True) if spoken}
    return World(size, seed, words, odds, series, centres, clicks, says)


def zipf(number: int) -> NDArray[np.float64]:
    """Cumulative odds (number,) of texts by the shifted Zipf law, the last 1."""
    odds = np.cumsum((np.arange(number) + 1 + SHIFT) ** -SLOPE)
    return odds / odds[-1]


def dictionary_words() -> tuple[str, ...]:
    """Han words of jieba's dictionary, most frequent first, with an English word or an emoji here and there."""
    import jieba

    found = []
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, kind = line.split(" ")
        if kind in CLASSES and len(word) <= 4 and all("\u4e00" <= character <= "\u9fff" for character in word):
            found.append((-int(frequency), word))
    words = [word for _, word in sorted(found)]
    for number, foreign in enumerate(FOREIGN):
        words.insert(40 + 25 * number, f"{foreign} " if foreign.isalpha() else foreign)
    return tuple(words[:WORDS])


def _clicks(world: World, rng: np.random.Generator) -> tuple[tuple[int, str, int, int], ...]:
    """(person, query, row, time) of every click: the paper's number, in proportion to the catalogue, but 400 at least.

    A question is one to three words, and gets as many clicks as in the paper, in the person's favourite series.
    """
    clicks = max(400, round(CLICKS * world.size / STICKERS))
    questions = max(1, round(clicks * QUESTIONS / CLICKS))
    order = np.argsort(world.series, kind="stable")
    bounds = np.searchsorted(world.series[order], np.arange(len(world.centres) + 1))
    favourites = []
    for _ in range(PEOPLE):
        chosen = rng.choice(len(world.centres), CENTROIDS, replace=False)
        favourites.append(np.concatenate([order[bounds[each] : bounds[each + 1]] for each in chosen]))
    asked = []
    for _ in range(questions):
        words = world.draw(rng, int(rng.integers(1, 4)))
        asked.append((int(rng.integers(PEOPLE)), "".join(words).strip()))
    times = np.sort(rng.integers(1_700_000_000, 1_730_000_000, clicks)).tolist()
    made = []
    for number, when in enumerate(times):
        person, query = asked[number % questions]
        made.append((person, query, int(rng.choice(favourites[person])), when))
    return tuple(made)


class Stickers(Sequence[Sticker]):
    """The stickers of a world, each made when it is asked for: a chunk from its own random numbers."""

    def __init__(self, world: World, queries: Mapping[int, tuple[str, ...]], pictured: bool) -> None:
        self.world, self.queries, self.pictured = world, queries, pictured

    def __len__(self) -> int:
        return self.world.size

    @overload
    def __getitem__(self, row: int) -> Sticker: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Sticker]: ...
    def __getitem__(self, row: int | slice) -> Sticker | Sequence[Sticker]:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        if not 0 <= row < len(self):
            raise IndexError(f"row {row} of {len(self)} stickers")
        return self._chunk(row // _CHUNK)[row % _CHUNK]

    def __iter__(self) -> Iterator[Sticker]:
        for chunk in range(-(-len(self) // _CHUNK)):
            yield from self._chunk(chunk)

    def _chunk(self, number: int) -> list[Sticker]:
        rows = range(number * _CHUNK, min((number + 1) * _CHUNK, len(self)))
        rng = np.random.default_rng([self.world.seed, 1, number])
        spoken, repeating = rng.random(len(rows)) < WITH_WORDS, rng.random(len(rows)) < REPEATING
        confidence = np.round(rng.uniform(0.7, 1.0, len(rows)), 4)
        texts = {name: self._texts(rng, len(rows), name) for name in LENGTHS}
        made = []
        for place, row in enumerate(rows):
            words = self.world.says.get(row) or (texts["ocr"][place] if spoken[place] else "")
            keywords = texts["keywords"][place]
            if words and repeating[place]:
                keywords = f"{words}，{keywords}"
            made.append(self._sticker(row, words, float(confidence[place]), keywords, texts, place))
        return made

    def _sticker(
        self, row: int, words: str, confidence: float, keywords: str, texts: Mapping[str, Sequence[str]], place: int
    ) -> Sticker:
        series = f"series-{self.world.series[row]:04d}"
        side = TILE if self.pictured else 240
        box = (20.0, side - 50.0, side - 20.0, side - 50.0, side - 20.0, side - 10.0, 20.0, side - 10.0)
        return Sticker(
            id=sticker_id(row),
            image=f"images/{sticker_id(row)}.webp" if self.pictured else "",
            width=side,
            height=side,
            animated=False,
            series=series,
            labels={"series": series},
            ocr=words,
            ocr_lines=(OcrLine(words, confidence, box, True),) if words else (),
            keywords_base="",
            keywords=keywords,
            description=texts["description"][place],
            emotion=texts["emotion"][place],
            queries=self.queries.get(row, ()),
        )

    def _texts(self, rng: np.random.Generator, count: int, name: str) -> list[str]:
        """Texts of one field; descriptions have a comma after every seventh word."""
        least, more = LENGTHS[name]
        lengths = least + rng.poisson(more, count)
        words = self.world.draw(rng, int(lengths.sum()))
        if name == "description":
            words = [f"{word}，" if number % 7 == 6 else word for number, word in enumerate(words)]
        ends = [0, *np.cumsum(lengths).tolist()]
        return ["".join(words[start:end]).strip("， ") for start, end in pairwise(ends)]


class SayingStickers(Stickers):
    """Stickers of a world whose texts are whole sayings and pieces of descriptions, which many stickers share."""

    def __init__(self, world: World, queries: Mapping[int, tuple[str, ...]], pictured: bool) -> None:
        super().__init__(world, queries, pictured)
        number = max(1000, round(SAYINGS * world.size / STICKERS))
        self._said, self._shown = (make(number, world.words, world.seed) for make in (sayings.said, sayings.shown))
        self._odds = zipf(number)

    def _texts(self, rng: np.random.Generator, count: int, name: str) -> list[str]:
        least, more = SAYINGS_OF[name]
        lengths = least + rng.poisson(more, count)
        texts = drawn(self._shown if name == "description" else self._said, self._odds, rng, int(lengths.sum()))
        ends = [0, *np.cumsum(lengths).tolist()]
        return ["，".join(texts[start:end]) for start, end in pairwise(ends)]


#: Pixels a side of a generated tile.
TILE = 96


class Tiles(Mapping[str, bytes]):
    """Sticker id -> a WebP tile in the colours of its series. Drawn once a series: its stickers share the look."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._tile = lru_cache(maxsize=None)(tile)

    def __getitem__(self, name: str) -> bytes:
        return self._tile(int(self.world.series[int(name[1:])]))

    def __len__(self) -> int:
        return self.world.size

    def __iter__(self) -> Iterator[str]:
        return map(sticker_id, range(self.world.size))


def tile(series: int) -> bytes:
    """A round face on a coloured ground, both by the number of the series."""
    from PIL import Image, ImageDraw

    rng = np.random.default_rng(series)
    ground, skin, ink = (tuple(int(shade) for shade in rng.integers(low, high, 3)) for low, high in _SHADES)
    picture = Image.new("RGB", (TILE, TILE), ground)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((12, 12, 84, 84), fill=skin, outline=ink, width=3)
    pen.ellipse((32, 36, 40, 46), fill=ink)
    pen.ellipse((56, 36, 64, 46), fill=ink)
    pen.arc((34, 44, 62, 68), 20, 160, fill=ink, width=3)
    stored = io.BytesIO()
    picture.save(stored, "WEBP", quality=75)
    return stored.getvalue()


_SHADES = ((60, 220), (190, 255), (0, 70))


def sticker_id(row: int) -> str:
    """Ids in the order of rows."""
    return f"s{row:07d}"


def embeddings(world: World, path: Path) -> NDArray[np.float16]:
    """Unit rows (N, d) around the centres of their series (cosine about .8), in a mapped file."""
    rows = np.lib.format.open_memmap(path, "w+", np.float16, (world.size, DIMENSIONS))
    for start in range(0, world.size, _CHUNK):
        rng = np.random.default_rng([world.seed, 2, start])
        near = world.centres[world.series[start : start + _CHUNK]]
        noise = rng.standard_normal(near.shape, np.float32)
        rows[start : start + _CHUNK] = styles.unit_rows(near * 0.8 + noise * (0.6 / DIMENSIONS**0.5))
    return rows


def map_xy(world: World) -> NDArray[np.float32]:
    """Coordinates (N, 2): series are clouds on a disc."""
    rng = np.random.default_rng([world.seed, 3])
    angle, radius = rng.uniform(0, 2 * np.pi, len(world.centres)), 20 * np.sqrt(rng.random(len(world.centres)))
    middle = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return (middle[world.series] + rng.normal(0, 0.35, (world.size, 2))).astype(np.float32)


def split(world: World) -> dict[str, list[Interaction]]:
    """72 % of the clicks to train on, 8 % to validate, 20 % to test, by chance as in the paper."""
    rng = np.random.default_rng([world.seed, 4])
    parts: dict[str, list[Interaction]] = {"train": [], "validation": [], "test": []}
    for (person, query, row, when), lot in zip(world.clicks, rng.random(len(world.clicks)), strict=True):
        name = "test" if lot < 0.2 else "validation" if lot < 0.28 else "train"
        parts[name].append(Interaction(f"p{person}", query, sticker_id(row), when))
    return parts


def integrated_queries(training: Sequence[Interaction]) -> dict[int, tuple[str, ...]]:
    """Row -> distinct training queries, most clicked first, ties by text."""
    counted: dict[int, dict[str, int]] = {}
    for click in training:
        queries = counted.setdefault(int(click.sticker[1:]), {})
        queries[click.query] = queries.get(click.query, 0) + 1
    return {row: tuple(sorted(found, key=lambda text: (-found[text], text))) for row, found in counted.items()}


def user_styles(world: World, training: Sequence[Interaction], vectors: NDArray[np.float16]) -> list[UserStyle]:
    """Five centroids a person, fitted by persrv.ranking.styles as for any bundle."""
    fitted = []
    for person in range(PEOPLE):
        clicked = sorted({click.sticker for click in training if click.user == f"p{person}"})
        if clicked:
            rows = [int(name[1:]) for name in clicked]
            points = styles.unit_rows(np.asarray(vectors[rows], np.float32))
            fitted.append(styles.fit_user_style(f"p{person}", clicked, points, CENTROIDS, world.seed))
    return fitted


def utility_counts(training: Sequence[Interaction], size: int) -> NDArray[np.int32]:
    """Utility counts (N, 3) of Eq. 1-3; only clicked stickers are counted by name."""
    clicked = sorted({click.sticker for click in training})
    table = np.zeros((size, 3), np.int32)
    table[[int(name[1:]) for name in clicked]] = utility.counts(training, clicked)
    return table


#: The settings that were chosen for the demo bundle: a search by words and meaning.
MEANT = SearchSettings(
    field_weights={"ocr": 1.0, "keywords": 1.0, "description": 0.25, "emotion": 0.3, "queries": 0.5, "names": 1.0},
    lambda_=0.05,
    alpha=0.3,
    utility_weights=(1.0, 0.0, 0.0),
    utility_base=0.001,
    meaning=0.7,
    floor=0.6,
    threshold=0.54,
    feedback=0.4,
)


def write_world(
    folder: Path,
    size: int,
    seed: int = 0,
    images: bool = False,
    workers: int = 1,
    encoder: SentenceEncoder | None = None,
) -> Bundle:
    """Write the bundle of a world, through the writer that all bundles come from; returns it open.

    encoder: the stickers say whole sayings, and their meanings and lexicon are in the bundle.
    """
    world = make_world(size, seed)
    clicks = split(world)
    training = clicks["train"] + clicks["validation"]
    queries = integrated_queries(training)
    stickers = Stickers(world, queries, images) if encoder is None else SayingStickers(world, queries, images)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        vectors = embeddings(world, Path(scratch) / "embeddings.npy")
        contents = BundleContents(
            name=f"synthetic, {size:,} stickers, seed {seed}" + (", with meaning" if encoder else ""),
            licence="CC0-1.0",
            simulated=True,
            stickers=stickers,
            interactions=clicks,
            people=[
                Person(f"p{n}", f"合成用户{_NAMES[n]}", f"Synthetic {n + 1}", "随机点击。", "Clicks at random.")
                for n in range(PEOPLE)
            ],
            embeddings=vectors,
            user_styles=user_styles(world, training, vectors),
            utility_counts=utility_counts(training, size),
            images=Tiles(world) if images else {},
            map_xy=map_xy(world),
            shard_bytes=SHARD_BYTES if images else None,
            notes=Text.same("Random words, vectors and clicks: only the sizes are those of real data."),
            **({} if encoder is None else _understood(stickers, encoder)),
        )
        return write_bundle(folder, contents, workers)


def _understood(stickers: Stickers, encoder: SentenceEncoder) -> dict[str, Any]:
    """Meanings and lexicon for a search by meaning, as the builds make them."""
    return {
        "meaning": meanings(stickers, encoder, encoder.name, lambda _done, _all: None),
        "lexicon": lexicon(stickers),
        "settings": MEANT,
    }


def main() -> None:
    """Write one, and say what it is like."""
    parser = argparse.ArgumentParser(description="Write a synthetic catalogue.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stickers", type=int, default=STICKERS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--images", action="store_true", help="a tile for every sticker, in tar shards")
    parser.add_argument("--meaning", action="store_true", help="whole sayings, encoded: a quarter of an hour")
    parser.add_argument("--workers", type=int, default=2, help="processes that analyse texts")
    options = parser.parse_args()
    started = time.perf_counter()
    encoder = load_sentence_encoder(default_name()) if options.meaning else None
    bundle = write_world(options.folder, options.stickers, options.seed, options.images, options.workers, encoder)
    print(f"{bundle.path}: {bundle.name}, written in {time.perf_counter() - started:.0f} s")
    for name, index in bundle.index.items():
        lists = np.diff(index.indptr)
        print(
            f"  {name:12} {len(index.columns):>9,} tokens {len(index.rows):>11,} postings, "
            f"longest list {lists.max(initial=0):>8,}, {np.count_nonzero(lists > 150_000)} beyond 150,000"
        )


if __name__ == "__main__":
    main()
