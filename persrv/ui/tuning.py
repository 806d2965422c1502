"""The data from which a browser re-ranks a query by itself: candidates before any weight, exact to the last bit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from persrv.bundle import Bundle
from persrv.candidates import Candidates
from persrv.ranking import utility
from persrv.records import FloatArray, SearchSettings
from persrv.settings import settings_to_json
from persrv.ui.views import View


def tuning_view(bundle: Bundle, edited: Collection[str] = ()) -> View:
    """The initial values of the sliders, unrounded, and the divisors of the three counts of utility (Eq. 5).

    edited: fields that may get their first text while the page is open, such as keywords by the owner's tags.
    """
    largest = utility.with_base(bundle.utility_counts, bundle.settings.utility_base).max(axis=0, initial=0.0)
    return {
        "tuning": settings_to_json(of_indexed_fields(bundle.settings, bundle, edited)),
        "words_tuning": settings_to_json(of_indexed_fields(bundle.words_settings, bundle, edited)),
        "maxima": largest.tolist(),
    }


def of_indexed_fields(settings: SearchSettings, bundle: Bundle, edited: Collection[str] = ()) -> SearchSettings:
    """The settings, with the weights of those fields alone in which a sticker has a text or may get one (`edited`): any
    other weight changes nothing and is not shown.
    """
    weights = {
        name: weight for name, weight in settings.field_weights.items() if bundle.index[name].columns or name in edited
    }
    return replace(settings, field_weights=weights)


def candidates_view(candidates: Candidates) -> View:
    """Candidates column by column; `postings` in the order in which persrv.ranking.recall.relevance adds them."""
    taste = candidates.preference
    return {
        "ids": list(candidates.ids),
        "tokens": list(candidates.tokens),
        "postings": [
            {
                "field": field,
                "tokens": {token: [places.tolist(), exact(impacts)] for token, (places, impacts) in by_token.items()},
            }
            for field, by_token in candidates.postings.items()
        ],
        "counts": candidates.counts.tolist(),
        "maxima": candidates.maxima.tolist(),
        "preference": None if taste is None else exact(taste),
        "cluster": None if candidates.cluster is None else candidates.cluster.tolist(),
        "complete": candidates.complete,
        "likeness": None if candidates.likeness is None else exact(candidates.likeness),
        "whole": None if candidates.whole is None else candidates.whole.tolist(),
    }


def exact(values: FloatArray) -> list[float]:
    """The shortest decimals of float32 numbers, from which JavaScript's Math.fround restores every bit."""
    return [float(text) for text in values.astype(str)]
