"""A language model that retrieves stickers, by prompt tuning: StickerLLM (Zhao et al. 2023, "Sticker820K").

The language model is frozen. Learnt are the vectors of five pieces that it did not have, and linear maps: from pictures
to its words, so that a sticker can stand in a conversation between [IMG] and [/IMG], and from its states to pictures.
After a conversation and [PRET] the model writes [RET] where a sticker is wanted, and words where none is. The state at
[RET], mapped to the space of pictures, is what stickers are compared with: their pictures, and, at a lower weight, the
words that were read on them, by the text tower of the same Chinese-CLIP.

A language model that has read little may be told what the newest message means: the vector of a frozen sentence
encoder, mapped to its words, is added to those of [PRET] and [RET]. A large one needs no such help.

The code asks of a language model what every causal one of transformers has, so a released one takes the small one's
place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from persrv.models import retrieving as online
from persrv.models.retrieving import PICTURE, PIECES, PRET, RET, Answer, Prompt, ReadingConfig
from persrv.records import FloatArray, Message
from precompute.models.small import llava
from precompute.runtime.cache import write_json

if TYPE_CHECKING:
    import torch

#: Texts (n) -> unit rows (n, m): what they mean.
Encode = Callable[[Sequence[str]], FloatArray]

#: Pieces of the longest answer in words.
MOST_WORDS = 12


@dataclass(frozen=True, eq=False)
class Retrieving:
    """A frozen causal language model and what is learnt around it.

    reading: how it is shown a conversation; rows, written: (5, H), of PIECES, as they are read and as they are written;
    bias: (5,), by which a new piece is likelier; to_picture: H -> d; from_picture: d -> H; from_meaning: m -> H, None
    where it is not told what messages mean; scale: () log of what cosines are multiplied by in the contrast.
    """

    language: Any
    tokenizer: Any
    reading: ReadingConfig
    rows: torch.nn.Parameter
    written: torch.nn.Parameter
    bias: torch.nn.Parameter
    to_picture: torch.nn.Linear
    from_picture: torch.nn.Linear
    from_meaning: torch.nn.Linear | None
    scale: torch.nn.Parameter

    @property
    def known(self) -> int:
        """The number of the language model's own pieces: id known + RET is [RET]."""
        return int(self.language.get_input_embeddings().weight.shape[0])

    @property
    def width(self) -> int:
        """Numbers of what a message means; 1 where the model is not told."""
        return 1 if self.from_meaning is None else self.from_meaning.in_features

    def maps(self) -> dict[str, torch.nn.Linear]:
        """The linear maps by name."""
        found = {"to_picture": self.to_picture, "from_picture": self.from_picture}
        return found if self.from_meaning is None else {**found, "from_meaning": self.from_meaning}

    def learnt(self) -> dict[str, torch.nn.Parameter]:
        """Trained weights by name."""
        named = {
            f"{name}.{part}": weight for name, one in self.maps().items() for part, weight in one.named_parameters()
        }
        return {"rows": self.rows, "written": self.written, "bias": self.bias, "scale": self.scale, **named}


#: Log odds of a new piece before anything is learnt: so little that ordinary text stays as it was.
_UNLIKELY = -4.0


def build(language: Any, tokenizer: Any, reading: ReadingConfig, width: int, seed: int, meaning: int = 0) -> Retrieving:
    """Wrap a language model, which is frozen. width: of picture vectors; meaning: of what messages mean, 0 where the
    model is not told. New rows begin near the mean of the others.
    """
    import torch

    for weight in language.parameters():
        weight.requires_grad_(False)
    table = language.get_input_embeddings().weight.float()
    hidden = table.shape[1]
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        rows, written = (
            torch.nn.Parameter(
                table.mean(0).repeat(len(PIECES), 1) + table.std() * torch.randn(len(PIECES), hidden) / 2
            )
            for _ in range(2)
        )
        to_picture, from_picture = torch.nn.Linear(hidden, width), torch.nn.Linear(width, hidden)
        from_meaning = torch.nn.Linear(meaning, hidden) if meaning else None
        with torch.no_grad():
            for shown in (from_picture, *([from_meaning] if from_meaning else [])):
                shown.weight.normal_(0.0, float(table.std()))  # a unit vector becomes as long as a word
    bias = torch.nn.Parameter(torch.full((len(PIECES),), _UNLIKELY))
    scale = torch.nn.Parameter(torch.tensor(float(np.log(1 / 0.07))))
    return Retrieving(
        language.eval(), tokenizer, reading, rows, written, bias, to_picture, from_picture, from_meaning, scale
    )


# ---- reading --------------------------------------------------------------------------------------------------------


def prompt(model: Retrieving, turns: Sequence[Message], writer: str) -> Prompt:
    """The conversation as the model reads it (persrv.models.retrieving.prompt)."""
    spell = partial(_pieces, model.tokenizer)
    return online.prompt(turns, writer, model.reading, spell, _begin(model.tokenizer), model.known)


def _begin(tokenizer: Any) -> tuple[int, ...]:
    return () if tokenizer.bos_token_id is None else (tokenizer.bos_token_id,)


def _pieces(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"]) if text else []


def states(model: Retrieving, ids: torch.Tensor, pictures: torch.Tensor, meanings: torch.Tensor) -> torch.Tensor:
    """States (B, L, H) after each id (B, L). pictures: (P, d), one for each PICTURE among the ids, row by row;
    meanings: (B, m), what the newest text of each row means.

    Rows are padded on the right, with any id: nothing attends to what comes later.
    """
    import torch

    known, table = model.known, model.language.get_input_embeddings().weight
    own = ids < known
    embedded = torch.nn.functional.embedding(torch.where(own, ids, 0), table)
    if not own.all():  # else nothing is learnt from it, and no gradient passes through the language model
        rows = torch.nn.functional.embedding((ids - known).clamp(0, len(PIECES) - 1), model.rows)
        embedded = torch.where(own[..., None], embedded, rows.to(embedded.dtype))
    if len(pictures):
        put = torch.zeros_like(embedded)
        put[ids == known + PICTURE] = model.from_picture(pictures).to(embedded.dtype)
        embedded = torch.where((ids == known + PICTURE)[..., None], put, embedded)
    asks = (ids == known + PRET) | (ids == known + RET)
    if model.from_meaning is not None and asks.any():
        embedded = embedded + asks[..., None] * model.from_meaning(meanings)[:, None].to(embedded.dtype)
    read = model.language.get_decoder() if hasattr(model.language, "get_decoder") else model.language.model
    hidden: torch.Tensor = read(inputs_embeds=embedded, use_cache=False).last_hidden_state
    return hidden


def logits(model: Retrieving, hidden: torch.Tensor) -> torch.Tensor:
    """Logits (..., V + 5): of the language model's pieces, and of the five that it learnt."""
    import torch

    own = model.language.get_output_embeddings()(hidden).float()
    return torch.cat([own, hidden.float() @ model.written.T + model.bias], dim=-1)


def wants(said: torch.Tensor, known: int) -> torch.Tensor:
    """Log odds (...): the log odds of [RET] against every other piece. said: (..., V + 5)."""
    import torch

    others = torch.cat([said[..., : known + RET], said[..., known + RET + 1 :]], dim=-1)
    return said[..., known + RET] - torch.logsumexp(others, dim=-1)


# ---- answering ------------------------------------------------------------------------------------------------------


def answer(
    model: Retrieving, turns: Sequence[Message], writer: str, pictures: dict[str, FloatArray], encode: Encode | None
) -> Answer:
    """Read a conversation. pictures: sticker -> (d,) vector, for those that were sent in it; encode: what a text means,
    None for a model that is not told.
    """
    import torch

    asked = prompt(model, turns, writer)
    with torch.inference_mode():
        hidden = states(
            model, torch.tensor([(*asked.ids, model.known + RET)]), *_shown(model, asked, pictures, encode)
        )[0]
        odds = float(wants(logits(model, hidden[-2]), model.known))
        vector = torch.nn.functional.normalize(model.to_picture(hidden[-1].float()), dim=-1).numpy()
    return Answer(odds, vector)


def words(
    model: Retrieving, turns: Sequence[Message], writer: str, pictures: dict[str, FloatArray], encode: Encode | None
) -> str:
    """Write the language model's own greedy answer, in words, to a conversation."""
    import torch

    asked, written = prompt(model, turns, writer), list[int]()
    shown = _shown(model, asked, pictures, encode)
    with torch.inference_mode():
        while len(written) < MOST_WORDS:
            hidden = states(model, torch.tensor([(*asked.ids, *written)]), *shown)[0, -1]
            token = int(logits(model, hidden)[: model.known].argmax())
            if token == model.tokenizer.eos_token_id:
                break
            written.append(token)
    return llava.decode(model.tokenizer, written)


def _shown(
    model: Retrieving, asked: Prompt, pictures: dict[str, FloatArray], encode: Encode | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """The vectors of the pictures of a prompt, and what its newest text means."""
    import torch

    seen = np.stack([pictures[name] for name in asked.stickers]) if asked.stickers else np.zeros((0, 1), np.float32)
    return torch.from_numpy(seen), torch.from_numpy(meaning_of(model, asked.text, encode))


def meaning_of(model: Retrieving, text: str, encode: Encode | None) -> FloatArray:
    """Vector (1, m): what a text means; zeros for no text, and for a model that is not told."""
    if not text or encode is None:
        return np.zeros((1, model.width), np.float32)
    return encode([text])


def perplexities(model: Retrieving, texts: Sequence[str]) -> tuple[float, float, float]:
    """Perplexity of texts by the language model alone, and with the new pieces beside its own; and the share of places
    where the likeliest next piece stays the same. NaN where no text has two pieces.
    """
    import torch

    alone, beside, same, count = 0.0, 0.0, 0, 0
    with torch.inference_mode():
        for text in texts:
            ids = model.tokenizer(text, return_tensors="pt")["input_ids"]
            said = logits(model, states(model, ids, torch.zeros(0, 1), torch.zeros(1, model.width))[:, :-1])[0]
            wanted, own = ids[0, 1:], said[:, : model.known]
            alone += float(torch.nn.functional.cross_entropy(own, wanted, reduction="sum"))
            beside += float(torch.nn.functional.cross_entropy(said, wanted, reduction="sum"))
            same += int((said.argmax(-1) == own.argmax(-1)).sum())
            count += len(wanted)
    if not count:
        return float("nan"), float("nan"), float("nan")
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


def write_online(model: Retrieving, config: online.RetrieverConfig, folder: Path) -> None:
    """Write what the page needs to run the model by the captioner of a bundle (persrv.models.retrieving): retriever.npz
    and retriever.json.
    """
    head = model.language.get_output_embeddings().weight.detach().numpy()
    arrays = {"rows": model.rows, "written": model.written, "bias": model.bias}
    arrays |= {name: weight for name, weight in model.learnt().items() if "." in name}
    learnt = {name: weight.detach().numpy().astype(np.float32) for name, weight in sorted(arrays.items())}
    np.savez(folder / online.LEARNT, allow_pickle=False, state=online.state_of_logits(head), **learnt)
    write_json(folder / online.CONFIG, asdict(config))


def parity(
    model: Retrieving,
    page: online.LanguageRetriever,
    asked: Sequence[Sequence[Message]],
    writer: str,
    pictures: dict[str, FloatArray],
    encode: Encode | None,
) -> float:
    """The largest difference between the page's model and torch's, in `wants` and in the vector, over conversations."""
    differences = [0.0]
    for turns in asked:
        found, wished = page.answer(turns, writer, pictures), answer(model, turns, writer, pictures, encode)
        differences += [abs(found.wants - wished.wants), float(np.abs(found.vector - wished.vector).max())]
    return max(differences)
