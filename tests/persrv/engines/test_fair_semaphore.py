"""Turns: never more at once than places, first come first served, and no place is ever lost."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from persrv.bundle import Bundle
from persrv.engines.fair_semaphore import FairSemaphore
from persrv.ranking.recall import Recalled
from persrv.ranking.recall_contract import Question
from persrv.retriever import Retriever


def wait_until(turns: FairSemaphore, waiting: int) -> None:
    while turns.waiting != waiting:
        time.sleep(0.001)


def test_first_come_first_served() -> None:
    turns, served = FairSemaphore(1), []

    def come(number: int) -> None:
        with turns:
            served.append(number)

    threads = [threading.Thread(target=come, args=(number,)) for number in range(20)]
    with turns:
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(turns, number + 1)  # each stands in the queue before the next one comes
    for thread in threads:
        thread.join()
    assert served == list(range(20))


def test_who_comes_back_at_once_stands_behind_who_waited() -> None:
    """With a semaphore the thread that is running would take its old place again, before the other one wakes up."""
    turns, served = FairSemaphore(1), []

    def come() -> None:
        with turns:
            served.append("waited")

    for _ in range(50):
        thread = threading.Thread(target=come)
        with turns:
            thread.start()
            wait_until(turns, 1)
        with turns:
            served.append("came back")
        thread.join()
    assert served == ["waited", "came back"] * 50


def test_never_more_at_once_than_places() -> None:
    turns, inside, most, lock = FairSemaphore(2), [0], [0], threading.Lock()

    def come() -> None:
        for _ in range(50):
            with turns:
                with lock:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                time.sleep(0)
                with lock:
                    inside[0] -= 1

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] <= 2
    assert turns.waiting == 0


def test_a_failure_gives_its_place_back() -> None:
    turns = FairSemaphore(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns:
            _ = 1 / 0
    with turns:
        assert turns.waiting == 0


def test_searches_take_turns(toy_bundle_path: Path) -> None:
    """Eight threads at one retriever: its engine never sees more at once than there are places."""
    retriever = Retriever(Bundle.open(toy_bundle_path))
    inside, most, lock, both = [0], [0], threading.Lock(), threading.Event()
    engine, recall = retriever._engine, retriever._engine.recall

    def watched(question: Question, lambdas: list[float], size: int) -> tuple[Recalled, ...]:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            if inside[0] == 2:
                both.set()
        both.wait(60)  # the first one does not leave before a second one came in
        found = recall(question, lambdas, size)
        with lock:
            inside[0] -= 1
        return found

    retriever._turns = FairSemaphore(2)
    engine.recall = watched  # type: ignore[method-assign, assignment]
    threads = [
        threading.Thread(target=lambda: [retriever.search("laugh"), retriever.compare("laugh")]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 2
