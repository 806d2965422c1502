"""Mining cases: test questions where one part of the ranking decides most.

A test click (person, query, sticker) is a question whose answer is known. Its sticker's rank is compared in two
rankings that differ in one part: with and without the person's taste, with and without utility. Where the sticker
shares a word with the query in captions alone, or in the words on the picture alone, that field rescued it: without the
field it is not found at all. That is asked of a search by words alone, as the paper's is: by meaning, a sticker may be
found without any word in common.

A part's gain for a click is the difference in reciprocal rank, so that 2 -> 1 weighs more than 20 -> 10; a sticker
below the first DEPTH has a reciprocal rank of 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from persrv.insight.rank_overlap import reciprocal_rank
from persrv.records import RANKINGS, Hit, SearchResult, SearchSettings
from persrv.retriever import Retriever
from persrv.text.query_size import is_searchable

#: The depth to which a clicked sticker is looked for: that of the rankings on the page.
DEPTH = 24

#: Stickers of a ranking that a case keeps, cases of a kind, and the place within which a rescue counts.
SHORT = 8
EACH = 3
RESCUED_WITHIN = 10

#: Test questions that are looked at, so that a large bundle does not keep the first visitor waiting.
MOST_QUESTIONS = 1000

CAPTION_FIELDS = ("keywords", "description", "emotion")

#: The kinds of cases, in the order in which they are shown.
KINDS: tuple[str, ...] = (
    "personalization_helps",
    "personalization_hurts",
    "utility_helps",
    "utility_hurts",
    "caption_rescues",
    "ocr_rescues",
)

#: Part -> the rankings (records.RANKINGS) without and with it, all else on.
CONTRASTS: Mapping[str, tuple[str, str]] = {
    "personalization": ("utility", "both"),
    "utility": ("personalization", "both"),
}

#: Kind -> the fields that alone led to the sticker.
RESCUERS: Mapping[str, tuple[str, ...]] = {"caption_rescues": CAPTION_FIELDS, "ocr_rescues": ("ocr",)}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A short ranking: its name (records.RANKINGS, or "" where a field was left out) and its first ids."""

    name: str
    first: tuple[str, ...]
    place: int | None  # of the case's sticker; None: not among the first DEPTH


@dataclass(frozen=True, slots=True)
class Case:
    """A test click, and the two rankings that one part sets apart.

    found_in: the fields that share a word with the query; preference: of Eq. 9, None where the sticker is not among the
    first DEPTH or no taste is known; counts: clicks, people and queries of the sticker in training.
    """

    kind: str
    user: str
    query: str
    sticker: str
    without: Ranked
    whole: Ranked
    found_in: tuple[str, ...]
    preference: float | None
    counts: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class CaseCandidate:
    """A test click that may become a case; a larger gain makes a better case."""

    kind: str
    gain: float
    user: str
    query: str
    sticker: str


def mine(
    retriever: Retriever, each: int = EACH, between: Callable[[], object] = lambda: None
) -> dict[str, tuple[Case, ...]]:
    """Mine the best `each` cases of every kind, best first; a kind may have none. between: called before every
    question, so that whoever is in no hurry can let others go first.
    """
    found: dict[str, list[CaseCandidate]] = {kind: [] for kind in KINDS}
    for (user, query), clicked in questions(retriever).items():
        between()
        results = retriever.compare(query, user, top=DEPTH)
        if not results["both"].fallback:
            by_words = retriever.search(query, user, words_alone(retriever), DEPTH)
            for candidate in case_candidates(results, user, query, clicked, by_words):
                found[candidate.kind].append(candidate)
    return {
        kind: tuple(completed(retriever, candidate) for candidate in without_repeats(found[kind], each))
        for kind in KINDS
    }


def questions(retriever: Retriever, most: int = MOST_QUESTIONS) -> dict[tuple[str, str], tuple[str, ...]]:
    """(person, query) -> the stickers clicked for it in the test split; where there are more than `most`, every n-th.

    A query too long to be searched is left out.
    """
    clicks = retriever.bundle.interactions["test"]
    asked = list(dict.fromkeys((click.user, click.query) for click in clicks if is_searchable(click.query)))
    step = max(1, -(-len(asked) // most))
    return {key: tuple(sorted(retriever.relevant(*key))) for key in asked[::step]}


def words_alone(retriever: Retriever) -> SearchSettings:
    """The settings of the searches in which a field may rescue a sticker."""
    bundle = retriever.bundle
    return bundle.words_settings if bundle.settings.meaning else bundle.settings


def case_candidates(
    results: Mapping[str, SearchResult],
    user: str,
    query: str,
    clicked: Sequence[str],
    by_words: SearchResult | None = None,
) -> Iterator[CaseCandidate]:
    """Yield the cases that the clicks of one question may become.

    by_words: the answers to the question by words alone; None if `results` are by words already.
    """
    rescued = {hit.sticker: hit for hit in (by_words or results["both"]).hits}
    hits = {name: {hit.sticker: hit for hit in results[name].hits} for name in RANKINGS}
    for sticker in clicked:
        found = {name: hits[name].get(sticker) for name in RANKINGS}
        worth = {name: reciprocal_rank(hit.rank if hit else None) for name, hit in found.items()}
        for part, (without, whole) in CONTRASTS.items():
            gain = worth[whole] - worth[without]
            if gain:
                kind = f"{part}_helps" if gain > 0 else f"{part}_hurts"
                yield CaseCandidate(kind, abs(gain), user, query, sticker)
        hit = rescued.get(sticker)
        if hit is None or hit.rank > RESCUED_WITHIN:
            continue
        found_in = set(matched_fields(hit))
        for kind, fields in RESCUERS.items():
            if found_in and found_in <= set(fields):
                yield CaseCandidate(kind, reciprocal_rank(hit.rank), user, query, sticker)


def matched_fields(hit: Hit) -> tuple[str, ...]:
    """The fields of positive weight through which a hit was found."""
    return tuple(score.field for score in hit.fields if score.tokens and score.weight > 0)


def without_repeats(found: Sequence[CaseCandidate], each: int) -> list[CaseCandidate]:
    """Choose the best `each` candidates, no query twice, and a person twice only where no one else is left."""
    ordered = sorted(found, key=lambda candidate: (-candidate.gain, candidate.query, candidate.user, candidate.sticker))
    chosen: list[CaseCandidate] = []
    for most in (1, each):
        people, queries = Counter(candidate.user for candidate in chosen), {candidate.query for candidate in chosen}
        for candidate in ordered:
            if len(chosen) < each and people[candidate.user] < most and candidate.query not in queries:
                chosen.append(candidate)
                people[candidate.user] += 1
                queries.add(candidate.query)
    return sorted(chosen, key=ordered.index)


def completed(retriever: Retriever, candidate: CaseCandidate) -> Case:
    """Complete a candidate to a case, with both rankings."""
    rescued = candidate.kind in RESCUERS
    results = retriever.compare(candidate.query, candidate.user, words_alone(retriever) if rescued else None, DEPTH)
    part = candidate.kind.rpartition("_")[0]
    if rescued:
        settings = left_out(words_alone(retriever), RESCUERS[candidate.kind])
        without = ranked("", retriever.search(candidate.query, candidate.user, settings, DEPTH), candidate.sticker)
    else:
        without = ranked(CONTRASTS[part][0], results[CONTRASTS[part][0]], candidate.sticker)
    known = [hit for result in results.values() for hit in result.hits if hit.sticker == candidate.sticker]
    taste = next((hit.preference.value for hit in known if hit.preference), None)
    clicks, people, queries = retriever.bundle.utility_counts[retriever.bundle.row_of[candidate.sticker]].tolist()
    return Case(
        kind=candidate.kind,
        user=candidate.user,
        query=candidate.query,
        sticker=candidate.sticker,
        without=without,
        whole=ranked("both", results["both"], candidate.sticker),
        found_in=matched_fields(known[0]) if known else (),
        preference=taste,
        counts=(clicks, people, queries),
    )


def ranked(name: str, result: SearchResult, sticker: str) -> Ranked:
    """Shorten a ranking. A search that matched nothing counts as empty, whatever its fallback shows."""
    ids = () if result.fallback else tuple(hit.sticker for hit in result.hits)
    return Ranked(name, ids[:SHORT], ids.index(sticker) + 1 if sticker in ids else None)


def left_out(settings: SearchSettings, fields: Sequence[str]) -> SearchSettings:
    """The settings with the weights of some fields at 0."""
    return replace(settings, field_weights={**settings.field_weights, **dict.fromkeys(fields, 0.0)})


def empty_fields(retriever: Retriever) -> frozenset[str]:
    """The fields without a word in the whole bundle, such as captions that were never computed."""
    return frozenset(field for field, index in retriever.bundle.index.items() if not index.columns)
