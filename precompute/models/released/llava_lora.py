"""LoRA on a LLaVA by the queries that people typed before they clicked a sticker: the recipe of the authors' released
adapters.

An example is a clicked sticker whose answer is its distinct queries, joined by commas in an order drawn anew every
epoch, so that none of them is taught as the first. Only the answer's tokens are trained on. All chance comes from the
seed and the epoch, and there is no dropout, so a training that is killed and resumed from its last checkpoint ends with
the weights of an uninterrupted one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.errors import ModelError
from persrv.insight.caption_scores import keyword_recall
from persrv.models.answers import keywords_of
from precompute.caption_record import SEPARATOR
from precompute.models.answering import plain
from precompute.models.optimisers import Learning
from precompute.models.pixels import first_or_white
from precompute.models.released import loading
from precompute.models.released.captioning import IMAGE, Captioner, given
from precompute.models.released.memory import FOUR_BIT
from precompute.models.small.llava import LORA_TARGETS
from precompute.runtime.cache import digest, write_json
from precompute.runtime.processes import each
from precompute.runtime.progress import Report

if TYPE_CHECKING:
    import torch

    from precompute.config import LoraRecipe

ADAPTER, MERGED = "adapter", "merged"
_HISTORY = "history.json"

#: Pictures that take longer to decode than a process to start.
_WORTH_A_WORKER = 100


@dataclass(frozen=True, slots=True)
class Example:
    """A sticker to train on or to evaluate: its file, its prompt, and the queries typed for it."""

    sticker: str
    file: Path
    prompt: str
    queries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hardware:
    """The hardware settings of a training. precision: as in `memory`; at_once: examples in memory; workers: processes
    that decode.
    """

    device: str
    precision: str
    at_once: int
    answers_at_once: int
    workers: int = 1


@dataclass(slots=True)
class History:
    """The record of a training: the loss of every step, and the keyword recall before it and after every epoch (empty
    if no sticker could be held out).
    """

    losses: list[float]
    recalls: list[float]

    @classmethod
    def read(cls, path: Path, steps: int, epochs: int) -> History:
        """The record as it was after so many steps and whole epochs."""
        if not path.is_file():
            return cls([], [])
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(kept["losses"][:steps], kept["recalls"][: epochs + 1])


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as tokens: the prompt with its picture's tokens, and the answer with its end."""

    prompt: tuple[int, ...]
    answer: tuple[int, ...]


# ---- what is learnt -------------------------------------------------------------------------------------------------


def answer_of(example: Example, recipe: LoraRecipe, epoch: int) -> tuple[str, ...]:
    """The example's queries in the order drawn for this epoch."""
    seed = int(digest(recipe.seed, epoch, example.sticker)[:8], 16)
    order = np.random.default_rng(seed).permutation(len(example.queries))
    return tuple(example.queries[place] for place in order[: recipe.most_queries])


def encoded(tokenizer: Any, prompt: str, queries: Sequence[str], picture_tokens: int, cutoff: int) -> Encoded:
    """An example as tokens. If it is longer than `cutoff`, the last queries are left out, never a picture's tokens.
    ModelError if the prompt alone is too long.
    """
    asked = tuple(tokenizer(prompt.replace(IMAGE, IMAGE * picture_tokens))["input_ids"])
    for count in range(len(queries), 0, -1):
        text = plain(SEPARATOR.join(queries[:count]))
        said = (*tokenizer(text, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id)
        if len(asked) + len(said) <= cutoff:
            return Encoded(asked, said)
    raise ModelError(
        f"A prompt of {len(asked)} tokens and the query {queries[0]!r}",
        f"at most {cutoff} tokens",
        "Shorten the prompt, or raise cutoff in the profile.",
    )


def epoch_order(count: int, recipe: LoraRecipe, epoch: int) -> list[int]:
    """The places of all examples in the order of one epoch."""
    return [int(place) for place in np.random.default_rng((recipe.seed, epoch)).permutation(count)]


def steps_of(count: int, recipe: LoraRecipe) -> int:
    """The number of steps of one epoch."""
    return math.ceil(count / recipe.batch)


def in_parts(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Places in groups of at most `most`, similar lengths together to need little padding; ties by place."""
    order = sorted(range(len(lengths)), key=lambda place: (lengths[place], place))
    return [order[start : start + most] for start in range(0, len(order), most)]


def rate_share(step: int, steps: int) -> float:
    """The share of the peak learning rate at `step`, counted from 0: half a cosine from 1 to 0, without warm-up."""
    return 0.5 * (1 + math.cos(math.pi * step / steps))


# ---- training -------------------------------------------------------------------------------------------------------


def learn(
    base: Path,
    examples: Sequence[Example],
    judged: Sequence[Example],
    recipe: LoraRecipe,
    place: Hardware,
    most: tuple[int, int],
    folder: Path,
    report: Report,
) -> dict[str, Any]:
    """`fine_tune` as a stage, which keeps its history in the folder; return the report."""
    history = fine_tune(base, examples, judged, recipe, place, most, folder, report)
    write_json(folder / _HISTORY, asdict(history))
    return {
        "stickers": len(examples),
        "queries": sum(len(one.queries) for one in examples),
        "steps": steps_of(len(examples), recipe) * recipe.epochs,
        "last_loss": history.losses[-1],
        "held_out_stickers": len(judged),
        "recall_by_epoch": history.recalls,
    }


def history_in(folder: Path) -> History:
    """The history that `learn` kept in its folder."""
    return History(**json.loads((folder / _HISTORY).read_text(encoding="utf-8")))


def fine_tune(
    base: Path,
    examples: Sequence[Example],
    judged: Sequence[Example],
    recipe: LoraRecipe,
    place: Hardware,
    most: tuple[int, int],
    folder: Path,
    report: Report,
) -> History:
    """Train an adapter into folder/adapter and, with `recipe.merged`, write the merged model into folder/merged.

    judged: stickers that are in no example; most: longest answer in tokens and number of keywords, for their
    evaluation. The state is kept in `folder` under names that begin with a dot, and training continues from it.
    """
    if recipe.merged and place.precision == FOUR_BIT:
        raise ModelError(
            "merged = true with weights in 4 bits",
            "weights in half precision: rounding them again would change every answer",
            'Set merged = false, or precision = "half" on a larger GPU.',
        )
    if loading.has_float16_only(place.device):
        raise ModelError(
            "A GPU without bfloat16, in whose float16 small gradients vanish",
            "a GPU of NVIDIA's Ampere generation or newer for fine-tuning",
            "Train the adapter on one, and name its folder here: --adapter PATH.",
        )
    model, processor = loading.load_llava(base, place.device, place.precision)
    tuned = fresh_adapter(model, recipe)
    training = Training(tuned, processor, recipe, place)
    history = training.run(examples, judged, most, folder, report)
    save_adapter(tuned, folder / ADAPTER, base.name)
    if recipe.merged:
        merge(tuned, processor, folder / MERGED)
    return history


def fresh_adapter(model: Any, recipe: LoraRecipe) -> Any:
    """The model with new LoRA matrices on its language model, everything else frozen (Hu et al. 2021)."""
    import torch
    from peft import LoraConfig, get_peft_model

    shape = LoraConfig(r=recipe.rank, lora_alpha=recipe.alpha, lora_dropout=0.0, target_modules=LORA_TARGETS)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        return get_peft_model(model, shape)


def save_adapter(tuned: Any, folder: Path, base: str) -> None:
    """Write the adapter in peft's format as safetensors. base: the name of its base model, in place of a local path."""
    for shape in tuned.peft_config.values():
        shape.base_model_name_or_path = base
    tuned.save_pretrained(folder, save_embedding_layers=False)  # "auto" would ask the hub about the base model


def merge(tuned: Any, processor: Any, folder: Path) -> None:
    """Write the base model with the adapter added to its weights, so that no engine can omit it.

    ModelError for weights in 4 bits.
    """
    if loading.is_quantised(tuned.get_base_model()):
        raise ModelError("Weights in 4 bits", "weights in half precision", "Merge on a larger GPU.")
    tuned.merge_and_unload().save_pretrained(folder)
    processor.save_pretrained(folder)


@dataclass(slots=True, eq=False)
class Training:
    """A model with a new adapter, and the way it is trained. at_once: examples in memory; halved when the GPU's memory
    turns out smaller than computed.
    """

    tuned: Any
    processor: Any
    recipe: LoraRecipe
    place: Hardware
    at_once: int = field(init=False)

    def __post_init__(self) -> None:
        self.at_once = self.place.at_once

    def run(
        self,
        examples: Sequence[Example],
        judged: Sequence[Example],
        most: tuple[int, int],
        folder: Path,
        report: Report,
    ) -> History:
        """Train from the beginning, or from the checkpoint of this very training in `folder`."""
        recipe, checkpoint = self.recipe, folder / ".checkpoint.safetensors"
        learning = self._learning()
        fingerprint = digest(asdict(recipe), [(e.sticker, e.prompt, e.queries) for e in (*examples, *judged)])
        an_epoch = steps_of(len(examples), recipe)
        total, done = an_epoch * recipe.epochs, learning.read(checkpoint, fingerprint)
        history = History.read(folder / ".history.json", done, done // an_epoch) if done else History([], [])
        judge = partial(self._recall, judged, self._pixels(judged), most)
        if judged and not history.recalls:
            history.recalls.append(judge())
        report(done, total)
        self._mode(training=True)
        for step, some in self._steps(examples, done):
            history.losses.append(self._step(learning, some, rate_share(step, total)))
            report(step + 1, total)
            ends_epoch = (step + 1) % an_epoch == 0
            if judged and ends_epoch:
                history.recalls.append(judge())
            if ends_epoch or (step + 1) % recipe.checkpoint_every == 0:
                write_json(folder / ".history.json", asdict(history))
                learning.write(checkpoint, fingerprint, step + 1)
        self._mode(training=False)
        return history

    def _learning(self) -> Learning:
        """The adapter's weights and AdamW for them (Loshchilov & Hutter 2019), no weight decay."""
        import torch

        weights = {name: weight for name, weight in self.tuned.named_parameters() if weight.requires_grad}
        rate = self.recipe.learning_rate
        optimizer: Any = torch.optim.AdamW(weights.values(), rate, weight_decay=0.0)
        optimizer.param_groups[0]["peak"] = rate
        return Learning(weights, [optimizer])

    def _mode(self, training: bool) -> None:
        """Switch between training and answering; the frozen vision tower never trains."""
        base = self.tuned.get_base_model()
        self.tuned.train(training)
        base.model.vision_tower.eval()
        if training and self.recipe.again:
            base.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})
        else:
            base.activation_checkpointing_disable()

    def steps_on(self, batches: Sequence[Sequence[tuple[Encoded, NDArray[np.uint8]]]]) -> list[float]:
        """Train on these batches alone, at the peak rate, and keep nothing; returns each loss. For measurements."""
        learning = self._learning()
        self._mode(training=True)
        losses = [self._step(learning, some, 1.0) for some in batches]
        self._mode(training=False)
        return losses

    # ---- steps ------------------------------------------------------------------------------------------------------

    def _steps(
        self, examples: Sequence[Example], done: int
    ) -> Iterator[tuple[int, list[tuple[Encoded, NDArray[np.uint8]]]]]:
        """Yield number and examples of every remaining step, decoded by workers during the step before."""
        recipe, an_epoch = self.recipe, steps_of(len(examples), self.recipe)
        plan = [(epoch, place) for epoch in range(recipe.epochs) for place in epoch_order(len(examples), recipe, epoch)]
        starts = [
            epoch * len(examples) + step * recipe.batch for epoch in range(recipe.epochs) for step in range(an_epoch)
        ]
        starts.append(len(plan))
        left = plan[starts[done] :]
        pictures = self._decoded([examples[place].file for _, place in left])
        tokens = loading.picture_tokens(self.tuned.get_base_model())
        for step in range(done, len(starts) - 1):
            some = []
            for epoch, place in plan[starts[step] : starts[step + 1]]:
                one = examples[place]
                queries = answer_of(one, recipe, epoch)
                read = encoded(self.processor.tokenizer, one.prompt, queries, tokens, recipe.cutoff)
                some.append((read, next(pictures)))
            yield step, some

    def _step(self, learning: Learning, some: Sequence[tuple[Encoded, NDArray[np.uint8]]], share: float) -> float:
        """Run one step on some examples, as many at once as fit; returns the mean loss of their answers' tokens."""
        import torch

        while True:
            learning.begin(share)
            try:
                loss = self._gradients(some)
                break
            except (RuntimeError, MemoryError) as error:
                if not loading.is_out_of_memory(error):
                    raise
                if self.at_once == 1:
                    raise
                self.at_once = math.ceil(self.at_once / 2)
        torch.nn.utils.clip_grad_norm_(learning.weights.values(), self.recipe.clip_norm)
        learning.step()
        return loss

    def _gradients(self, some: Sequence[tuple[Encoded, NDArray[np.uint8]]]) -> float:
        """Accumulate the gradients of the mean loss, and return the loss."""
        asked = sum(len(one.answer) for one, _ in some)
        total = 0.0
        for part in in_parts([len(one.prompt) + len(one.answer) for one, _ in some], self.at_once):
            loss = self.loss([some[place][0] for place in part], np.stack([some[place][1] for place in part])) / asked
            loss.backward()
            total += float(loss.detach())
        return total

    def loss(self, some: Sequence[Encoded], pixels: NDArray[np.uint8]) -> torch.Tensor:
        """The sum of the cross-entropies of the answers' tokens. Padding is on the right."""
        import torch
        from torch.nn.functional import cross_entropy

        base = self.tuned.get_base_model()
        device = base.device
        laid = lay_out(some, int(self.processor.tokenizer.pad_token_id))
        with torch.no_grad():
            seen = base.get_image_features(
                pixel_values=loading.on_device(pixels, loading.look_of(self.processor), base), return_dict=True
            )
        with torch.autocast(device.type, base.dtype) if device.type == "cuda" else nullcontext():
            hidden = base.model(
                input_ids=torch.from_numpy(laid.ids).to(device),
                attention_mask=torch.from_numpy(laid.mask).to(device),
                mm_encoder_outputs=given(seen.pooler_output),
                use_cache=False,
            )[0]
            logits = base.lm_head(hidden[torch.from_numpy(laid.rows), torch.from_numpy(laid.places)])
        return cross_entropy(logits.float(), torch.from_numpy(laid.wanted).to(device), reduction="sum")

    # ---- judging ----------------------------------------------------------------------------------------------------

    def _recall(self, judged: Sequence[Example], pixels: NDArray[np.uint8], most: tuple[int, int]) -> float:
        """Mean keyword recall of the adapter's greedy answers on stickers that are not trained on."""
        self._mode(training=False)
        captioner = Captioner(self.tuned, self.processor, self.place.answers_at_once)
        recalls = []
        for start in range(0, len(judged), captioner.batch):
            part = judged[start : start + captioner.batch]
            features = captioner.features(pixels[start : start + captioner.batch])
            answers = captioner.answers(features, [one.prompt for one in part], most[0], tuned=True)
            recalls += [
                keyword_recall(keywords_of(answer.text, most[1]), one.queries)
                for answer, one in zip(answers, part, strict=True)
            ]
        self._mode(training=True)
        return float(np.mean(recalls))

    def _pixels(self, judged: Sequence[Example]) -> NDArray[np.uint8]:
        side = loading.look_of(self.processor).side
        found = list(self._decoded([one.file for one in judged]))
        return np.stack(found) if found else np.zeros((0, side, side, 3), np.uint8)

    def _decoded(self, files: Sequence[Path]) -> Iterator[NDArray[np.uint8]]:
        """Yield the first frame of every file, decoded by worker processes if there are many."""
        side, workers = loading.look_of(self.processor).side, math.ceil(len(files) / _WORTH_A_WORKER)
        return each(partial(first_or_white, side=side), files, min(self.place.workers, workers))


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """Examples as arrays. ids, mask: (B, L); rows, places: of the tokens after which `wanted` come next."""

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    wanted: NDArray[np.int64]


def lay_out(some: Sequence[Encoded], padding: int) -> Laid:
    """Lay out each example as its prompt and its answer, padded on the right."""
    length = max(len(one.prompt) + len(one.answer) for one in some)
    ids = np.full((len(some), length), padding, np.int64)
    mask = np.zeros((len(some), length), np.int64)
    rows: list[int] = []
    places: list[int] = []
    for row, one in enumerate(some):
        whole = (*one.prompt, *one.answer)
        ids[row, : len(whole)] = whole
        mask[row, : len(whole)] = 1
        rows += [row] * len(one.answer)
        places += range(len(one.prompt) - 1, len(whole) - 1)
    wanted = [token for one in some for token in one.answer]
    return Laid(ids, mask, np.array(rows), np.array(places), np.array(wanted))
