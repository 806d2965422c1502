"""Candidates: the few stickers and the numbers from which a page computes a query's rankings under other weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persrv.bundle import Bundle
from persrv.query import Request, is_blank
from persrv.ranking import utility
from persrv.ranking.recall_contract import Question, RecallEngine
from persrv.records import FIELDS, FloatArray

#: Field -> token -> places (m,) among some stickers, and the token's impacts there (m,).
Postings = Mapping[str, Mapping[str, tuple[NDArray[np.intp], FloatArray]]]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The numbers from which a page ranks one query under any weights: n stickers in ascending order of their ids.

    tokens: of the query, as often as they are typed; postings: field -> token -> places (m,) among the n stickers, and
    the token's impacts there (m,); counts: (n, 3) of Eq. 1-3; maxima: (3,) of U of Eq. 4 over the whole catalogue;
    preference and cluster: (n,), None without a style; complete: whether every sticker that matches a token in any
    field is among the n; likeness: (n,) to what was asked, None for a search by words alone; whole: (n,) which show as
    much of a described drawing as any sticker does, None where none is described. Beside meaning, impacts count in
    units of the query's ideal (persrv.ranking.fusion).
    """

    ids: tuple[str, ...]
    tokens: tuple[str, ...]
    postings: Postings
    counts: NDArray[np.int32]
    maxima: NDArray[np.float64]
    preference: FloatArray | None
    cluster: NDArray[np.intp] | None
    complete: bool
    likeness: FloatArray | None = None
    whole: NDArray[np.bool_] | None = None


def collect(engine: RecallEngine, bundle: Bundle, request: Request) -> Candidates:
    """Collect the candidates of a request: the stickers that recall returns with and without utility, once under the
    weights of the request and once with weight 1 for each field that the request leaves out.
    """
    chosen = request.settings
    tokens = () if is_blank(request.query) else request.tokens
    everything = {name: chosen.field_weights.get(name, 0.0) or 1.0 for name in FIELDS}
    recalled, matched = [np.empty(0, np.intp)], 0
    for weights in (chosen.field_weights, everything):
        question = Question.of(replace(request, tokens=tokens), weights)
        for each in engine.recall(question, (0.0, chosen.lambda_), chosen.recall_size):
            recalled.append(each.rows)
            matched = each.matched
    rows = np.unique(np.concatenate(recalled))
    rows = rows[np.argsort(bundle.tie[rows])]
    taste = None if request.style is None else engine.preference(request.style, rows)
    meant = request.meant
    return Candidates(
        ids=tuple(bundle.ids[row] for row in rows.tolist()),
        tokens=tokens,
        postings=postings_among(engine, rows, tuple(dict.fromkeys(tokens)), 1.0 if meant is None else meant.ideal),
        counts=bundle.utility_counts[rows],
        maxima=utility.with_base(bundle.utility_counts, chosen.utility_base).max(axis=0, initial=0.0),
        preference=None if taste is None else taste[0],
        cluster=None if taste is None else taste[1],
        complete=len(rows) == matched and engine.counted(matched, chosen.recall_size),
        likeness=None if meant is None else meant.likeness.stickers[rows],
        whole=None if meant is None or meant.likeness.whole is None else meant.likeness.whole[rows],
    )


def postings_among(
    engine: RecallEngine, rows: NDArray[np.intp], tokens: tuple[str, ...], unit: float = 1.0
) -> Postings:
    """The postings of some tokens among some rows (n,), impacts divided by `unit`; a token that none of these rows
    holds is absent."""
    by_field: dict[str, dict[str, tuple[NDArray[np.intp], FloatArray]]] = {}
    for field, by_token in zip(FIELDS, engine.impacts(tokens, rows), strict=True):
        held = {token: np.flatnonzero(~np.isnan(impacts)) for token, impacts in zip(tokens, by_token, strict=True)}
        by_field[field] = {
            token: (places, by_token[number][places] / np.float32(unit))
            for number, (token, places) in enumerate(held.items())
            if len(places)
        }
    return by_field
