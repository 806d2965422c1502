"""The demo world: its words, its catalogue, its people, and clicks whose causes can be seen in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from precompute.demo import clicks, world_figures
from precompute.demo.catalogue import CHARACTERS, LIVELY, STYLES, plan_catalogue
from precompute.demo.clicks import MODEL, START, Click, ClickModel, Search
from precompute.demo.people import PEOPLE, SimulatedPerson, Taste, Vocabulary
from precompute.demo.situations import SITUATIONS, is_han, script_of
from precompute.demo.spec import StickerSpec

ROOT = Path(__file__).resolve().parents[3]
SEED = 1
HALF = START + MODEL.days * clicks.DAY // 2
CHINESE = Vocabulary(chinese=1.0, english=0.0, mixed=0.0, emoji=0.0, slang=0.0, typos=0.0)
NOBODY = SimulatedPerson("p", "某", "P", "", "", Taste({}, {}), CHINESE, 1.0, (9,))


@pytest.fixture(scope="module")
def catalogue() -> tuple[StickerSpec, ...]:
    return plan_catalogue(SEED)


@pytest.fixture(scope="module")
def world(catalogue: tuple[StickerSpec, ...]) -> tuple[Click, ...]:
    return clicks.simulate_clicks(catalogue, PEOPLE, SEED)


def sticker(name: str, caption: str = "", situation: str = "laugh", **more: str) -> StickerSpec:
    looks = {"character": "cat", "style": "flat"} | more
    return StickerSpec(id=name, situation=situation, caption=caption, animated=False, seed=0, **looks)


def search_for(query: str, intent: str = "laugh", person: SimulatedPerson = NOBODY) -> Search:
    return Search(person, START + 9 * 3600, intent, query)


# ---- words ----------------------------------------------------------------------------------------------------------


def test_every_situation_has_its_words() -> None:
    assert len(SITUATIONS) == 48
    for name, situation in SITUATIONS.items():
        assert situation.id == name
        assert situation.emotion_zh
        assert len(situation.captions_zh) >= 6
        assert len(situation.captions_en) >= 2
        scripts = Counter(script_of(query) for query in situation.queries if query not in situation.slang)
        assert scripts["zh"] >= 8, name
        assert scripts["en"] >= 3, name
        assert scripts["emoji"] >= 1, name
        assert situation.slang, name
        assert len(set(situation.queries)) == len(situation.queries), name
        assert set(situation.slang) <= set(situation.queries)
        assert situation.near
        assert set(situation.near) <= SITUATIONS.keys() - {name}


def test_a_caption_belongs_to_one_situation() -> None:
    captions = [text.lower() for each in SITUATIONS.values() for text in each.captions_zh + each.captions_en]
    assert [text for text, times in Counter(captions).items() if times > 1] == []


def test_captions_can_be_drawn_and_read() -> None:
    for situation in SITUATIONS.values():
        for text in situation.captions_zh:
            assert 2 <= len(text) <= 7
            assert all(map(is_han, text)), f"{text}: only common Han characters"
            assert text.encode("gb2312"), f"{text}: characters that every Chinese font holds"
        for text in situation.captions_en:
            assert sum(map(str.isalpha, text)) <= 14, text
            assert text.replace(" ", "").isascii()
            assert text.replace(" ", "").isalpha()


@pytest.mark.parametrize(("text", "situation"), [("笑死我了", "laugh"), ("good night", "goodnight")])
def test_the_readmes_searches_are_queries_and_captions(text: str, situation: str) -> None:
    known = SITUATIONS[situation]
    assert text in known.queries
    assert text in known.captions_zh + known.captions_en


def test_script_of_a_text() -> None:
    assert [script_of(text) for text in ("晚安 good night", "good night", "666", "😂", "❤️")] == [
        "zh",
        "en",
        "en",
        "emoji",
        "emoji",
    ]


# ---- catalogue ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_catalogue_has_what_the_world_promises(seed: int) -> None:
    specs = plan_catalogue(seed)
    assert len(specs) >= 2400
    assert len({spec.id for spec in specs}) == len({spec.seed for spec in specs}) == len(specs)
    assert len({spec.series for spec in specs}) == 52
    captions = [spec.caption for spec in specs if spec.caption]
    assert 0.25 <= 1 - len(captions) / len(specs) <= 0.30
    assert 0.12 <= sum(map(str.isascii, captions)) / len(captions) <= 0.18
    assert 0.05 <= sum(spec.animated for spec in specs) / len(specs) <= 0.08


def test_characters_styles_and_situations_are_spread_evenly(catalogue: tuple[StickerSpec, ...]) -> None:
    series = {(spec.character, spec.style) for spec in catalogue}
    assert set(Counter(character for character, _ in series).values()) <= {5, 6}
    assert min(Counter(style for _, style in series).values()) >= 5
    assert {character for character, _ in series} == set(CHARACTERS)
    assert {style for _, style in series} == set(STYLES)
    for name in {spec.series for spec in catalogue}:
        own = Counter(spec.situation for spec in catalogue if spec.series == name)
        assert len(own) == 45
        assert sorted(own.values()) == [1] * 42 + [2] * 3


def test_captions_are_their_situations_own_and_all_used(catalogue: tuple[StickerSpec, ...]) -> None:
    for name, situation in SITUATIONS.items():
        said = Counter(spec.caption for spec in catalogue if spec.situation == name and spec.caption)
        assert set(said) == {*situation.captions_zh, *situation.captions_en}
        chinese = [said[text] for text in situation.captions_zh]
        assert max(chinese) - min(chinese) <= 1


def test_what_moves_is_lively_and_spread(catalogue: tuple[StickerSpec, ...]) -> None:
    moving = [spec for spec in catalogue if spec.animated]
    situations = Counter(spec.situation for spec in moving)
    assert set(situations) == set(LIVELY)
    assert max(situations.values()) - min(situations.values()) <= 1
    assert len({spec.series for spec in moving}) >= 40


def test_ids_tell_nothing(catalogue: tuple[StickerSpec, ...]) -> None:
    """Neighbours by id share a series as rarely as chance has it: 1 in 52."""
    assert list(catalogue) == sorted(catalogue, key=lambda spec: spec.id)
    assert all(len(spec.id) == 5 and spec.id[0] == "s" and spec.id[1:].isdigit() for spec in catalogue)
    same = np.mean([one.series == next_.series for one, next_ in pairwise(catalogue)])
    assert same < 0.04


def test_the_seed_decides_the_catalogue(catalogue: tuple[StickerSpec, ...]) -> None:
    assert plan_catalogue(SEED) == catalogue
    assert plan_catalogue(SEED + 1) != catalogue


# ---- people ---------------------------------------------------------------------------------------------------------


def test_eight_people_who_are_complete() -> None:
    assert len(PEOPLE) == len({person.id for person in PEOPLE}) == len({person.name for person in PEOPLE}) == 8
    for person in PEOPLE:
        assert person.portrait
        assert person.portrait_en.isascii()
        words = person.vocabulary
        assert words.chinese + words.english + words.mixed + words.emoji == pytest.approx(1.0)
        assert person.favourites.keys() <= SITUATIONS.keys()
        assert all(0 <= hour < 24 for hour in person.hours)
        for taste in filter(None, (person.taste, person.later)):
            assert taste.characters.keys() <= set(CHARACTERS)
            assert taste.styles.keys() <= set(STYLES)


def test_everybody_finds_series_they_love(catalogue: tuple[StickerSpec, ...]) -> None:
    series = {(spec.character, spec.style) for spec in catalogue}
    for person in PEOPLE:
        for taste in filter(None, (person.taste, person.later)):
            assert sum(taste.of(*pair) >= 3.0 for pair in series) >= 2, person.id


def test_two_tastes_change_half_way() -> None:
    changing = [person for person in PEOPLE if person.later is not None]
    assert len(changing) == 2
    for person in changing:
        assert person.taste_at(0.49) == person.taste
        assert person.taste_at(0.5) == person.later
        assert any(name.startswith("later:style:") for name in person.as_person().tastes)


def test_a_person_of_the_bundle_tells_the_taste() -> None:
    person = replace(NOBODY, taste=Taste({"cat": 2.0}, {"ink": 1.5}), later=Taste({}, {"neon": 1.0}))
    assert person.as_person().tastes == {"style:ink": 1.5, "character:cat": 2.0, "later:style:neon": 1.0}


# ---- typing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "script"), [("chinese", "zh"), ("english", "en"), ("emoji", "emoji")])
def test_people_type_as_their_vocabulary_says(kind: str, script: str) -> None:
    silent = {"chinese": 0.0, "english": 0.0, "mixed": 0.0, "emoji": 0.0}
    person = replace(NOBODY, vocabulary=Vocabulary(**silent | {kind: 1.0}, slang=0.0, typos=0.0))
    rng = np.random.default_rng(0)
    typed = {clicks.type_query(SITUATIONS["goodnight"], person, rng) for _ in range(100)}
    expected = {q for q in SITUATIONS["goodnight"].queries if script_of(q) == script}
    assert typed == expected - set(SITUATIONS["goodnight"].slang)


def test_mixed_queries_hold_both_languages() -> None:
    words = Vocabulary(chinese=0.0, english=0.0, mixed=1.0, emoji=0.0, slang=0.0, typos=0.0)
    query = clicks.type_query(SITUATIONS["goodnight"], replace(NOBODY, vocabulary=words), np.random.default_rng(0))
    chinese, _, english = query.partition(" ")
    assert {chinese, english} <= set(SITUATIONS["goodnight"].queries)


def test_slips_change_one_thing() -> None:
    rng = np.random.default_rng(0)
    slips = {clicks.mistype("晚安", rng) for _ in range(100)}
    assert slips == {"碗安", "晚按", "晚安"}
    slips = {clicks.mistype("abc", rng) for _ in range(100)}
    assert slips == {"bc", "ac", "bac", "acb"}
    assert {clicks.mistype("😴🌙", rng) for _ in range(20)} == {"😴🌙"}
    assert all(len(wrong) == len(right) == 1 and wrong != right for right, wrong in clicks.HOMOPHONES.items())


def test_good_morning_belongs_to_the_morning() -> None:
    assert clicks.timeliness("goodmorning", 7) > 1 > clicks.timeliness("goodmorning", 20)
    assert clicks.timeliness("goodnight", 1) == clicks.timeliness("goodnight", 23) > 1
    assert clicks.timeliness("laugh", 3) == 1


# ---- choosing -------------------------------------------------------------------------------------------------------


def test_appeal_is_the_sum_of_its_parts() -> None:
    model = ClickModel(taste=2.0, charm=3.0, affinity=5.0, missed=-7.0)
    specs = [sticker("a", "笑死我了"), sticker("b"), sticker("c", situation="cry", style="ink")]
    taste = Taste({"cat": 0.5}, {"ink": 1.0})
    appeal = clicks.appeal(specs, np.array([0.0, 1.0, 2.0]), search_for("笑死"), taste, model)
    assert appeal.tolist() == [2 * 0.5 + 5, 2 * 0.5 + 3, 2 * 1.5 + 6 - 7]


def test_affinity_is_the_share_of_the_query_the_caption_has() -> None:
    assert clicks.caption_affinity("笑死", "笑死我了") == 1.0
    assert clicks.caption_affinity("Good night", "good day") == 0.5
    assert clicks.caption_affinity("晚安 good", "晚安") == pytest.approx(2 / 3)
    assert clicks.caption_affinity("😂", "") == clicks.caption_affinity("", "晚安") == 0.0


def test_a_forced_choice_is_made_in_its_order() -> None:
    rng = np.random.default_rng(0)
    assert clicks.choose(np.array([0.0, 900.0, 300.0, 600.0]), 3, rng) == [1, 3, 2]


def test_choices_follow_the_softmax() -> None:
    rng = np.random.default_rng(0)
    first = Counter(clicks.choose(np.log([1.0, 2.0, 5.0]), 1, rng)[0] for _ in range(4000))
    assert [first[place] / 4000 for place in range(3)] == pytest.approx([1 / 8, 2 / 8, 5 / 8], abs=0.03)


def test_toy_catalogue_leaves_one_choice() -> None:
    """Without noise, an overwhelming taste takes the ink sticker whatever else there is."""
    specs = [sticker("a"), sticker("b", style="ink"), sticker("c", style="neon")]
    model = replace(MODEL, noise=0.0, clicks_a_search=1.0, searches=20)
    person = replace(NOBODY, taste=Taste({}, {"ink": 500.0}), favourites={"laugh": 1e9})
    made = clicks.simulate(specs, (person,), 3, model)
    assert len(made) == 20
    assert {click.sticker for click in made} == {"b"}
    assert {click.user for click in made} == {"p"}


def test_attention_goes_where_the_intent_is(catalogue: tuple[StickerSpec, ...]) -> None:
    seen = clicks.attention("laugh", catalogue, replace(MODEL, seen=30), np.random.default_rng(0))
    assert len(set(seen.tolist())) == 30
    assert np.mean([catalogue[row].situation == "laugh" for row in seen]) > 0.6


def test_noise_replaces_by_what_is_not_clicked_yet() -> None:
    rng = np.random.default_rng(0)
    assert clicks.with_noise([4, 2], 10, 0.0, rng) == ([4, 2], [False, False])
    rows, noisy = clicks.with_noise([0, 1, 2], 6, 1.0, rng)
    assert noisy == [True, True, True]
    assert len(set(rows)) == 3


# ---- the whole world ------------------------------------------------------------------------------------------------


def test_the_world_has_its_size(catalogue: tuple[StickerSpec, ...], world: tuple[Click, ...]) -> None:
    made = [click.interaction for click in world]
    pairs = {(one.user, one.query) for one in made}
    assert 3800 <= len(made) <= 4300
    assert 720 <= len(pairs) <= 880
    assert 4.5 <= len({(one.user, one.query, one.sticker) for one in made}) / len(pairs) <= 5.5
    assert {one.user for one in made} == {person.id for person in PEOPLE}
    assert {one.sticker for one in made} <= {spec.id for spec in catalogue}
    assert all(one.query.strip() == one.query != "" for one in made)


def test_clicks_come_in_order_of_time(world: tuple[Click, ...]) -> None:
    times = [click.interaction.time for click in world]
    assert times == sorted(times)
    assert times[0] >= START
    assert times[-1] < START + (MODEL.days + 1) * clicks.DAY
    hours = {person.id: {*person.hours, *((hour + 1) % 24 for hour in person.hours)} for person in PEOPLE}
    assert all(clicks.hour_of(click.interaction.time) in hours[click.interaction.user] for click in world)


def test_a_tenth_of_the_clicks_is_noise_and_the_rest_is_meant(
    catalogue: tuple[StickerSpec, ...], world: tuple[Click, ...]
) -> None:
    of = {spec.id: spec for spec in catalogue}
    assert 0.10 <= np.mean([click.noise for click in world]) <= 0.16
    hit = [of[click.interaction.sticker].situation == click.intent for click in world if not click.noise]
    assert np.mean(hit) > 0.75
    stray = [of[click.interaction.sticker].situation == click.intent for click in world if click.noise]
    assert np.mean(stray) < 0.08


def test_many_stickers_stay_unclicked_in_training(catalogue: tuple[StickerSpec, ...], world: tuple[Click, ...]) -> None:
    for seed in range(3):
        kept = np.random.default_rng(seed).random(len(world)) < 0.8
        clicked = {click.interaction.sticker for click, keep in zip(world, kept, strict=True) if keep}
        assert len(clicked) <= 0.6 * len(catalogue)


def test_a_few_stickers_are_everybodys_darlings(catalogue: tuple[StickerSpec, ...], world: tuple[Click, ...]) -> None:
    assert world_figures.top_clicks(world, len(catalogue) // 10) > 0.35 * len(world)


def style_share(world: Sequence[Click], of: dict[str, StickerSpec], user: str, style: str, late: bool) -> float:
    own = [of[c.interaction.sticker].style for c in world if c.interaction.user == user and late == is_late(c)]
    return own.count(style) / len(own)


def is_late(click: Click) -> bool:
    return (click.interaction.time or 0) >= HALF


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
def test_tastes_show_in_the_clicks(
    person: SimulatedPerson, catalogue: tuple[StickerSpec, ...], world: tuple[Click, ...]
) -> None:
    """A favourite style gets at least twice the share of the catalogue it makes up; a changed one, only in its half."""
    of = {spec.id: spec for spec in catalogue}
    share = Counter(spec.style for spec in catalogue)
    for late in (False, True):
        taste = person.taste_at(float(late))
        best = max(taste.styles, key=lambda style: taste.styles[style])
        assert style_share(world, of, person.id, best, late) > 2 * share[best] / len(catalogue)
        if person.later is not None:
            assert style_share(world, of, person.id, best, not late) < style_share(world, of, person.id, best, late) / 2


def test_people_say_the_same_thing_in_their_own_words(world: tuple[Click, ...]) -> None:
    def share(user: str, script: str) -> float:
        typed = [
            script_of(query)
            for name, query in {(c.interaction.user, c.interaction.query) for c in world}
            if name == user
        ]
        return typed.count(script) / len(typed)

    assert share("grace", "en") > 0.25 > share("laowei", "en")
    assert share("tangtang", "emoji") > 0.08
    assert share("laowei", "zh") > 0.8


def test_the_readmes_searches_were_made(world: tuple[Click, ...]) -> None:
    assert {"笑死我了", "good night"} <= {click.interaction.query for click in world}


@pytest.mark.slow
def test_the_seed_decides_the_clicks(catalogue: tuple[StickerSpec, ...], world: tuple[Click, ...]) -> None:
    made = tuple(click.interaction for click in world)
    assert clicks.simulate(catalogue, PEOPLE, SEED) == made
    assert clicks.simulate(catalogue[::-1], PEOPLE, SEED) == made, "the order of the catalogue must not matter"
    assert clicks.simulate(catalogue, PEOPLE, SEED + 1) != made


@pytest.mark.slow
def test_the_page_about_the_simulation_prints_its_numbers() -> None:
    page = (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8")
    assert world_figures.table(world_figures.figures(SEED)) in page, "run: python -m precompute.demo.world_figures"


def test_the_page_about_the_simulation_names_the_model() -> None:
    page = (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8")
    told = [f"{MODEL.searches} searches over {MODEL.days} days", f"sees {MODEL.seen} distinct", f"chance {MODEL.noise}"]
    told += [f"chance {MODEL.on_intent}", f"with {MODEL.nearby}", f"Poisson({MODEL.clicks_a_search - 1:g})"]
    told += [f"`{MODEL.taste:g} * (taste", f"{MODEL.charm:g} * charm", f"{MODEL.affinity:g} * affinity"]
    told += [f"- {-MODEL.missed:g} [another situation]", f"{MODEL.repeat:.0%}".replace("%", " %")]
    assert [phrase for phrase in told if phrase not in page] == []
