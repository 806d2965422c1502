"""Hours of GPU and of processor that a catalogue takes with profile `paper`, from rates.

    python benchmarks/gpu_plan.py [--captions 35] [--embeddings 3000] [--examples 12] [--read 2.2]

The defaults are the goals of issue 6 on an H200, assumptions until benchmarks/gpu.py has measured them, and the OCR
rate that benchmarks/folder.py measured. Prints the table of docs/gpu.md, which a test holds to this script.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from precompute.models.released.costs import LLAVA_7B, caption_bytes, reading_flop

#: Stickers of a catalogue -> how many of them people clicked in what is learnt from. The paper's data has 12,568
#: clicks, of which 72 % are for fitting: at most so many stickers.
CATALOGUES = {543_098: 9_049, 100_000_000: 1_000_000}

#: Tokens of the answers to one sticker: a description, keywords by the base model, keywords by the fine-tuned one.
ANSWERS = (128, 64, 64)

#: Epochs of fine-tuning, tokens of a prompt with its picture, pictures at once; an H200's FLOP/s and bytes/s.
EPOCHS, PROMPT, BATCH = 4, 636, 200
PEAK, BANDWIDTH = 989e12, 4.8e12


@dataclass(frozen=True, slots=True)
class Rates:
    """A second: answers of 64 tokens, embeddings and LoRA examples of one GPU; stickers read of one core."""

    captions: float = 35.0
    embeddings: float = 3000.0
    examples: float = 12.0
    read: float = 2.2


def bound(new: int) -> float:
    """Seconds that an answer of `new` tokens takes at least: reading at full arithmetic, writing at full bandwidth."""
    return reading_flop(LLAVA_7B, PROMPT) / PEAK + caption_bytes(LLAVA_7B, PROMPT, new, BATCH) / BANDWIDTH


def answer_seconds(new: int, rates: Rates) -> float:
    """Seconds of an answer of `new` tokens, as far above its bound as one of 64 is at the rate given."""
    return bound(new) / bound(64) / rates.captions


def gpu_hours(stickers: int, clicked: int, rates: Rates, frames: float = 1.0) -> dict[str, float]:
    """Step -> hours of one GPU; frames: that are looked at of a sticker (1 where none is animated, 3 where all are)."""
    captions = sum(answer_seconds(new, rates) for new in ANSWERS)
    return {
        "fine-tuning": EPOCHS * clicked / rates.examples / 3600,
        "captions": stickers * frames * captions / 3600,
        "embeddings": stickers * frames / rates.embeddings / 3600,
    }


def lines(rates: Rates) -> list[str]:
    """The table, in Markdown."""
    found = ["| stickers | fine-tuning | captions | embeddings | OCR, core hours | 1 GPU | 8 GPUs | 64 GPUs |"]
    found.append("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for stickers, clicked in CATALOGUES.items():
        hours = gpu_hours(stickers, clicked, rates)
        apart = hours["captions"] + hours["embeddings"]
        spread = [_hours(hours["fine-tuning"] + apart / gpus) for gpus in (1, 8, 64)]
        cells = [_hours(value) for value in hours.values()]
        cells.append(f"{stickers / rates.read / 3600:,.0f}")
        found.append(f"| {stickers:,} | " + " | ".join([*cells, *spread]) + " |")
    return found


def _hours(value: float) -> str:
    return f"{value:,.0f} h" if value >= 20 else f"{value:.2g} h" if value < 1 else f"{value:.1f} h"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in Rates.__dataclass_fields__:
        parser.add_argument(f"--{name}", type=float, default=getattr(Rates(), name))
    rates = Rates(**vars(parser.parse_args()))
    print("\n".join(lines(rates)))
    print(json.dumps({str(n): gpu_hours(n, clicked, rates) for n, clicked in CATALOGUES.items()}))


if __name__ == "__main__":
    main()
