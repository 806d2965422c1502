"""Taste in context: the shares of clusters by hand, and against a slow twin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sends_world import sent

from persrv.ranking.context import (
    ContextSettings,
    global_share,
    history_of,
    in_context,
    loudness,
    mixed_share,
    recency_weights,
    recent_share,
    shrunk_share,
)
from persrv.ranking.styles import cluster_weights, fit_user_style, preference, unit_rows
from persrv.records import FloatArray, Interaction, UserStyle

#: Five stickers: three near the first axis, two near the second.
PLANE = {"a": (1, 0), "b": (9, 1), "c": (9, 2), "x": (0, 1), "y": (1, 9)}


def plane(ids: object) -> FloatArray:
    return unit_rows(np.array([PLANE[each] for each in ids], np.float32))  # type: ignore[attr-defined]


def style(ids: str = "abcxy") -> UserStyle:
    return fit_user_style("u", list(ids), plane(ids), k=2)


def test_shares_by_hand() -> None:
    overall = global_share(np.array([3, 1], np.int32))
    local = shrunk_share(np.array([0.0, 2.0]), overall, strength=2.0)
    recent = recent_share(np.array([0, 1, 1]), recency_weights(np.array([0.0, 10.0, 10.0]), half_life=10.0), 2)
    mixed = mixed_share((overall, local, recent), (0.5, 0.25, 0.25))
    assert overall.tolist() == [0.75, 0.25]
    assert local.tolist() == [0.375, 0.625]  # (0 + 2 x .75) / 4, (2 + 2 x .25) / 4
    assert recent.tolist() == [0.5, 0.5]  # 1 of 2, .5 + .5 of 2
    assert mixed.tolist() == [0.59375, 0.40625]
    assert loudness(mixed).tolist() == pytest.approx([1.0, 0.40625 / 0.59375])


def test_a_domain_without_sends_has_the_global_share() -> None:
    overall = global_share(np.array([5, 2, 1], np.int32))
    assert shrunk_share(np.zeros(3), overall, 8.0).tolist() == overall.tolist()


def test_the_global_share_alone_is_the_style_without_a_context() -> None:
    history = history_of([sent("u", each, 1, "work") for each in "abcxy"], plane)
    plain = in_context(style(), history, "work", ContextSettings(weights=(1, 0, 0)))
    assert cluster_weights(plain).tolist() == cluster_weights(style()).tolist()


def test_a_domain_makes_its_own_cluster_the_loudest() -> None:
    sends = [sent("u", each, 1, "friends") for each in "abc"] + [sent("u", each, 1, "work") for each in "xy"]
    history, settings = history_of(sends, plane), ContextSettings(weights=(0, 1, 0), strength=1.0)
    at_work = in_context(style(), history, "work", settings)
    # global 3/5, 2/5; at work (0 + .6) / 3, (2 + .4) / 3
    assert cluster_weights(at_work).tolist() == pytest.approx([0.25, 1.0])
    assert preference(at_work, plane("x"))[0] > preference(at_work, plane("a"))[0]
    assert preference(style(), plane("x"))[0] < preference(style(), plane("a"))[0]


def test_an_unknown_domain_is_no_domain_in_particular() -> None:
    history = history_of([sent("u", each, day, "work") for day, each in enumerate("abcxy")], plane)
    unknown, none = (in_context(style(), history, domain, ContextSettings()) for domain in ("moon", ""))
    assert cluster_weights(unknown).tolist() == cluster_weights(none).tolist()


def test_sends_without_a_domain_belong_to_none() -> None:
    history = history_of([sent("u", each, 1) for each in "abcxy"], plane)
    only_here = ContextSettings(weights=(0, 1, 0))
    assert cluster_weights(in_context(style(), history, "", only_here)).tolist() == cluster_weights(style()).tolist()


def test_what_was_sent_lately_counts_more() -> None:
    sends = [sent("u", each, 0) for each in "abc"] + [sent("u", each, 20) for each in "xy"]
    lately = in_context(style(), history_of(sends, plane), "", ContextSettings(weights=(0, 0, 1), half_life=10))
    assert cluster_weights(lately).tolist() == pytest.approx([3 * 0.25 / 2, 1.0])


def test_without_times_the_recent_share_is_the_global_one() -> None:
    sends = [replace(sent("u", each, 1), time=None) for each in "abcxy"]
    lately = in_context(style(), history_of(sends, plane), "", ContextSettings(weights=(0, 0, 1)))
    assert cluster_weights(lately).tolist() == cluster_weights(style()).tolist()


def test_a_sticker_sent_again_adds_no_weight() -> None:
    once = [sent("u", each, 1, "work") for each in "abcxy"]
    often = once + [sent("u", "x", 1, "work")] * 9
    for settings in (ContextSettings(weights=(0, 1, 0)), ContextSettings(weights=(0, 0, 1))):
        weights = [
            cluster_weights(in_context(style(), history_of(each, plane), "work", settings)) for each in (once, often)
        ]
        assert weights[0] == pytest.approx(weights[1])


def slow_weights(own: UserStyle, sends: list[Interaction], domain: str, settings: ContextSettings) -> list[float]:
    """The weights of clusters, one sticker at a time."""
    k = len(own.sizes)
    times = [each.time or 0 for each in sends]
    local, recent = [0.0] * k, [0.0] * k
    for each in sends:
        cluster = max(range(k), key=lambda c: float(plane([each.sticker])[0] @ own.centroids[c]))
        weight = 1 / sum(other.sticker == each.sticker for other in sends)
        if each.context is not None and each.context.domain == domain != "":
            local[cluster] += weight
        recent[cluster] += weight * 0.5 ** ((max(times) - (each.time or 0)) / 86_400 / settings.half_life)
    total = sum(int(size) for size in own.sizes)
    shares = []
    for cluster in range(k):
        overall = int(own.sizes[cluster]) / total
        here = (local[cluster] + settings.strength * overall) / (sum(local) + settings.strength)
        parts = (overall, here, recent[cluster] / sum(recent))
        shares.append(sum(weight * part for weight, part in zip(settings.weights, parts, strict=True)))
    return [share / max(shares) for share in shares]


@given(
    st.lists(st.tuples(st.sampled_from("abcxy"), st.integers(0, 60), st.sampled_from(["", "work", "home"]))),
    st.sampled_from([(1.0, 0.0, 0.0), (0.25, 0.5, 0.25), (0.0, 0.25, 0.75)]),
    st.floats(0.5, 40),
    st.floats(1, 60),
)
def test_the_slow_twin_finds_the_same(
    drawn: list[tuple[str, int, str]], weights: tuple[float, float, float], strength: float, half_life: float
) -> None:
    sends = [sent("u", *each) for each in [*drawn, ("a", 1, "work"), ("y", 2, "home")]]
    own = style("".join(sorted({each.sticker for each in sends})))
    settings = ContextSettings(weights, strength, half_life)
    fast = cluster_weights(in_context(own, history_of(sends, plane), "work", settings))
    assert fast.tolist() == pytest.approx(slow_weights(own, sends, "work", settings), rel=1e-5)
