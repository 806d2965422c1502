"""The kept likeness of names is that of the encoder, and belongs to today's table of names."""

from __future__ import annotations

import pytest

from persrv.models.sentence_encoder import default_name, load_sentence_encoder
from persrv.sampling import evenly
from persrv.text import name_likeness as module
from persrv.text.name_likeness import NameLikeness, every_name, name_likeness
from persrv.text.translation import translations


@pytest.fixture
def kept() -> NameLikeness:
    found = name_likeness()
    assert found is not None, "python scripts/name_likeness.py makes it anew for another table of names"
    return found


def test_it_is_what_the_encoder_finds(kept: NameLikeness) -> None:
    encoder = load_sentence_encoder(default_name())
    assert kept.encoder == encoder.name
    for name in ("cat", "狐狸", "sleepy", "晚安", *evenly(every_name(), 25)):
        others = [other for other, _ in translations(name)]
        if others:
            own, *rows = encoder([name, *others])
            expected = [max(0.0, float(own @ row)) for row in rows]
            assert kept.likeness(name, others) == pytest.approx(expected, abs=1e-6), name


def test_others_may_come_in_any_order_and_number(kept: NameLikeness) -> None:
    others = [other for other, _ in translations("cat")]
    whole = kept.likeness("cat", others)
    assert whole is not None
    assert len(whole) > 2
    assert kept.likeness("cat", [others[2], others[0]]) == [whole[2], whole[0]]
    assert kept.likeness("cat", []) == []


@pytest.mark.parametrize(("name", "others"), [("no name of any emoji", ["猫"]), ("cat", ["猫", "没有这个名字"])])
def test_what_is_no_pair_of_names_is_not_known(kept: NameLikeness, name: str, others: list[str]) -> None:
    assert kept.likeness(name, others) is None


def test_numbers_of_another_table_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "hash_of_names", lambda: "of another table")
    assert name_likeness.__wrapped__() is None
