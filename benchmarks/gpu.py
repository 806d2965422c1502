"""Speed of a GPU with the paper's models at their true sizes: captions, LoRA and embeddings a second, and of its limit.

    python benchmarks/gpu.py [--batch N] [--images 512] [--workers N] [--compile] [--save docs/measurements.json]
    python benchmarks/gpu.py --tiny

Builds LLaVA-1.5-7B and Chinese-CLIP ViT-B/16 from their published sizes with random weights, in half precision right on
the GPU: nothing is downloaded, and speed does not depend on what the weights say. Every answer has exactly 64 tokens,
because the end is suppressed. Measured are our own code paths: answers from pixels that lie in memory, the whole way
from files through worker processes, base and adapter in one pass, LoRA steps of 32 examples with and without gradient
checkpointing, and embeddings; beside them, in the same run, the loop that one writes first: a picture at a time through
transformers' processor and generate.

Of the limit: `flop` is the share of the GPU's peak, by the formulas of precompute/models/released/costs.py; `limit` is
the share of what reading at full arithmetic and then writing at full memory bandwidth would reach, one after the other.
--tiny runs all of it on tiny models on the processor, within seconds, and says nothing of any GPU. Last line: JSON.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("TQDM_DISABLE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from PIL import Image
from saved import conclude

from precompute.config import LoraRecipe
from precompute.models.answering import Question
from precompute.models.pixels import Decode, Look, first_frame
from precompute.models.released import costs, loading, memory
from precompute.models.released import llava_lora as tuning
from precompute.models.released.captioning import Captioner
from precompute.models.released.costs import CLIP_B16, CLIP_PROJECTION, LLAVA_7B, Llava, Speaker, Tower
from precompute.runtime.local import in_processes
from precompute.runtime.operators import Batch, Task
from precompute.stages.caption import Answer, CaptionPrompt
from precompute.stages.embed import Embed

#: Dense bfloat16 (T4: float16) TFLOP/s and GB/s of memory, by NVIDIA's data sheets; a name holds all words of its key.
PEAKS = {
    "H200": (989.0, 4800.0),
    "H100 PCIe": (756.0, 2000.0),
    "H100": (989.0, 3350.0),
    "A100 80GB PCIe": (312.0, 1935.0),
    "A100 80GB": (312.0, 2039.0),
    "A100": (312.0, 1555.0),
    "L40S": (362.0, 864.0),
    "L4": (121.0, 300.0),
    "T4": (65.0, 320.0),
}

#: Goals of issue 6 on an H200: captions of 64 tokens, LoRA examples, embeddings a second.
GOALS = {"caption": 35.0, "tune": 12.0, "embed": 3000.0}

#: Tokens of the prompt beside the picture's (the paper's has about so many), and of a fine-tuning answer.
WORDS, ANSWER = 60, 12

SPECIAL = ("<unk>", "<s>", "</s>", "<pad>", "<image>")
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of the models, and of the measurements. batch, clip_batch: pictures at once (0: as many as fit)."""

    llava: Llava
    clip: Tower
    projection: int
    new: int
    batch: int
    clip_batch: int
    images: int
    embedded: int
    naive: int
    steps: int
    recipe: LoraRecipe


FULL = Sizes(LLAVA_7B, CLIP_B16, CLIP_PROJECTION, 64, 0, 512, 512, 16384, 6, 5, LoraRecipe())
TINY = Sizes(
    Llava(Tower(64, 2, 128, 28, 14), Speaker(64, 2, 128, 2, 2, 80)),
    Tower(64, 2, 128, 32, 16),
    24,
    new=5,
    batch=4,
    clip_batch=8,
    images=10,
    embedded=20,
    naive=2,
    steps=1,
    recipe=LoraRecipe(batch=4),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement. rate: a second; flop, limit: shares of the hardware's; gigabytes: most memory in use."""

    name: str
    rate: float
    unit: str
    gigabytes: float
    flop: float | None = None
    limit: float | None = None
    goal: float | None = None


def main() -> None:
    options = _options()
    import torch

    if not options.tiny and not torch.cuda.is_available():
        sys.exit(f"torch {torch.__version__} sees no GPU: run this on one, or try the code with --tiny.")
    device = "cpu" if options.tiny else "cuda"
    sizes = TINY if options.tiny else FULL
    sizes = replace(sizes, batch=options.batch or sizes.batch, images=options.images or sizes.images)
    bench = Bench(sizes, device, options.workers, options.compile, options.seed)
    setting = bench.setting()
    print(", ".join(f"{name} {value}" for name, value in setting.items()))
    rows = bench.run()
    print(f"{'':<58}{'a second':>10}{'goal':>8}{'flop':>7}{'limit':>7}{'GB':>7}")
    for row in rows:
        print(
            f"{row.name:<58}{row.rate:>10.2f}{_shown(row.goal, '8.0f')}{_shown(row.flop, '7.2f')}"
            f"{_shown(row.limit, '7.2f')}{row.gigabytes:>7.1f}"
        )
    found = {**setting, "rows": [asdict(row) for row in rows]}
    conclude(found, "gpu", options.save)


def _shown(value: float | None, form: str) -> str:
    width = int(form.partition(".")[0])
    return " " * width if value is None else f"{value:{form}}"


# ---- the models, from their sizes -----------------------------------------------------------------------------------


def build_llava(shape: Llava, device: str, seed: int) -> Any:
    """A LLaVA with random weights, made where it will run and in the precision in which it will."""
    from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

    sees, speaks = shape.sees, shape.speaks
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(
            hidden_size=sees.width,
            intermediate_size=sees.mlp,
            num_hidden_layers=sees.layers,
            num_attention_heads=max(1, sees.width // 64),
            image_size=sees.image,
            patch_size=sees.patch,
        ),
        text_config=LlamaConfig(
            vocab_size=speaks.vocabulary,
            hidden_size=speaks.width,
            intermediate_size=speaks.mlp,
            num_hidden_layers=speaks.layers,
            num_attention_heads=speaks.heads,
            num_key_value_heads=speaks.key_heads,
            max_position_embeddings=4096,
            bos_token_id=1,
            eos_token_id=2,
            pad_token_id=3,
        ),
        image_token_index=SPECIAL.index("<image>"),
        image_seq_length=shape.picture_tokens,
        vision_feature_select_strategy="default",
        vision_feature_layer=-2,
    )
    with _made_on(device, seed):
        model = LlavaForConditionalGeneration(config)
    assert sum(weight.numel() for weight in model.parameters()) == costs.llava_weights(shape)
    return model.eval().requires_grad_(False)


def build_clip(tower: Tower, projection: int, device: str, seed: int) -> Any:
    """A Chinese-CLIP with random weights; its text side, which is not measured, is small."""
    from transformers import ChineseCLIPConfig, ChineseCLIPModel

    config = ChineseCLIPConfig(
        text_config={"hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 1},
        vision_config={
            "hidden_size": tower.width,
            "intermediate_size": tower.mlp,
            "num_hidden_layers": tower.layers,
            "num_attention_heads": max(1, tower.width // 64),
            "image_size": tower.image,
            "patch_size": tower.patch,
        },
        projection_dim=projection,
    )
    with _made_on(device, seed):
        model: Any = ChineseCLIPModel(config)
    return model.eval()


@contextmanager
def _made_on(device: str, seed: int) -> Iterator[None]:
    """Inside, modules are made on the device, in half precision where it has one."""
    import torch

    before = torch.get_default_dtype()
    torch.manual_seed(seed)
    torch.set_default_dtype(loading.half(device))
    try:
        with torch.device(device):
            yield
    finally:
        torch.set_default_dtype(before)


def build_processor(shape: Llava) -> Any:
    """A processor of LLaVA's kind whose words are numbers: w5 is token 5."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import CLIPImageProcessorPil, LlavaProcessor, PreTrainedTokenizerFast

    words = [*SPECIAL, *(f"w{number}" for number in range(len(SPECIAL), shape.speaks.vocabulary))]
    backend = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        additional_special_tokens=["<image>"],
    )
    side = {"height": shape.sees.image, "width": shape.sees.image}
    pictures = CLIPImageProcessorPil(size=side, crop_size=side, do_center_crop=False, image_mean=MEAN, image_std=STD)
    return LlavaProcessor(
        pictures,
        tokenizer,
        patch_size=shape.sees.patch,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        image_token="<image>",
    )


def prompt(words: int, offset: int = 0) -> str:
    """A prompt of <s>, a picture and so many words."""
    return "<image> " + " ".join(f"w{len(SPECIAL) + (offset + number) % 50}" for number in range(words - 1))


def write_stickers(folder: Path, count: int, seed: int) -> list[Path]:
    """Write `count` files of the kind and size of stickers: 240 pixels, WebP, about ten kilobytes."""
    rng = np.random.default_rng(seed)
    paths = []
    for number in range(count):
        coarse = Image.fromarray(rng.integers(0, 256, (24, 24, 3), np.uint8))
        path = folder / f"{number}.webp"
        coarse.resize((240, 240), Image.Resampling.BICUBIC).save(path, "WEBP", quality=75, method=0)
        paths.append(path)
    return paths


# ---- measuring ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bench:
    """Measurements on one device. workers: processes that decode; compiled: let torch compile the writing."""

    sizes: Sizes
    device: str
    workers: int
    compiled: bool
    seed: int

    def setting(self) -> dict[str, Any]:
        import torch
        import transformers

        cuda = self.device == "cuda"
        name = torch.cuda.get_device_name() if cuda else platform.processor() or platform.machine()
        return {
            "device": name,
            "tiny": not cuda,
            "memory_gb": round(torch.cuda.get_device_properties(0).total_memory / 1e9, 1) if cuda else None,
            "precision": str(loading.half(self.device)).removeprefix("torch."),
            "peak_tflops": peaks_of(name)[0] if cuda else None,
            "peak_gb_s": peaks_of(name)[1] if cuda else None,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "workers": self.workers,
            "compiled": self.compiled,
            "new_tokens": self.sizes.new,
        }

    def run(self) -> list[Row]:
        with tempfile.TemporaryDirectory() as folder:
            files = write_stickers(Path(folder), min(256, self.sizes.embedded), self.seed)
            return [*self.embeddings(files), *self.llava(files)]

    # ---- LLaVA ------------------------------------------------------------------------------------------------------

    def llava(self, files: Sequence[Path]) -> Iterator[Row]:
        """Captions and LoRA, of one model, the naive loop first."""
        import torch

        sizes = self.sizes
        model, processor = build_llava(sizes.llava, self.device, self.seed), build_processor(sizes.llava)
        tokens = 1 + sizes.llava.picture_tokens + WORDS - 1
        flop = costs.caption_flop(sizes.llava, tokens, sizes.new)

        def naive() -> int:
            for path in files[: sizes.naive]:
                with Image.open(path) as picture:
                    inputs = processor(images=[picture.convert("RGB")], text=[prompt(WORDS)], return_tensors="pt")
                inputs["pixel_values"] = inputs["pixel_values"].to(model.dtype)
                model.generate(
                    **inputs.to(self.device), max_new_tokens=sizes.new, min_new_tokens=sizes.new, do_sample=False
                )
            return sizes.naive

        slow = self.rate(naive)
        yield self.row("captions, naive: one picture at a time", slow, "images/s", flop)

        batch = sizes.batch or self.fit(tokens + sizes.new)
        captioner = Captioner(model, processor, batch, exactly=True, compiled=self.compiled)
        pixels = np.stack([first_frame(path, sizes.llava.sees.image) for path in files[:batch]])
        pixels = np.resize(pixels, (batch, *pixels.shape[1:]))
        repeats = max(1, sizes.images // batch)

        def answered(*tuned: bool) -> int:
            questions = [Question(str(one), (prompt(WORDS),) * batch, sizes.new, one) for one in tuned]
            for _ in range(repeats):
                captioner(pixels, questions)
            return repeats * batch

        fast = self.rate(partial(answered, False))
        found = self.row(f"captions, {batch} at once, pixels in memory", fast, "images/s", flop, goal=GOALS["caption"])
        yield replace(found, limit=self.limit(fast.rate, tokens, batch))

        def from_files() -> int:
            asked = (CaptionPrompt("it", prompt(WORDS), sizes.new),)
            task = Task(Answer, (lambda: captioner, asked, {}), Decode(sizes.llava.sees.image))
            return self.through(task, files, repeats * batch, batch)

        whole = self.rate(from_files)
        found = self.row("captions, from files by worker processes", whole, "images/s", flop, goal=GOALS["caption"])
        yield replace(found, limit=self.limit(whole.rate, tokens, batch))

        tuned = tuning.fresh_adapter(model, sizes.recipe)
        loading.cast_adapter(tuned, model.dtype)
        captioner = replace(captioner, model=tuned)
        both = self.rate(partial(answered, False, True))
        yield self.row("captions, base and adapter in one pass (two answers)", both, "images/s", 2 * flop)
        loading.cast_adapter(tuned, torch.float32)
        yield from self.tuning(tuned, processor, tokens)

    def tuning(self, tuned: Any, processor: Any, tokens: int) -> Iterator[Row]:
        """LoRA steps, with and without gradient checkpointing."""
        sizes = self.sizes
        shape = sizes.llava
        rng = np.random.default_rng(self.seed)
        image = SPECIAL.index("<image>")
        asked = (1, *[image] * shape.picture_tokens, *range(len(SPECIAL), len(SPECIAL) + WORDS - 1))
        answer = tuple(range(len(SPECIAL), len(SPECIAL) + ANSWER - 1))
        some = [
            (tuning.Encoded(asked, (*answer, 2)), rng.integers(0, 256, (shape.sees.image,) * 2 + (3,), np.uint8))
            for _ in range(sizes.recipe.batch)
        ]
        for again in (True, False):
            recipe = replace(sizes.recipe, again=again)
            at_once = min(recipe.batch, self.fit(tokens + ANSWER, again))
            place = tuning.Hardware(self.device, memory.HALF_PRECISION, at_once, 1)
            training = tuning.Training(tuned, processor, recipe, place)

            def steps(training: tuning.Training = training) -> int:
                training.steps_on([some] * sizes.steps)
                return sizes.steps * len(some)

            flop = costs.tuning_flop(shape, tokens + ANSWER, ANSWER, recipe.rank, again)
            name = f"LoRA, {recipe.batch} a step, {at_once} at once, {'with' if again else 'without'} checkpointing"
            yield self.row(name, self.rate(steps), "examples/s", flop, goal=GOALS["tune"])

    # ---- Chinese-CLIP -----------------------------------------------------------------------------------------------

    def embeddings(self, files: Sequence[Path]) -> Iterator[Row]:
        """Pictures' vectors, the naive loop first."""
        sizes = self.sizes
        look = Look(sizes.clip.image, MEAN, STD)
        model = build_clip(sizes.clip, sizes.projection, self.device, self.seed)
        embed = loading.embedder(model, look)
        flop = costs.embedding_flop(sizes.clip, sizes.projection)

        def naive() -> int:
            some = list(files) * (1 if self.device == "cpu" else 4)
            for path in some:
                embed(first_frame(path, look.side)[None])
            return len(some)

        yield self.row("embeddings, naive: one picture at a time", self.rate(naive), "images/s", flop)
        pixels = np.stack([first_frame(path, look.side) for path in files])
        pixels = np.resize(pixels, (sizes.clip_batch, *pixels.shape[1:]))
        repeats = max(1, sizes.embedded // sizes.clip_batch)

        def resident() -> int:
            for _ in range(repeats):
                embed(pixels)
            return repeats * sizes.clip_batch

        name = f"embeddings, {sizes.clip_batch} at once, pixels in memory"
        yield self.row(name, self.rate(resident), "images/s", flop, goal=GOALS["embed"])

        def from_files() -> int:
            return self.through(
                Task(Embed, (lambda: embed,), Decode(look.side)), files, sizes.embedded, sizes.clip_batch
            )

        name = "embeddings, from files by worker processes"
        yield self.row(name, self.rate(from_files), "images/s", flop, goal=GOALS["embed"])

    # ---- the clock, and the limits ----------------------------------------------------------------------------------

    def through(self, task: Task, files: Sequence[Path], count: int, batch: int) -> int:
        """Send `count` pictures, the files over and over, through the engine of a build."""
        paths = [str(files[number % len(files)]) for number in range(count)]
        batches = [_batch(paths[start : start + batch], start) for start in range(0, count, batch)]
        return sum(len(found["id"]) for found in in_processes(self.workers)(task, batches))

    def rate(self, work: Callable[[], int]) -> Timed:
        """Measure how often a second `work` runs, after one warm-up, and the most memory in use meanwhile."""
        import torch

        cuda = self.device == "cuda"
        work()
        if cuda:
            torch.cuda.synchronize()
            torch.cuda.reset_peak_memory_stats()
        start = time.perf_counter()
        count = work()
        if cuda:
            torch.cuda.synchronize()
        seconds = time.perf_counter() - start
        return Timed(count / seconds, torch.cuda.max_memory_allocated() / 1e9 if cuda else 0.0)

    def row(self, name: str, timed: Timed, unit: str, flop: float, goal: float | None = None) -> Row:
        cuda = self.device == "cuda"
        peak = peaks_of(self.setting()["device"])[0] if cuda else None
        share = None if peak is None else timed.rate * flop / (peak * 1e12)
        print(f"  {name}: {timed.rate:.2f} {unit}", file=sys.stderr, flush=True)
        return Row(name, timed.rate, unit, timed.gigabytes, share, goal=goal if cuda else None)

    def limit(self, rate: float, tokens: int, batch: int) -> float | None:
        """Share of the rate at which reading is bound by arithmetic alone, and writing by memory alone."""
        if self.device != "cuda":
            return None
        peak, bandwidth = peaks_of(self.setting()["device"])
        if peak is None or bandwidth is None:
            return None
        shape, new = self.sizes.llava, self.sizes.new
        reading = costs.reading_flop(shape, tokens) / (peak * 1e12)
        writing = costs.caption_bytes(shape, tokens, new, batch) / (bandwidth * 1e9)
        return rate * (reading + writing)

    def fit(self, tokens: int, again: bool | None = None) -> int:
        """Number of answers, or with `again` of examples, that fit into memory beside the loaded model."""
        shape = self.sizes.llava
        if self.device == "cpu":
            return self.sizes.recipe.batch
        free = loading.free_bytes(self.device) + costs.llava_bytes(shape, False)
        if again is None:
            return memory.captioning(shape, tokens, free, memory.HALF_PRECISION).batch
        return memory.tuning(shape, tokens, free, again, memory.HALF_PRECISION).batch


@dataclass(frozen=True, slots=True)
class Timed:
    """rate: a second; gigabytes: most memory that torch had in use."""

    rate: float
    gigabytes: float


def peaks_of(name: str) -> tuple[float | None, float | None]:
    """(TFLOP/s, GB/s) of a GPU by its name; (None, None) for one that is not in the table."""
    for key, peaks in PEAKS.items():
        if set(key.lower().split()) <= set(name.lower().replace("-", " ").split()):
            return peaks
    return None, None


def _batch(paths: Sequence[str], start: int) -> Batch:
    return {"id": np.array([str(start + number) for number in range(len(paths))]), "path": np.array(paths)}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiny", action="store_true", help="tiny models on the processor: tries the code, not a GPU")
    parser.add_argument("--batch", type=int, default=0, help="pictures answered at once (default: as many as fit)")
    parser.add_argument("--images", type=int, default=0, help="captions to measure (default: 512)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes that decode")
    parser.add_argument("--compile", action="store_true", help="let torch compile the writing of a token")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path, metavar="JSON", help="keep the figures in docs/measurements.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
