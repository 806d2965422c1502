"""Taste in context: how much each style cluster of a person counts in a domain and lately.

A person's clusters stay what they are; the context changes only how much each of them counts. That is a mixture of
three shares of the clusters: among all stickers of the person (global), among those sent in this domain, shrunk towards
the global share where they are few, and among all of them with older ones fading (recent). A mixture of the global
share alone is the style as it is without a context.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from persrv.errors import DataError
from persrv.ranking.styles import nearest_cluster
from persrv.records import FloatArray, Interaction, UserStyle

DAY = 24 * 60 * 60

#: The most clusters that one person may have.
MOST_CLUSTERS = 64

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ContextSettings:
    """Settings of taste in context, chosen on validation.

    weights: of the global, the domain and the recent share, >= 0, together 1; strength: how many stickers the global
    share is worth in a domain, > 0; half_life: days after which a sticker counts half in the recent share, > 0;
    clusters: of each person, at least 1.
    """

    weights: tuple[float, float, float] = (0.25, 0.5, 0.25)
    strength: float = 8.0
    half_life: float = 15.0
    clusters: int = 8


def context_settings_from_json(document: object) -> ContextSettings:
    """Settings as a bundle states them, the defaults for those it does not. DataError for a value out of range."""
    stated = document if isinstance(document, Mapping) else {"context": document}
    strange = sorted(set(stated) - {each.name for each in fields(ContextSettings)})
    if strange:
        raise DataError(f"The setting {strange[0]!r}"[:100], "settings of taste in context", "Write it again.")
    weights = stated.get("weights", ContextSettings().weights)
    if (
        not isinstance(weights, list | tuple)
        or len(weights) != 3
        or not all(_is_number(each, 0, 1) for each in weights)
    ):
        raise DataError(f"Weights {weights!r}"[:100], "three numbers from 0 to 1", "Write them again.")
    if abs(sum(weights) - 1) > 1e-6:
        raise DataError(f"Weights {weights!r}"[:100], "three numbers whose sum is 1", "Write them again.")
    for name, least, most in (("strength", 1e-6, 1e6), ("half_life", 1e-6, 1e6), ("clusters", 1, MOST_CLUSTERS)):
        value = stated.get(name, getattr(ContextSettings(), name))
        whole = name != "clusters" or isinstance(value, int)
        if not _is_number(value, least, most) or not whole:
            raise DataError(f"{name} = {value!r}"[:100], f"a number from {least:g} to {most:g}", "Write it again.")
    return ContextSettings(**{**stated, "weights": tuple(float(each) for each in weights)})


def _is_number(value: object, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The m stickers that a person sent, n of them distinct, these in the order of their ids.

    vectors: (n, d) unit rows of the style space; row: (m,) place among the distinct ones; age: (m,) days before the
    person's last one, None where a time is unknown; domain: (m,) "" where it is unknown.
    """

    ids: tuple[str, ...]
    vectors: FloatArray
    row: NDArray[np.intp]
    age: NDArray[np.float64] | None
    domain: NDArray[np.str_]

    @property
    def weight(self) -> NDArray[np.float64]:
        """Weight (m,) of each sending, 1 / how often the sticker was sent: as in a style, a sticker sent again adds no
        weight.
        """
        return np.asarray(1.0 / np.bincount(self.row)[self.row])


def history_of(sent: Sequence[Interaction], vectors: Callable[[Sequence[str]], FloatArray]) -> History:
    """The history of one person's sent stickers, at least one. vectors: sticker ids -> (n, d) unit rows."""
    ids = tuple(sorted({each.sticker for each in sent}))
    row_of = {sticker: row for row, sticker in enumerate(ids)}
    times = [each.time for each in sent if each.time is not None]
    age = (max(times) - np.array(times, np.float64)) / DAY if len(times) == len(sent) else None
    domain = np.array([each.context.domain if each.context else "" for each in sent], np.str_)
    return History(ids, vectors(ids), np.array([row_of[each.sticker] for each in sent], np.intp), age, domain)


def in_context(style: UserStyle, history: History, domain: str, settings: ContextSettings) -> UserStyle:
    """A person's style, its clusters weighted as in a domain; "" for no domain in particular.

    In a domain where the person sent nothing, the domain's share is the global one; so is the recent share where times
    are unknown.
    """
    k, weight = len(style.sizes), history.weight
    cluster = nearest_cluster(style, history.vectors)[history.row]
    overall = global_share(style.sizes)
    there = (history.domain == domain) & (domain != "")
    counts = np.bincount(cluster[there], weight[there], k).astype(np.float64)
    local = shrunk_share(counts, overall, settings.strength)
    recent = overall
    if history.age is not None:
        recent = recent_share(cluster, weight * recency_weights(history.age, settings.half_life), k)
    return replace(style, weights=loudness(mixed_share((overall, local, recent), settings.weights)))


# ---- the equations --------------------------------------------------------------------------------------------------


def global_share(sizes: NDArray[np.int32]) -> Shares:
    """g_k = size_k / sum of sizes: (k,) shares, together 1, of a person's distinct stickers."""
    return np.asarray(sizes, np.float64) / np.sum(sizes)


def shrunk_share(counts: Shares, prior: Shares, strength: float) -> Shares:
    """d_k = (n_k + s g_k) / (sum of n + s): (k,) shares, together 1, of counts (k,) shrunk towards a prior (k,).

    The posterior mean under a Dirichlet prior worth s observations (MacKay and Peto 1995); the prior without any count.
    """
    return np.asarray((counts + strength * prior) / (counts.sum() + strength))


def recency_weights(age: NDArray[np.float64], half_life: float) -> NDArray[np.float64]:
    """h_i = 2^(-age_i / half-life): (m,) in [0, 1], 1 for age 0. age: days >= 0."""
    return np.asarray(0.5 ** (age / half_life))


def recent_share(cluster: NDArray[np.intp], faded: NDArray[np.float64], k: int) -> Shares:
    """r_k = sum of h_i over cluster k / sum of all h_i: (k,) shares, together 1.

    cluster: (m,) the cluster of each sent sticker; faded: (m,) what each still counts, not all 0.
    """
    return np.asarray(np.bincount(cluster, weights=faded, minlength=k) / faded.sum())


def mixed_share(parts: Sequence[Shares], weights: Sequence[float]) -> Shares:
    """p_k = sum of weight x share: (k,) shares, together 1 where the weights are. A linear mixture of distributions, as
    Jelinek and Mercer (1980) interpolate them.
    """
    return np.asarray(np.tensordot(np.asarray(weights, np.float64), np.stack(parts), 1))


def loudness(share: Shares) -> FloatArray:
    """w_k = p_k / largest p: (k,) in [0, 1], the weights of persrv.ranking.styles.preference."""
    return np.asarray(share / share.max(), np.float32)
