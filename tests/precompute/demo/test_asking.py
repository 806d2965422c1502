"""Questions by rule: what is held out is held out, every wanted sticker exists, the seed decides everything."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import get_args

import pytest
from rapidfuzz import fuzz

from persrv.text.instructions import wanted
from precompute.demo.asking import (
    MOST_TURNS,
    UNWANTED,
    WANTED,
    Asked,
    Part,
    errands,
    phrases,
    questions,
    small_talk,
    templates,
)
from precompute.demo.messages import LANGUAGES, messages_of, situations
from precompute.demo.situations import SITUATIONS, script_of

#: Two stickers of every situation, one of them a cat in ink.
AROUND = [
    {"situation": name, "character": character, "style": style}
    for name in SITUATIONS
    for character, style in (("cat", "ink"), ("dino", "neon"))
]

PARTS: tuple[Part, ...] = get_args(Part)
HELD, LEARNT, VALIDATION = (questions(AROUND, 1, part) for part in ("held", "learnt", "validation"))


def test_every_situation_has_messages_that_the_world_does_not_have() -> None:
    assert situations() == tuple(SITUATIONS)
    known = {text for each in SITUATIONS.values() for text in (*each.queries, *each.captions_zh, *each.captions_en)}
    written = [
        text
        for name in SITUATIONS
        for language in LANGUAGES
        for text in (*messages_of(name, language).said, *messages_of(name, language).cues)
    ]
    assert len(written) == len(set(written))
    assert not known & set(written)
    for name in SITUATIONS:
        for language in LANGUAGES:
            messages = messages_of(name, language)
            assert messages.said
            assert messages.held
            assert not set(messages.held) & set(messages.learnt)
            assert {script_of(text) for text in (*messages.said, *messages.cues)} == {language}


def test_held_out_questions_share_no_text_with_the_others() -> None:
    def texts(asked: tuple[Asked, ...]) -> set[str]:
        return {turn.text for each in asked for turn in each.turns}

    for one, other in combinations((HELD, LEARNT, VALIDATION), 2):
        assert not texts(one) & texts(other)
    for language in LANGUAGES:
        for one, other in combinations(PARTS, 2):
            for of in (templates, errands, small_talk):
                assert not set(of(language, one)) & set(of(language, other))


def test_what_settings_are_chosen_on_is_nearly_like_nothing_that_judges() -> None:
    """Otherwise a setting would be chosen by what judges it."""
    for language in LANGUAGES:
        chosen = [text for each in SITUATIONS.values() for of in phrases(each, language, "validation") for text in of]
        judges = [text for each in SITUATIONS.values() for of in phrases(each, language, "held") for text in of]
        assert len(chosen) == len(set(chosen))
        assert max(fuzz.ratio(one, other) for one in chosen for other in judges) < 75


@pytest.mark.parametrize("asked", [HELD, LEARNT, VALIDATION])
def test_a_sticker_fits_every_question_that_wants_one(asked: tuple[Asked, ...]) -> None:
    for each in asked:
        assert any(map(each.fits, AROUND)) == (each.kind in WANTED)
        assert bool(each.wants) == (each.kind not in UNWANTED)
    assert {each.kind for each in asked} == {*WANTED, *UNWANTED}
    meant = {(each.wants["situation"], each.language) for each in asked if each.wants}
    assert meant == {(name, language) for name in SITUATIONS for language in LANGUAGES}


def test_what_is_named_is_what_fits() -> None:
    asked = Asked("instruction", "en", (), {"situation": "cry", "style": "ink"})
    assert asked.fits({"situation": "cry", "style": "ink", "character": "cat"})
    assert not asked.fits({"situation": "cry", "style": "neon", "character": "cat"})
    assert not asked.fits({"situation": "cry"})


def test_conversations_take_turns_and_end_with_whom_their_kind_says() -> None:
    for each in (*HELD, *LEARNT, *VALIDATION):
        writers = [turn.writer for turn in each.turns]
        assert all(first != second for first, second in pairwise(writers))
        if each.kind in ("instruction", "errand"):
            assert writers == ["me"]
        else:
            assert 2 <= len(writers) <= MOST_TURNS
        if each.kind in ("own words", "reply"):
            assert writers[-1] == {"own words": "me", "reply": "you"}[each.kind]


def test_an_instruction_names_the_looks_it_wants() -> None:
    named = [each for each in HELD if {"character", "style"} <= each.wants.keys()]
    assert len(named) == len(SITUATIONS) * len(LANGUAGES)
    for each in named:
        words = {"cat": ("猫咪", "cat"), "dino": ("小恐龙", "dino"), "ink": ("水墨", "ink"), "neon": ("霓虹", "neon")}
        assert all(any(word in each.text for word in words[each.wants[name]]) for name in ("character", "style"))


def test_the_seed_decides() -> None:
    assert questions(AROUND, 1, "held") == HELD
    assert questions(AROUND, 2, "held") != HELD


def test_most_held_out_templates_are_new_to_the_reader_of_instructions() -> None:
    """Some are read as instructions and some are not: methods are judged on both."""
    read = [wanted(t.format(what="开心")) is not None for lang in LANGUAGES for t in templates(lang, "held")]
    assert any(read)
    assert not all(read)
