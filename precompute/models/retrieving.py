"""A language model that retrieves stickers, by prompt tuning: StickerLLM (Zhao et al. 2023, "Sticker820K").

The language model is frozen. Learnt are the vectors of five pieces that it did not have, and two linear maps: from
pictures to its words, so that a sticker can stand in a conversation between [IMG] and [/IMG], and from its states to
pictures. After a conversation and [PRET] the model writes [RET] where a sticker is wanted, and words where none is. The
state at [RET], mapped to the space of pictures, is what stickers are compared with: their pictures, and, at a lower
weight, the words that were read on them, by the text tower of the same Chinese-CLIP.

The code asks of a language model what every causal one of transformers has, so a released one takes the small one's
place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persrv.conversation import Message
from persrv.records import FloatArray
from precompute.models.small import llava

if TYPE_CHECKING:
    import torch

#: The pieces that are learnt, in the order of their rows; a language model's own pieces come before them.
IMG, END_IMG, RET, END_RET, PRET = range(5)
PIECES = ("[IMG]", "[/IMG]", "[RET]", "[/RET]", "[PRET]")

#: What stands for a picture among ids, counted as the pieces are.
PICTURE = len(PIECES)

#: Newest messages of a conversation that are read, and pieces of each.
MOST_MESSAGES, MOST_PIECES = 4, 48

#: Pieces of the longest answer in words.
MOST_WORDS = 12


@dataclass(frozen=True, eq=False)
class Retrieving:
    """A frozen causal language model and what is learnt around it.

    rows: (5, H), of PIECES, read and written alike; to_picture: H -> d; from_picture: d -> H; scale: () log of what
    cosines are multiplied by in the contrast.
    """

    language: Any
    tokenizer: Any
    rows: torch.nn.Parameter
    to_picture: torch.nn.Linear
    from_picture: torch.nn.Linear
    scale: torch.nn.Parameter

    @property
    def known(self) -> int:
        """The number of the language model's own pieces: id known + RET is [RET]."""
        return int(self.language.get_input_embeddings().weight.shape[0])

    def learnt(self) -> dict[str, torch.nn.Parameter]:
        """Every weight that is trained, by name."""
        maps = {"to_picture": self.to_picture, "from_picture": self.from_picture}
        named = {f"{name}.{part}": weight for name, each in maps.items() for part, weight in each.named_parameters()}
        return {"rows": self.rows, "scale": self.scale, **named}


def build(language: Any, tokenizer: Any, width: int, seed: int) -> Retrieving:
    """Wrap a language model, which is frozen. width: of picture vectors. New rows begin near the mean of the others."""
    import torch

    for weight in language.parameters():
        weight.requires_grad_(False)
    table = language.get_input_embeddings().weight
    hidden = table.shape[1]
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        rows = table.mean(0).repeat(len(PIECES), 1) + table.std() * torch.randn(len(PIECES), hidden) / 2
        to_picture, from_picture = torch.nn.Linear(hidden, width), torch.nn.Linear(width, hidden)
    scale = torch.nn.Parameter(torch.tensor(float(np.log(1 / 0.07))))
    return Retrieving(language.eval(), tokenizer, torch.nn.Parameter(rows), to_picture, from_picture, scale)


# ---- reading --------------------------------------------------------------------------------------------------------


def conversation_ids(model: Retrieving, turns: Sequence[Message], writer: str) -> tuple[tuple[int, ...], list[str]]:
    """The ids of a conversation, ending with [PRET], and the stickers that its pictures are, in order.

    writer: whose next message it is, who speaks as the assistant; the others speak as the user.
    """
    ids: list[int] = list(_begin(model.tokenizer))
    pictures: list[str] = []
    for turn in turns[-MOST_MESSAGES:]:
        ids += _pieces(model.tokenizer, "ASSISTANT:" if turn.writer == writer else "USER:")
        if turn.sticker:
            ids += [model.known + piece for piece in (IMG, PICTURE, END_IMG)]
            pictures.append(turn.sticker)
        ids += _pieces(model.tokenizer, turn.text)[:MOST_PIECES]
    return (*ids, *_pieces(model.tokenizer, "ASSISTANT:"), model.known + PRET), pictures


def _begin(tokenizer: Any) -> tuple[int, ...]:
    return () if tokenizer.bos_token_id is None else (tokenizer.bos_token_id,)


def _pieces(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"]) if text else []


def states(model: Retrieving, ids: torch.Tensor, pictures: torch.Tensor) -> torch.Tensor:
    """(B, L, H): the states after each id of (B, L). pictures: (P, d), one for each PICTURE among the ids, row by row.

    Rows are padded on the right, with any id: nothing attends to what comes later.
    """
    import torch

    known, table = model.known, model.language.get_input_embeddings().weight
    own = ids < known
    words = torch.nn.functional.embedding(torch.where(own, ids, 0), table)
    fresh = torch.nn.functional.embedding(torch.where(own, 0, (ids - known).clamp(0, len(PIECES) - 1)), model.rows)
    embedded = torch.where(own[..., None], words, fresh.to(words.dtype))
    if len(pictures):
        shown = torch.zeros_like(embedded)
        shown[ids == known + PICTURE] = model.from_picture(pictures).to(embedded.dtype)
        embedded = torch.where((ids == known + PICTURE)[..., None], shown, embedded)
    read = model.language.get_decoder() if hasattr(model.language, "get_decoder") else model.language.model
    hidden: torch.Tensor = read(inputs_embeds=embedded, use_cache=False).last_hidden_state
    return hidden


def logits(model: Retrieving, hidden: torch.Tensor) -> torch.Tensor:
    """(..., V + 5): of the language model's pieces, and of the five that it learnt."""
    import torch

    own = model.language.get_output_embeddings()(hidden)
    return torch.cat([own, hidden @ model.rows.T.to(hidden.dtype)], dim=-1)


# ---- answering ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the model does after a conversation.

    wants: by how many logits [RET] is ahead of every other piece; a sticker is wanted where it is above 0. vector: (d,)
    unit, in the space of pictures, what a sticker would be sought by; words: what it writes where none is wanted.
    """

    wants: float
    vector: FloatArray
    words: str


def answer(model: Retrieving, turns: Sequence[Message], writer: str, pictures: dict[str, FloatArray]) -> Answer:
    """Read a conversation and decide. pictures: sticker -> (d,) vector, for those that were sent in it."""
    import torch

    ids, sent = conversation_ids(model, turns, writer)
    shown = torch.from_numpy(np.stack([pictures[name] for name in sent])) if sent else torch.zeros(0, 1)
    with torch.inference_mode():
        hidden = states(model, torch.tensor([(*ids, model.known + RET)]), shown)[0]
        chances = logits(model, hidden[-2])
        others = chances.clone()
        others[model.known + RET] = -torch.inf
        wants = float(chances[model.known + RET] - others.max())
        vector = torch.nn.functional.normalize(model.to_picture(hidden[-1].float()), dim=-1).numpy()
    words = "" if wants > 0 else _words(model, ids, shown)
    return Answer(wants, vector, words)


def _words(model: Retrieving, ids: Sequence[int], shown: torch.Tensor) -> str:
    """What the language model writes in its own pieces, greedily."""
    import torch

    written: list[int] = []
    with torch.inference_mode():
        while len(written) < MOST_WORDS:
            hidden = states(model, torch.tensor([(*ids, *written)]), shown)[0, -1]
            token = int(logits(model, hidden)[: model.known].argmax())
            if token == model.tokenizer.eos_token_id:
                break
            written.append(token)
    return llava.decode(model.tokenizer, written)


def scores(vector: FloatArray, pictures: FloatArray, read: FloatArray, weight: float) -> FloatArray:
    """(N,): likeness of pictures + weight x likeness of read text. vector: (d,); pictures, read: (N, d) unit rows, a
    row of zeros where nothing was read. Source: StickerLLM, with weights of .3 to .5.
    """
    found: FloatArray = pictures @ vector + np.float32(weight) * (read @ vector)
    return found


def perplexities(model: Retrieving, texts: Sequence[str]) -> tuple[float, float, float]:
    """Perplexity of texts by the language model alone, and with the new pieces beside its own; and the share of places
    where the likeliest next piece stays the same.
    """
    import torch

    alone, beside, same, count = 0.0, 0.0, 0, 0
    with torch.inference_mode():
        for text in texts:
            ids = model.tokenizer(text, return_tensors="pt")["input_ids"]
            said = logits(model, states(model, ids, torch.zeros(0, 1))[:, :-1])[0]
            wanted, own = ids[0, 1:], said[:, : model.known]
            alone += float(torch.nn.functional.cross_entropy(own, wanted, reduction="sum"))
            beside += float(torch.nn.functional.cross_entropy(said, wanted, reduction="sum"))
            same += int((said.argmax(-1) == own.argmax(-1)).sum())
            count += len(wanted)
    return float(np.exp(alone / count)), float(np.exp(beside / count)), same / count


# ---- files ----------------------------------------------------------------------------------------------------------


def save(model: Retrieving, path: Path) -> None:
    """Write what was learnt as safetensors; the language model has its own files."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: weight.detach().contiguous() for name, weight in model.learnt().items()}, path)


def load(model: Retrieving, path: Path) -> None:
    """Read what `save` wrote into a model that was built around the same language model."""
    import torch
    from safetensors.torch import load_file

    given = load_file(path)
    with torch.no_grad():
        for name, weight in model.learnt().items():
            weight.copy_(given[name])


def export(model: Retrieving, path: Path) -> None:
    """Write the whole model as ONNX: input_ids (1, L) int64 that end with [PRET] and [RET], pictures (L, d) float32, a
    row for each id, read where it is a picture -> wants (1,) and vector (1, d), as in `Answer`.
    """
    import torch
    from torch.export import Dim

    from precompute.models.small.llava_onnx import compact
    from precompute.models.small.onnx_export import export_onnx

    width = model.to_picture.out_features
    ids = [1, model.known + IMG, model.known + PICTURE, model.known + END_IMG, model.known + PRET, model.known + RET]
    example = {"input_ids": torch.tensor([ids]), "pictures": torch.zeros(len(ids), width)}
    length = Dim("length", min=2, max=4096)
    free = {"input_ids": {1: length}, "pictures": {0: length}}
    export_onnx(_decider(model), example, free, ["wants", "vector"], path)
    compact(path)


def _decider(model: Retrieving) -> torch.nn.Module:
    import torch

    class Decides(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.language = model.language
            self.to_picture, self.from_picture = model.to_picture, model.from_picture
            self.rows = model.rows

        def forward(self, input_ids: torch.Tensor, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            known = model.known
            own, pictured = input_ids < known, input_ids == known + PICTURE
            words = self.language.get_input_embeddings()(torch.where(own, input_ids, 0))
            fresh = self.rows[torch.where(own, 0, (input_ids - known).clamp(0, len(PIECES) - 1))]
            embedded = torch.where(own[..., None], words, fresh)
            embedded = torch.where(pictured[..., None], self.from_picture(pictures)[None], embedded)
            places = torch.arange(input_ids.shape[1], device=input_ids.device)
            mask = torch.where(places[None] <= places[:, None], 0.0, torch.finfo(torch.float32).min)[None, None]
            hidden = self.language.model(
                inputs_embeds=embedded, attention_mask=mask, position_ids=places[None], use_cache=False
            ).last_hidden_state[:, -2:]
            chances = torch.cat([self.language.lm_head(hidden[:, 0]), hidden[:, 0] @ self.rows.T], dim=-1)
            asked = known + RET
            others = torch.cat([chances[:, :asked], chances[:, asked + 1 :]], dim=-1).amax(-1)
            vector = torch.nn.functional.normalize(self.to_picture(hidden[:, 1]), dim=-1)
            return chances[:, asked] - others, vector

    return Decides()


def parity(model: Retrieving, path: Path, asked: Sequence[Sequence[Message]], writer: str) -> float:
    """The largest difference between the file and torch, in `wants` and in the vector, over conversations in words."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    differences = [0.0]
    for turns in asked:
        ids: NDArray[np.int64] = np.array([(*conversation_ids(model, turns, writer)[0], model.known + RET)], np.int64)
        pictures = np.zeros((ids.shape[1], model.to_picture.out_features), np.float32)
        wants, vector = session.run(["wants", "vector"], {"input_ids": ids, "pictures": pictures})
        wished = answer(model, turns, writer, {})
        differences += [abs(float(wants[0]) - wished.wants), float(np.abs(vector[0] - wished.vector).max())]
    return max(differences)
