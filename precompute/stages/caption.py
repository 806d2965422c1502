"""Captioning every sticker by a vision-language model: batched, one JSON line an answer, resumable.

An answer is kept under the hash of the picture and the prompt, so a sticker that changed is the only one to be asked
again. An animation is asked about its first, middle and last frame; the answer the model is surest of stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from PIL import Image

from persrv.models.encoders import key_frames
from precompute.models.small.llava import Answer
from precompute.runtime.cache import digest, file_digest
from precompute.runtime.progress import Report, silent

#: Pictures and a prompt for each -> an answer for each, in their order.
AnswerBatch = Callable[[Sequence[Image.Image], Sequence[str]], list[Answer]]


def caption_all(
    images: Mapping[str, Path],
    prompts: Mapping[str, str],
    store: Path,
    answer: AnswerBatch,
    batch: int = 64,
    report: Report = silent,
) -> dict[str, str]:
    """Sticker id -> the answer to its prompt. `store` is the file that remembers answers of this very model.

    Prompts of like length share a batch, so that little of it is padding; ties by sticker id.
    """
    keys = {name: digest(file_digest(path), prompts[name]) for name, path in images.items()}
    known = load_answers(store)
    missing = sorted((name for name in images if keys[name] not in known), key=lambda name: (len(prompts[name]), name))
    done = len(images) - len(missing)
    report(done, len(images))
    with store.open("a", encoding="utf-8") as stream:
        for start in range(0, len(missing), batch):
            part = missing[start : start + batch]
            answers = _ask([images[name] for name in part], [prompts[name] for name in part], answer)
            for name, best in zip(part, answers, strict=True):
                known[keys[name]] = best
                stream.write(json.dumps({"key": keys[name], **asdict(best)}, ensure_ascii=False) + "\n")
            stream.flush()
            done += len(part)
            report(done, len(images))
    return {name: known[key].text for name, key in keys.items()}


def _ask(paths: Sequence[Path], prompts: Sequence[str], answer: AnswerBatch) -> list[Answer]:
    """One answer a file: of an animation's key frames the one the model is surest of, of equals the earliest."""
    frames = [_frames(path) for path in paths]
    asked = [(frame, prompt) for some, prompt in zip(frames, prompts, strict=True) for frame in some]
    answers = iter(answer([frame for frame, _ in asked], [prompt for _, prompt in asked]))
    return [max([next(answers) for _ in some], key=lambda one: one.sure) for some in frames]


def _frames(path: Path) -> list[Image.Image]:
    with Image.open(path) as picture:
        return key_frames(picture)


def load_answers(store: Path) -> dict[str, Answer]:
    """Key -> answer. A last line that was cut short by a crash is removed from the file."""
    if not store.is_file():
        return {}
    whole, _, torn = store.read_bytes().rpartition(b"\n")
    if torn:
        with store.open("r+b") as stream:
            stream.truncate(len(whole) + 1 if whole else 0)
    rows = (json.loads(line) for line in whole.decode("utf-8").splitlines() if line)
    return {row["key"]: Answer(row["text"], row["sure"]) for row in rows}
