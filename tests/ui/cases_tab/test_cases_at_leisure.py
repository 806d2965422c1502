"""Cases are mined while nobody waits for them, and only once a first visitor was answered."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from persrv.insight.case_mining import mine
from persrv.retriever import Retriever
from persrv.ui.service import PageService


@pytest.fixture
def service(toy_bundle_path: Path) -> PageService:
    return PageService(Retriever.open(toy_bundle_path))


def test_they_wait_for_the_first_answer(service: PageService) -> None:
    miner = threading.Thread(target=service.mine_at_leisure, daemon=True)
    miner.start()
    assert miner.is_alive()
    assert not service._cases.is_known
    service.search("laugh", None)
    miner.join(timeout=60)
    assert service._cases.is_known
    assert service.cases() == mine(service.retriever)


def test_whoever_asks_first_has_them_mined_at_once(service: PageService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("persrv.ui.service.PAUSE", 3600.0)  # a pause that nobody would live to see the end of
    assert service.cases() == mine(service.retriever)


def test_who_asks_meanwhile_ends_the_pauses(service: PageService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("persrv.ui.service.PAUSE", 3600.0)
    service.search("laugh", None)
    threading.Thread(target=service.mine_at_leisure, daemon=True).start()
    assert service.cases() == mine(service.retriever)


def test_a_question_lets_others_go_first(service: PageService) -> None:
    times = []
    mine(service.retriever, between=lambda: times.append(1))
    assert len(times) == 1, "the toy world has one held-out question"
