"""The GPU benchmark on tiny models: it measures all that is promised; and the plan that its rates make."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import gpu
import gpu_plan
import pytest
import torch

from precompute.models.released.costs import LLAVA_7B, caption_flop

ROOT = Path(__file__).resolve().parents[2]


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.mark.slow
def test_tiny_runs_every_measurement_and_ends_with_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.json"
    monkeypatch.setattr(sys, "argv", ["gpu.py", "--tiny", "--workers", "1", "--save", str(kept)])
    gpu.main()
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["tiny"] is True
    assert found["new_tokens"] == gpu.TINY.new
    assert [row["name"].split(",")[0] for row in found["rows"]] == ["embeddings"] * 3 + ["captions"] * 4 + ["LoRA"] * 2
    assert sum("naive" in row["name"] for row in found["rows"]) == 2
    assert sum("from files" in row["name"] for row in found["rows"]) == 2
    assert all(row["rate"] > 0 for row in found["rows"])
    assert all(row["flop"] is None and row["goal"] is None for row in found["rows"]), "of a GPU alone"
    assert json.loads(kept.read_text(encoding="utf-8"))["gpu"] == found


def test_without_a_gpu_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(sys, "argv", ["gpu.py"])
    with pytest.raises(SystemExit, match=r"sees no GPU.*--tiny"):
        gpu.main()


def test_every_answer_has_all_tokens_and_sees_every_picture_once() -> None:
    """Of a model that wants to end at once: what is measured must not depend on what random weights say."""
    model, processor = gpu.build_llava(gpu.TINY.llava, "cpu", 1), gpu.build_processor(gpu.TINY.llava)
    parts = (model, model.model.vision_tower, model.model.language_model)
    assert {part.config._attn_implementation for part in parts} == {"sdpa"}
    torch.nn.init.zeros_(model.lm_head.weight)
    model.generation_config.eos_token_id = 0
    written, seen = [], []
    model.register_forward_hook(lambda module, given, out: written.append(1))
    model.model.vision_tower.register_forward_hook(lambda module, given, out: seen.append(len(out.last_hidden_state)))
    pixels = torch.zeros(4, 28, 28, 3, dtype=torch.uint8).numpy()
    question = gpu.Question("it", (gpu.prompt(gpu.WORDS),) * 4, 6)
    gpu.Captioner(model, processor, 4, exactly=True)(pixels, [question])
    assert (len(written), seen) == (6, [4])
    tokens = processor.tokenizer(gpu.prompt(gpu.WORDS))["input_ids"]
    assert len(tokens) == gpu.WORDS + 1, "the picture's token, and as many words as are counted"


@pytest.mark.parametrize(
    ("name", "peaks"),
    [
        ("NVIDIA H200", (989, 4800)),
        ("NVIDIA H100 80GB HBM3", (989, 3350)),
        ("NVIDIA H100 PCIe", (756, 2000)),
        ("NVIDIA A100-SXM4-80GB", (312, 2039)),
        ("NVIDIA A100-SXM4-40GB", (312, 1555)),
        ("NVIDIA L4", (121, 300)),
        ("NVIDIA L40S", (362, 864)),
        ("Tesla T4", (65, 320)),
        ("some other", (None, None)),
    ],
)
def test_a_gpu_is_known_by_its_name(name: str, peaks: tuple[float, float]) -> None:
    assert gpu.peaks_of(name) == peaks


# ---- the plan -------------------------------------------------------------------------------------------------------


def test_the_plan_by_hand() -> None:
    """Answers of 64 tokens at 35 a second; a picture a frame; four epochs."""
    assert gpu_plan.answer_seconds(64, gpu_plan.Rates()) == pytest.approx(1 / 35)
    assert gpu_plan.answer_seconds(128, gpu_plan.Rates()) > 1 / 35
    hours = gpu_plan.gpu_hours(3600, 900, gpu_plan.Rates(examples=10, embeddings=100), frames=3)
    assert hours["fine-tuning"] == pytest.approx(0.1)
    assert hours["embeddings"] == pytest.approx(0.03)
    assert hours["captions"] == pytest.approx(
        3 * sum(gpu_plan.answer_seconds(n, gpu_plan.Rates()) for n in (128, 64, 64))
    )


def test_the_bound_is_below_what_arithmetic_alone_would_take_twice() -> None:
    """Reading the prompt is nine tenths of the arithmetic; writing, bound by memory, takes less time than all of it."""
    arithmetic = caption_flop(LLAVA_7B, gpu_plan.PROMPT, 64) / gpu_plan.PEAK
    assert 0.9 * arithmetic < gpu_plan.bound(64) < 2 * arithmetic


def test_the_documents_table_is_the_scripts() -> None:
    folder = json.loads((ROOT / "docs" / "measurements.json").read_text(encoding="utf-8"))["folder"]
    recorded = folder["pictures"] / folder["stages"]["ocr"] / folder["cores"]
    assert recorded / 2 < gpu_plan.Rates().read < 2 * recorded, "about what benchmarks/folder.py measured"
    text = (ROOT / "docs" / "gpu.md").read_text(encoding="utf-8")
    for line in gpu_plan.lines(gpu_plan.Rates()):
        assert line in text.splitlines()
