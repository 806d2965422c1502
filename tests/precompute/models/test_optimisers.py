"""Optimisers: the course of a rate, and state that survives in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from precompute.models.optimisers import Learning, adamw, muon, rate_share


def test_a_rate_warms_up_and_goes_down() -> None:
    rates = [rate_share(step, 100, 10) for step in range(100)]
    assert np.argmax(rates) == 9
    assert rates[0] == pytest.approx(0.1)
    assert rates[99] == pytest.approx(0.01, abs=1e-3)


def learner(seed: int) -> tuple[torch.nn.Linear, Learning]:
    torch.manual_seed(seed)
    layer = torch.nn.Linear(3, 2)
    weights = dict(layer.named_parameters())
    return layer, Learning(weights, [adamw([layer.bias], 0.1, 0.01), muon([layer.weight], 0.05, 0.01)])


def steps(layer: torch.nn.Linear, learning: Learning, first: int, last: int) -> None:
    for step in range(first, last):
        learning.begin(rate_share(step, 6, 2))
        layer(torch.full((1, 3), step + 1.0)).square().sum().backward()
        learning.step()


def test_what_is_interrupted_and_resumed_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole, learning = learner(1)
    steps(whole, learning, 0, 6)
    first, learning = learner(1)
    steps(first, learning, 0, 3)
    learning.write(tmp_path / "state", "mine", 3)
    again, learning = learner(2)
    assert learning.read(tmp_path / "state", "mine") == 3
    steps(again, learning, 3, 6)
    assert torch.equal(again.weight, whole.weight)
    assert torch.equal(again.bias, whole.bias)


def test_a_state_of_another_training_is_left_alone(tmp_path: Path) -> None:
    layer, learning = learner(1)
    steps(layer, learning, 0, 1)
    learning.write(tmp_path / "state", "mine", 1)
    other, learning = learner(2)
    before = other.weight.detach().clone()
    assert learning.read(tmp_path / "state", "another") == 0
    assert learning.read(tmp_path / "nothing", "mine") == 0
    assert torch.equal(other.weight, before)


def test_each_optimizer_has_its_own_peak() -> None:
    _, learning = learner(1)
    learning.begin(0.5)
    assert [optimizer.param_groups[0]["lr"] for optimizer in learning.optimizers] == [0.05, 0.025]
