"""The frozen records that cross rooms. Arrays inside them are read-only by convention.

What a search makes by the dozen is a named tuple: a frozen dataclass takes twice as long to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

#: Scores are summed in float64: what is stored is float32, so sums of it hardly round at all.
ScoreArray = NDArray[np.float64]

#: The searchable fields of a sticker, in the order in which they are shown. Meanings in a bundle count them from 0, so
#: a new one stands last.
FIELDS: tuple[str, ...] = ("ocr", "keywords", "description", "emotion", "queries", "names")

#: Utility metrics in the order of their columns (Eq. 1-3).
UTILITY_METRICS: tuple[str, ...] = ("popularity", "cross_user", "query_adapt")

#: Names of the four rankings of one query: personalization x utility.
RANKINGS: tuple[str, ...] = ("none", "utility", "personalization", "both")


@dataclass(frozen=True, slots=True)
class Text:
    """A text for readers, in English and in Chinese. JSON: {"en", "zh"}, or one string where both are the same."""

    en: str
    zh: str

    @classmethod
    def same(cls, text: str) -> Text:
        """A text that both languages share, such as a name or a symbol."""
        return cls(text, text)

    @classmethod
    def from_json(cls, stored: str | Mapping[str, str]) -> Text:
        """Read the text that `to_json` wrote; a string, as older bundles hold it, is the text in both languages."""
        return cls.same(stored) if isinstance(stored, str) else cls(stored["en"], stored["zh"])

    def to_json(self) -> str | dict[str, str]:
        """The text as JSON."""
        return self.en if self.en == self.zh else {"en": self.en, "zh": self.zh}

    @classmethod
    def joined(cls, *sentences: Text) -> Text:
        """Sentences one after the other; in Chinese no blank stands between them."""
        return cls(" ".join(each.en for each in sentences), "".join(each.zh for each in sentences))

    @classmethod
    def listed(cls, *parts: Text | None) -> Text:
        """Parts apart by commas, those that are None left out."""
        given = [part for part in parts if part is not None]
        return cls(", ".join(part.en for part in given), "，".join(part.zh for part in given))

    def __str__(self) -> str:
        """The English text."""
        return self.en


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A text line that an OCR engine read. `box`: 4 corners as (x, y) pairs in pixels, clockwise from top left."""

    text: str
    confidence: float
    box: tuple[float, ...]
    kept: bool


@dataclass(frozen=True, slots=True)
class Sticker:
    """A sticker of the catalogue with all its texts and labels. Unknown texts are empty strings."""

    id: str
    image: str  # path inside the bundle
    width: int
    height: int
    animated: bool
    series: str  # free style label: pack, folder, ...; "" where unknown
    labels: Mapping[str, str]  # what the catalogue's maker knows (character, style, situation); shown, never indexed
    ocr: str  # kept OCR text, lines joined by a space
    ocr_lines: tuple[OcrLine, ...]
    keywords_base: str
    keywords: str
    description: str
    emotion: str
    queries: tuple[str, ...]  # distinct training queries, most clicked first, ties by text
    names: str = ""  # the words of its files' and folders' names, a comma between two names


@dataclass(frozen=True, slots=True)
class Context:
    """The place and time at which a sticker was sent; "" for what is unknown.

    conversation: its id; domain: what kind of conversation it is ("work", "family"); language: a code such as "zh";
    message: the id of the message that held the sticker; reply: that of the message it answers, in the same
    conversation.
    """

    conversation: str = ""
    domain: str = ""
    language: str = ""
    message: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Interaction:
    """A person typed `query` and clicked `sticker`. `time`: seconds since 1970 UTC, None where unknown; `context`:
    where the sticker was sent, None where nothing of it is known.
    """

    user: str
    query: str
    sticker: str
    time: int | None = None
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message: who wrote it, its text ("" for none), and the id of the sticker that was sent ("" for none)."""

    writer: str
    text: str = ""
    sticker: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person whose interactions the bundle holds. `tastes`: log-odds by label, of a simulated person; else empty."""

    id: str
    name: str
    name_en: str
    portrait: str
    portrait_en: str
    tastes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gate:
    """A quality the bundle was measured for: `value` against `goal` on `cases` held-out cases."""

    value: float
    goal: float
    cases: int
    passed: bool

    @classmethod
    def at_least(cls, value: float, goal: float, cases: int) -> Gate:
        """A gate that a value of `goal` or more passes."""
        return cls(value, goal, cases, value >= goal)

    @classmethod
    def at_most(cls, value: float, goal: float, cases: int) -> Gate:
        """A gate that a value of `goal` or less passes."""
        return cls(value, goal, cases, value <= goal)


@dataclass(frozen=True, slots=True, eq=False)
class UserStyle:
    """The style clusters of one person, in the bundle's style space.

    centroids: (k, d) float32 unit rows; sizes, radii: (k,), radius = largest 1 - cosine of a member;
    exemplars: per cluster the ids of member stickers, nearest to the centroid first; weights: (k,) in [0, 1], how much
    each cluster counts, None where that follows from its size; discriminants: (k, d) float32, the mean of each
    cluster's members times the catalogue's precision matrix (persrv.ranking.styles), None where the bundle has none;
    lengths: (k,) of these means, None likewise.
    """

    user: str
    centroids: FloatArray
    sizes: NDArray[np.int32]
    radii: FloatArray
    exemplars: tuple[tuple[str, ...], ...]
    weights: FloatArray | None = None
    discriminants: FloatArray | None = None
    lengths: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """The settings of a search that can be changed at query time.

    field_weights: weight >= 0 of each field's BM25 score; lambda_: weight >= 0 of utility beside relevance (Eq. 6);
    alpha: weight >= 0 of preference (Eq. 10); utility_weights: w of Eq. 5; utility_base: base of Eq. 4, in (0, 1];
    recall_size: R, how many stickers recall hands to re-ranking; meaning: weight in [0, 1] of meaning beside words, 0
    for the paper's search by words alone; floor: taste lifts stickers of at least this share of the best relevance,
    0 for all; threshold: likeness below which nothing is claimed to be what was asked for; feedback,
    depiction: weights in [0, 1], beside likeness, of saying what the first answers say (persrv.ranking.feedback), and
    of showing all that a query names (persrv.ranking.depiction).
    """

    field_weights: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(FIELDS, 1.0))
    lambda_: float = 1.0
    alpha: float = 1.0
    utility_weights: tuple[float, float, float] = (1 / 3, 1 / 3, 1 / 3)
    utility_base: float = 0.1
    recall_size: int = 100
    use_utility: bool = True
    use_personalization: bool = True
    meaning: float = 0.0
    floor: float = 0.0
    threshold: float = 0.0
    feedback: float = 0.0
    depiction: float = 0.6


class FieldScore(NamedTuple):
    """The score of a hit in one field: BM25 before the weight, the weight, and BM25 by matched token.

    Beside meaning, BM25 counts in units of the query's ideal (persrv.ranking.fusion), and the weight is times what
    meaning leaves.
    """

    field: str
    bm25: float
    weight: float
    tokens: Mapping[str, float]


class MeaningText(NamedTuple):
    """A text of a sticker and how nearly the text means the query: trusted likeness in [0, 1]."""

    field: str
    text: str
    likeness: float


class Likeness(NamedTuple):
    """Likeness of a query to every text (texts,), and to every sticker (N,), 0 for a sticker without texts.

    support (N,): how much each sticker says what the first answers say, None without feedback; depicted (N,): how
    surely each sticker shows all that the query names, None if the query names nothing that a picture shows. Where
    support and depicted count, `stickers` includes them already. whole (N,): whether a sticker shows as much of a
    described drawing as any sticker does, None if the query describes no drawing.
    """

    texts: FloatArray
    stickers: FloatArray
    support: FloatArray | None = None
    depicted: FloatArray | None = None
    whole: NDArray[np.bool_] | None = None


class MeaningScore(NamedTuple):
    """The part of a hit's score that comes from meaning: value, weight, and the hit's nearest texts, best first.

    value = the soft maximum over the sticker's texts + feedback x support + depiction x depicted. support: how much the
    sticker says what the first answers say; depicted: how surely the sticker shows all that the query names; both in
    [0, 1], feedback and depiction are their weights.
    """

    value: float
    weight: float
    texts: tuple[MeaningText, ...]
    support: float = 0.0
    feedback: float = 0.0
    depicted: float = 0.0
    depiction: float = 0.0


class UtilityScore(NamedTuple):
    """Utility of one sticker (Eq. 5): `value` = sum of `parts`; `counts` are Eq. 1-3 as counted, zeros included."""

    value: float
    parts: tuple[float, float, float]
    counts: tuple[int, int, int]


class PreferenceScore(NamedTuple):
    """Preference of one person for one sticker (persrv.ranking.styles.preference): `value` in [0, 1] to `cluster`.

    kept_back: whether the sticker fits too little for taste to lift it, or shows less of what was described than
    others, so that the preference counts nothing.
    """

    value: float
    cluster: int
    exemplars: tuple[str, ...]
    kept_back: bool = False


class Hit(NamedTuple):
    """A sticker of a ranking with every part of its score.

    final = recall * (1 + alpha * preference), recall = relevance + lambda * utility, relevance = sum over fields of
    weight * bm25, plus weight * value of meaning. rank: 1-based place in this ranking; recall_rank: the place before
    re-ranking.
    """

    sticker: str
    row: int
    rank: int
    recall_rank: int
    fields: tuple[FieldScore, ...]
    relevance: float
    utility: UtilityScore
    recall: float
    preference: PreferenceScore | None  # None: nobody, or a person without a style
    final: float
    meaning: MeaningScore | None = None  # None: a search by words alone


class Reading(NamedTuple):
    """text: what to search for; kind: "literal", "pinyin", "initials", "emoji", "spelling", ...; weight in (0, 1]: how
    sure the reading is, 1 for what was typed; without: what was typed of a drawing that no sticker shows, which the
    text leaves out unless nothing else was asked for ("undrawn", "undrawn style")."""

    text: str
    kind: str
    weight: float
    without: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A ranking with the reasons for its state.

    notice: why the ranking is empty or unusual; fallback: what stood in for an answer.

    notice: "" | "blank_query" | "no_match" | "no_catalogue" | "unknown_user" | "unknown_domain" (nothing is known of
    the person there, and the order is that without a domain). fallback: "nearest": no sticker says what was asked, and
    these are the nearest to the query; "dense": pictures nearest to the text; "popular": the most popular.
    personalized: whether a style was applied; matched: how many stickers share a token with the query or nearly mean
    the query; counted: whether `matched` is exact, not just a least; readings: of the query, the leading one first,
    whose tokens these are.
    """

    query: str
    tokens: tuple[str, ...]
    user: str | None
    hits: tuple[Hit, ...]
    settings: SearchSettings
    matched: int
    notice: str = ""
    fallback: Literal["", "nearest", "dense", "popular"] = ""
    personalized: bool = False
    counted: bool = True
    readings: tuple[Reading, ...] = ()
