"""Views: records as the plain dicts that the browser draws. Pure; whole numbers stay whole, floats are rounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

from persrv.bundle.edits import STAR
from persrv.insight.caption_inspection import MOST_KEYWORDS
from persrv.insight.rank_overlap import rank_biased_overlap, shared_at_top
from persrv.models.answers import keywords_of
from persrv.models.captioner import Caption
from persrv.records import (
    RANKINGS,
    FieldScore,
    Hit,
    MeaningScore,
    OcrLine,
    Person,
    PreferenceScore,
    SearchResult,
    SearchSettings,
    Sticker,
    Text,
    UserStyle,
)

View = dict[str, Any]
Lookup = Callable[[str], Sticker]

#: A sticker by its id, None where the catalogue has none of that id.
Find = Callable[[str], Sticker | None]

#: Decimals that reach the browser: enough to recompute every shown number, short enough to travel fast.
DECIMALS = 5

#: Number of examples of a cluster that a page shows.
EXEMPLARS = 6


def text_view(stored: str | Mapping[str, str]) -> View:
    """A text of the bundle in both languages; a string is the same in both."""
    text = Text.from_json(stored)
    return {"zh": text.zh, "en": text.en}


def number(value: float) -> float:
    """A float rounded for JSON."""
    return round(float(value), DECIMALS)


# ---- stickers -------------------------------------------------------------------------------------------------------


def sticker_brief(sticker: Sticker) -> View:
    """The data that shows a sticker: its picture, its size, its words, what its files are called, and its labels."""
    return {
        "id": sticker.id,
        "image": sticker.image,
        "width": sticker.width,
        "height": sticker.height,
        "animated": sticker.animated,
        "text": sticker.ocr,
        **({"names": sticker.names} if sticker.names else {}),
        **({"starred": True} if STAR in sticker.keywords else {}),
        "labels": dict(sticker.labels),
    }


def ocr_line(line: OcrLine) -> View:
    """View of a text line with its box as 4 corner points in pixels of the picture."""
    xs, ys = line.box[0::2], line.box[1::2]
    points = [[number(x), number(y)] for x, y in zip(xs, ys, strict=True)]
    return {"text": line.text, "confidence": number(line.confidence), "kept": line.kept, "points": points}


def sticker_detail(
    sticker: Sticker,
    counts: Sequence[int],
    clicks_by_person: Mapping[str, int],
    neighbours: Sequence[tuple[str, float]],
    lookup: Lookup,
    matches: Callable[[str], bool] = lambda _: False,
) -> View:
    """Detailed data of a sticker. Empty captions stay empty: the page says that they were not computed.

    matches: whether a keyword shares a token with the query from whose results the sticker was opened.
    """
    by_clicks = sorted(clicks_by_person.items(), key=lambda item: (-item[1], item[0]))
    return {
        **sticker_brief(sticker),
        "series": sticker.series,
        "ocr_lines": [ocr_line(line) for line in sticker.ocr_lines],
        "captions": {
            "description": sticker.description,
            "emotion": sticker.emotion,
            "keywords_base": keyword_chips(keywords_of(sticker.keywords_base, MOST_KEYWORDS), matches),
            "keywords": keyword_chips(keywords_of(sticker.keywords, MOST_KEYWORDS), matches),
        },
        "queries": list(sticker.queries),
        "counts": [int(count) for count in counts],
        "clicked_by": [{"user": user, "clicks": clicks} for user, clicks in by_clicks],
        "neighbours": [{**sticker_brief(lookup(name)), "cosine": number(cosine)} for name, cosine in neighbours],
    }


# ---- captions -------------------------------------------------------------------------------------------------------


def keyword_chips(words: Sequence[str], matches: Callable[[str], bool] = lambda _: False) -> list[View]:
    """Keywords, each with whether the current query matches it."""
    return [{"word": word, "matched": matches(word)} for word in words]


def live_caption(caption: Caption) -> View:
    """A live caption, in the shape of a sticker's captions."""
    return {
        "description": caption.description,
        "emotion": caption.emotion,
        "keywords_base": keyword_chips(caption.keywords_base),
        "keywords": keyword_chips(caption.keywords),
        "unspelt": caption.unspelt,
        "seconds": number(caption.seconds),
    }


# ---- people ---------------------------------------------------------------------------------------------------------


def person_card(
    person: Person, style: UserStyle | None, favourites: Sequence[str], avatar: str | None, lookup: Lookup
) -> View:
    """A person with portrait, favourite stickers (most clicked in training), one of them as face, and clusters."""
    return {
        "id": person.id,
        "name": {"zh": person.name, "en": person.name_en or person.name},
        "portrait": {"zh": person.portrait, "en": person.portrait_en or person.portrait},
        "avatar": None if avatar is None else sticker_brief(lookup(avatar)),
        "favourites": [sticker_brief(lookup(name)) for name in favourites],
        "clusters": clusters(style, lookup) if style else [],
    }


def faces(favourites: Mapping[str, Sequence[str]]) -> dict[str, str | None]:
    """Person -> the favourite that stands for them: the first that nobody has yet, else the first."""
    taken: dict[str, str | None] = {}
    for person, stickers in favourites.items():
        free = [sticker for sticker in stickers if sticker not in taken.values()]
        taken[person] = next(iter(free or stickers), None)
    return taken


def clusters(style: UserStyle, lookup: Lookup) -> list[View]:
    """The clusters of a style in stored order, so that `cluster` of a preference is an index into the list."""
    return [
        {
            "size": int(size),
            "radius": number(radius),
            "exemplars": [sticker_brief(lookup(name)) for name in exemplars[:EXEMPLARS]],
        }
        for size, radius, exemplars in zip(style.sizes, style.radii, style.exemplars, strict=True)
    ]


# ---- results --------------------------------------------------------------------------------------------------------


def comparison(results: Mapping[str, SearchResult], lookup: Lookup, milliseconds: float) -> View:
    """The four rankings of one query. Parts that all four share are sent once for each sticker, under `hits`."""
    full = results["both"]
    hits = merged_hits(results)
    return {
        "query": full.query,
        "tokens": list(full.tokens),
        "readings": [reading._asdict() for reading in full.readings],
        "user": full.user,
        "matched": full.matched,
        "counted": full.counted,
        "notice": full.notice,
        "fallback": full.fallback,
        "personalized": full.personalized,
        "ms": number(milliseconds),
        "settings": settings_view(full.settings),
        "rankings": {name: [place(hit) for hit in results[name].hits] for name in RANKINGS},
        "overlap": overlap_rows({name: [hit.sticker for hit in results[name].hits] for name in RANKINGS}),
        "hits": {name: hit_parts(hit, preference) for name, (hit, preference) in hits.items()},
        "stickers": {name: sticker_brief(lookup(name)) for name in hits},
    }


def overlap_rows(rankings: Mapping[str, Sequence[str]]) -> list[View]:
    """Compare every pair of rankings: the number of shared stickers in the top 10, and rank-biased overlap, None if one
    is empty.
    """
    return [
        {
            "pair": [first, second],
            "shared": shared_at_top(rankings[first], rankings[second]),
            "rbo": number(rank_biased_overlap(rankings[first], rankings[second]))
            if rankings[first] and rankings[second]
            else None,
        }
        for first, second in combinations(rankings, 2)
    ]


def merged_hits(results: Mapping[str, SearchResult]) -> dict[str, tuple[Hit, PreferenceScore | None]]:
    """Sticker -> one hit for the shared parts, and its preference from a ranking that has it."""
    merged: dict[str, tuple[Hit, PreferenceScore | None]] = {}
    for name in RANKINGS:
        for hit in results[name].hits:
            known = merged.get(hit.sticker, (hit, None))[1]
            merged[hit.sticker] = (hit, hit.preference or known)
    return merged


def place(hit: Hit) -> list[float | str]:
    """[sticker, rank before re-ranking, recall score, final score]; the rank is the position in the list."""
    return [hit.sticker, hit.recall_rank, number(hit.recall), number(hit.final)]


def hit_parts(hit: Hit, preference: PreferenceScore | None) -> View:
    """The parts of a hit's score, before any switch."""
    return {
        "relevance": number(hit.relevance),
        "fields": [field_score(score) for score in hit.fields if score.tokens],
        "utility": {
            "value": number(hit.utility.value),
            "parts": [number(part) for part in hit.utility.parts],
            "counts": [int(count) for count in hit.utility.counts],
        },
        "preference": None
        if preference is None
        else {
            "value": number(preference.value),
            "cluster": preference.cluster,
            "kept_back": preference.kept_back,
        },
        "meaning": None if hit.meaning is None else meaning_view(hit.meaning),
    }


def meaning_view(meaning: MeaningScore) -> View:
    """View of the part of a hit's score that comes from meaning, with its nearest texts."""
    return {
        "value": number(meaning.value),
        "weight": number(meaning.weight),
        "support": number(meaning.support),
        "feedback": number(meaning.feedback),
        "depicted": number(meaning.depicted),
        "depiction": number(meaning.depiction),
        "texts": [{**text._asdict(), "likeness": number(text.likeness)} for text in meaning.texts],
    }


def field_score(score: FieldScore) -> View:
    """View of a field's score: BM25, weight, and the share of each matched token, largest first."""
    tokens = sorted(score.tokens.items(), key=lambda item: (-item[1], item[0]))
    return {
        "field": score.field,
        "bm25": number(score.bm25),
        "weight": number(score.weight),
        "tokens": [[token, number(value)] for token, value in tokens],
    }


def settings_view(settings: SearchSettings) -> View:
    """The settings that the page shows."""
    return {
        "lambda": number(settings.lambda_),
        "alpha": number(settings.alpha),
        "utility_weights": [number(weight) for weight in settings.utility_weights],
        "utility_base": number(settings.utility_base),
        "recall_size": settings.recall_size,
        "meaning": number(settings.meaning),
        "floor": number(settings.floor),
        "threshold": number(settings.threshold),
        "feedback": number(settings.feedback),
        "depiction": number(settings.depiction),
        "field_weights": {name: number(weight) for name, weight in settings.field_weights.items()},
    }


# ---- evidence -------------------------------------------------------------------------------------------------------


def gate_rows(gates: Mapping[str, Any]) -> list[View]:
    """The gates of a bundle in their stored order."""
    return [
        {"name": name, "bound": bound(name), **{key: gate.get(key) for key in GATE_KEYS}}
        for name, gate in gates.items()
    ]


def bound(gate: str) -> str:
    """The side of its goal on which a gate is passed: below it for a difference or a size, else above it."""
    return "≤" if gate.endswith(("difference", "megabytes")) else "≥"


GATE_KEYS = ("value", "goal", "cases", "passed", "note")


#: Examples of captions by kind, with what counts where one does not state it.
_ABSENT: Mapping[str, Mapping[str, Any]] = {
    "examples": {"kind": "", "ocr": "", "reference": (), "recall": None},
    "base_examples": {"description": "", "emotion": "", "truth": {}, "right": {}},
}


def vlm_view(document: Mapping[str, Any], lookup: Find) -> View | None:
    """The quality of captions on held-out stickers, with examples; None where it was not measured."""
    if not document.get("rows"):
        return None
    return {
        "rows": [{"name": "", "shipped": False, **row} for row in document["rows"]],
        "ceiling": document.get("ceiling"),
        "rule": text_view(document["rule"]) if document.get("rule") else None,
        "unspelt": document.get("unspelt"),
        **{
            key: [
                {**absent, **example, "sticker": picture}
                for example, picture in _pictured(document.get(key, ()), lookup)
            ]
            for key, absent in _ABSENT.items()
        },
    }


def _pictured(examples: Sequence[Mapping[str, Any]], lookup: Find) -> list[tuple[Mapping[str, Any], View]]:
    """Examples with their sticker's brief; examples of stickers that the catalogue lacks are left out."""
    found = [(example, lookup(example["sticker"])) for example in examples]
    return [(example, sticker_brief(sticker)) for example, sticker in found if sticker is not None]
