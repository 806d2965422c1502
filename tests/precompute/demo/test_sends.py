"""The simulated sends: who sends what where and when, in the world and in the null world."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from sends_world import catalogue, sticker

from persrv.records import Interaction
from precompute.demo.clicks import DAY, START
from precompute.demo.people import PEOPLE
from precompute.demo.sends import DOMAINS, NULL, REAL, has_labels, simulate_sends, simulated_people, taste_in_time

STICKERS = catalogue()
SMALL = replace(REAL, people=6, sends=60)


@pytest.fixture(scope="module")
def sends() -> tuple[Interaction, ...]:
    return simulate_sends(STICKERS, 1, SMALL)


def test_equal_seeds_give_equal_sends_and_others_do_not(sends: tuple[Interaction, ...]) -> None:
    assert simulate_sends(STICKERS, 1, SMALL) == sends
    assert simulate_sends(STICKERS[::-1], 1, SMALL) == sends
    assert simulate_sends(STICKERS, 2, SMALL) != sends


def test_everybody_sends_as_much_within_the_days_in_order_of_time(sends: tuple[Interaction, ...]) -> None:
    assert set(Counter(each.user for each in sends).values()) == {60}
    times = [each.time or 0 for each in sends]
    assert times == sorted(times)
    assert times[0] >= START
    assert times[-1] < START + SMALL.days * DAY


def test_every_send_has_its_domain_language_and_conversation(sends: tuple[Interaction, ...]) -> None:
    contexts = [each.context for each in sends if each.context]
    assert len(contexts) == len(sends)
    assert {each.domain for each in contexts} == set(DOMAINS)
    assert {each.language for each in contexts} == {"zh", "en"}
    assert all(each.conversation.startswith(each.domain) for each in contexts)
    assert len({(each.conversation, each.message) for each in contexts}) == len(sends)


def test_a_reply_answers_an_earlier_message_of_the_other_one(sends: tuple[Interaction, ...]) -> None:
    writer: dict[tuple[str, str], str] = {}
    replies = 0
    for each in sends:
        assert each.context is not None
        conversation, reply = each.context.conversation, each.context.reply
        if reply:
            replies += 1
            assert writer[conversation, reply] != each.user
        writer[conversation, each.context.message] = each.user
    assert replies > len(sends) / 20


def test_a_sticker_says_what_its_query_is_about(sends: tuple[Interaction, ...]) -> None:
    from precompute.demo.situations import SITUATIONS

    labels = {each.id: each.labels["situation"] for each in STICKERS}
    assert all(each.query in SITUATIONS[labels[each.sticker]].queries for each in sends)


def test_the_two_worlds_share_their_plan() -> None:
    real, null = (simulate_sends(STICKERS, 1, replace(SMALL, domain=m.domain, drift=m.drift)) for m in (REAL, NULL))
    assert [(each.user, each.time, each.query, each.context) for each in real] == [
        (each.user, each.time, each.query, each.context) for each in null
    ]
    assert [each.sticker for each in real] != [each.sticker for each in null]


def test_tastes_differ_by_domain_and_day_in_the_world_and_in_nothing_in_the_null_world() -> None:
    traits = ["character:dog", "character:rabbit", "character:slime", "style:flat", "style:ink", "style:pixel"]
    sender = simulated_people(1, traits, np.random.default_rng(0))[0]
    assert sender.id == PEOPLE[0].id
    null = taste_in_time(sender, traits, NULL, np.random.default_rng(1))
    liked = [sender.taste.characters.get("rabbit"), sender.taste.styles.get("ink")]
    for domain in DOMAINS:
        assert (null[domain] == null["work"][0]).all()
        assert null[domain][0, [1, 4]].tolist() == liked
    real = taste_in_time(sender, traits, REAL, np.random.default_rng(1))
    assert (real["work"][0] != real["family"][0]).sum() == 4  # a character and a style of each
    assert (real["work"][0] != real["work"][-1]).all()


def test_people_beyond_the_demo_like_two_characters_and_two_styles() -> None:
    traits = [f"{kind}:{name}" for kind in ("character", "style") for name in "abcdef"]
    drawn = simulated_people(len(PEOPLE) + 3, traits, np.random.default_rng(0))[len(PEOPLE) :]
    assert [each.id for each in drawn] == ["person09", "person10", "person11"]
    assert all(len(each.taste.characters) == len(each.taste.styles) == 2 for each in drawn)


def test_only_drawn_stickers_have_the_labels() -> None:
    assert has_labels(STICKERS)
    assert not has_labels(())
    assert not has_labels([*STICKERS, replace(STICKERS[0], labels={})])
    assert not has_labels([sticker(0, "dog", "ink", "no such situation")])
