"""Searches in a domain: a person's own style there, and an answer with a sentence where nothing is known of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from domain_world import SENDS, SETTINGS
from toy import OCR_ONLY, write_toy

from persrv.__main__ import main
from persrv.bundle import Bundle, Edit, amend_sends, layout, tables, with_edits
from persrv.conversation import suggest
from persrv.errors import BundleError, DataError
from persrv.ranking.context import ContextSettings, context_settings_from_json
from persrv.ranking.styles import cluster_weights
from persrv.records import Interaction, Message
from persrv.retriever import Retriever
from persrv.ui.chat_tab.calls import calls as chat_calls
from persrv.ui.endpoints import endpoints
from persrv.ui.service import PageService
from persrv.ui.you_tab.calls import Visitors


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    folder = tmp_path_factory.mktemp("domains")
    write_toy(folder, settings=replace(OCR_ONLY, use_utility=False))  # four equals for "laugh": taste alone orders them
    return Retriever.open(amend_sends(folder / "toy", SENDS, SETTINGS, {"seed": 1}))


def first(retriever: Retriever, domain: str) -> str:
    return retriever.search("laugh", "ann", domain=domain).hits[0].sticker


# ---- the bundle -----------------------------------------------------------------------------------------------------


def test_sends_and_settings_come_back_as_they_were_written(retriever: Retriever) -> None:
    bundle = retriever.bundle
    assert bundle.sends is not None
    assert {split: list(rows) for split, rows in bundle.sends.items()} == SENDS
    assert bundle.context == SETTINGS
    assert bundle.manifest["provenance"]["sends"] == {"seed": 1}


def test_adding_sends_changes_nothing_else(tmp_path: Path) -> None:
    before = write_toy(tmp_path)
    files = dict(before.manifest["files"])
    after = amend_sends(tmp_path / "toy", SENDS, SETTINGS, {})
    added = {name: entry for name, entry in after.manifest["files"].items() if name not in files}
    assert set(added) == {layout.SENDS}
    assert {name: after.manifest["files"][name] for name in files} == files
    assert after.manifest["format"] == before.manifest["format"]


def test_a_bundle_without_places_opens_and_knows_none(toy_retriever: Retriever) -> None:
    assert toy_retriever.bundle.sends is None
    assert toy_retriever.bundle.domains == ()
    assert toy_retriever.bundle.context == ContextSettings()


def test_a_build_keeps_the_contexts_of_its_clicks(tmp_path: Path) -> None:
    clicks = {**SENDS, "train": [Interaction("bob", "laugh", "s02", 1), *SENDS["train"]]}
    counts = np.zeros((12, 3), np.int32)
    for sticker in ("s01", "s02", "s04", "s05", "s08", "s12"):
        counts[int(sticker[1:]) - 1] = 1, 1, 1
    bundle = write_toy(tmp_path, interactions=clicks, utility_counts=counts)
    assert bundle.sends is not None
    assert {split: list(rows) for split, rows in bundle.sends.items()} == SENDS
    assert bundle.interactions["train"][1].context is None


def test_the_domains_are_those_of_training(retriever: Retriever) -> None:
    assert retriever.bundle.domains == ("friends", "work")
    assert [each.sticker for each in retriever.bundle.sends_by_user["ann"]] == ["s01", "s05", "s04", "s08", "s12"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sticker": "nothing"}, "unknown sticker 'nothing'"),
        ({"split": "later"}, "unknown split 'later'"),
    ],
)
def test_sends_of_unknown_stickers_or_splits_are_refused(tmp_path: Path, changed: dict[str, str], told: str) -> None:
    write_toy(tmp_path)
    table = tables.sends_to_table(SENDS, layout.SPLITS).to_pylist()
    odd = pa.Table.from_pylist([{**table[0], **changed}], schema=tables.SEND_SCHEMA)
    path = tmp_path / "toy" / layout.SENDS
    tables.write_table(odd, path)
    manifest = json.loads((tmp_path / "toy" / layout.MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][layout.SENDS] = {"bytes": path.stat().st_size, "sha256": layout.sha256_of(path)}
    manifest["content_hash"] = layout.content_hash(manifest["files"])
    manifest["manifest_sha256"] = layout.manifest_hash(manifest)
    (tmp_path / "toy" / layout.MANIFEST).write_text(layout.canonical(manifest), encoding="utf-8")
    with pytest.raises(BundleError, match=told):
        Bundle.open(tmp_path / "toy")


@pytest.mark.parametrize(
    "odd",
    [
        7,
        {"weight": 1},
        {"weights": [0.5, 0.5]},
        {"weights": [1, 1, 1]},
        {"weights": [2, -1, 0]},
        {"weights": "100"},
        {"strength": 0},
        {"strength": True},
        {"half_life": -1},
        {"half_life": float("nan")},
        {"clusters": 0},
        {"clusters": 2.5},
        {"clusters": 10_000},
    ],
)
def test_settings_out_of_range_are_a_sentence(odd: object) -> None:
    with pytest.raises(DataError):
        context_settings_from_json(odd)


# ---- searching ------------------------------------------------------------------------------------------------------


def test_a_domain_brings_what_the_person_sends_there(retriever: Retriever) -> None:
    assert (first(retriever, "work"), first(retriever, "friends")) == ("s01", "s04")
    assert first(retriever, " Friends".strip().upper()) == "s04"


def test_weights_of_a_domain_by_hand(retriever: Retriever) -> None:
    style = retriever.senders.style("ann", "work")
    assert style is not None
    # clusters of 3 and 2 stickers; at work (0 + .5 x .6) / 2.5 and (2 + .5 x .4) / 2.5
    assert style.sizes.tolist() == [3, 2]
    assert cluster_weights(style).tolist() == pytest.approx([0.3 / 2.2, 1.0])


@pytest.mark.parametrize(("user", "domain"), [("ann", "moon"), ("ann", "home"), ("bob", "work"), (None, "work")])
def test_what_is_not_known_changes_nothing_and_is_told(retriever: Retriever, user: str | None, domain: str) -> None:
    found = retriever.search("laugh", user, domain=domain)
    assert found.notice == "unknown_domain"
    assert replace(found, notice="") == retriever.search("laugh", user)


def test_an_unknown_person_is_told_first(retriever: Retriever) -> None:
    assert retriever.search("laugh", "nobody", domain="work").notice == "unknown_user"


def test_what_was_sent_there_since_counts_there(retriever: Retriever) -> None:
    before, after = (retriever.senders.style("ann", "work", sent) for sent in ((), ("s04", "s08", "s12")))
    assert before is not None
    assert after is not None
    assert cluster_weights(after)[0] > cluster_weights(before)[0]


def test_a_hidden_sticker_is_no_part_of_a_taste(retriever: Retriever) -> None:
    hiding = Retriever(with_edits(retriever.bundle, [Edit("s05", "images/s05.webp", hidden=True)], None))
    style = hiding.senders.style("ann", "work")
    assert style is not None
    assert int(style.sizes.sum()) == 4


def test_a_reply_is_suggested_for_the_domain(retriever: Retriever) -> None:
    messages = [Message("bob", "laugh")]
    for domain, best in (("work", "s01"), ("friends", "s04")):
        suggestion = suggest(retriever, messages, "ann", domain=domain)
        assert suggestion.result is not None
        assert suggestion.result.hits[0].sticker == best


def test_endpoints_take_a_domain_and_say_where_it_is_unknown(retriever: Retriever) -> None:
    ask = {endpoint.__name__: endpoint for endpoint in endpoints(retriever)}
    found = ask["search"]("laugh", "ann", domain="friends")
    assert found["results"][0]["sticker"] == "s04"
    assert (found["domains"], found["domain_note"]) == (["friends", "work"], "")
    suggested = ask["suggest"]([{"from": "bob", "text": "laugh"}], "ann", domain="moon")
    assert suggested["search"]["domain_note"].startswith("Nothing is known")


def test_the_command_line_takes_a_domain(retriever: Retriever, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(retriever.bundle.path)
    assert main(["search", path, "laugh", "--user", "ann", "--domain", "friends", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hits"][0]["sticker"] == "s04"
    assert main(["search", path, "laugh", "--user", "ann", "--domain", "moon"]) == 0
    assert "Nothing is known of what this person sends there" in capsys.readouterr().out


def test_the_chat_offers_what_fits_the_domain_of_the_conversation(retriever: Retriever) -> None:
    service = PageService(retriever)
    assert service.start()["domains"] == ["friends", "work"]
    ask = {each.__name__: each for each in chat_calls(service, Visitors(service))}
    for domain, best in (("work", "s01"), ("friends", "s04")):
        request = {"user": "ann", "domain": domain, "draft": "laugh"}
        assert ask["chat_reply"](request)["answer"]["rankings"]["both"][0][0] == best
        assert ask["chat_taste"]({**request, "sent": ["s02"]})["stickers"] == 6
    plain = ask["chat_reply"]({"user": "ann", "draft": "laugh"})["answer"]["rankings"]
    for odd in ("moon", 7, None, "x" * 10_000):
        assert ask["chat_reply"]({"user": "ann", "domain": odd, "draft": "laugh"})["answer"]["rankings"] == plain
    pulled = ask["chat_pulled"]({"user": "ann", "domain": "friends", "sticker": "s04", "cluster": 0})["pulled"]
    assert {each["id"] for each in pulled} <= {"s01", "s04", "s05", "s08", "s12"}
