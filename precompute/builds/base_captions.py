"""Captions by the base model, and their quality on combinations that its training never saw."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persrv.models.answers import keywords_of, split_answer
from persrv.records import Gate
from persrv.sampling import evenly
from precompute.demo import telling
from precompute.demo.spec import StickerSpec
from precompute.models.small import llava
from precompute.runtime.batch_store import Columns
from precompute.runtime.cache import write_json
from precompute.runtime.progress import Report
from precompute.stages.caption import CaptionPrompt, answers_in

if TYPE_CHECKING:
    from precompute.config import CaptionConfig

#: Descriptions that the evidence shows.
EXAMPLES = 12

#: Files of the captions and of their quality, below the stage's folder.
_DESCRIBED, JUDGED = "described.json", "vlm.json"


@dataclass(frozen=True, slots=True)
class Described:
    """Captions by the base model: sticker id -> its description ("1. ... | 2. ..."), and its keywords."""

    descriptions: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]


def prompts(config: CaptionConfig) -> tuple[CaptionPrompt, ...]:
    """Prompts of the base model, asked about every sticker."""
    return (
        CaptionPrompt("description", llava.prompt(llava.GENERAL), config.description_tokens),
        CaptionPrompt("keywords", llava.keyword_prompt(), config.term_tokens),
    )


def write(
    columns: Columns, unseen: Sequence[StickerSpec], config: CaptionConfig, folder: Path, report: Report
) -> dict[str, Any]:
    """Ask about every sticker, and judge the answers about `unseen`, whose triples training never showed."""
    answers = answers_in(columns, report)
    keywords = {name: keywords_of(answer, config.most) for name, answer in answers["keywords"].items()}
    gates, found = judge(answers["description"], unseen, config)
    write_json(folder / _DESCRIBED, asdict(Described(answers["description"], keywords)))
    write_json(folder / JUDGED, found)
    return {"gates": {name: asdict(gate) for name, gate in gates.items()}}


def read(folder: Path) -> Described:
    """Read the captions that `write` wrote."""
    document = json.loads((folder / _DESCRIBED).read_text(encoding="utf-8"))
    return Described(document["descriptions"], {name: tuple(words) for name, words in document["keywords"].items()})


def judge(
    descriptions: Mapping[str, str], specs: Sequence[StickerSpec], config: CaptionConfig
) -> tuple[dict[str, Gate], dict[str, Any]]:
    """Gates of the base model's descriptions of `specs`, whose triples training never showed; and examples by sticker
    id.
    """
    right = {spec.id: right_parts(descriptions[spec.id], spec) for spec in specs}
    found = shares(list(right.values()))
    goals = {
        "vlm_expression": ("feels", config.expression_goal),
        "vlm_character": ("character", config.character_goal),
        "vlm_style": ("style", config.style_goal),
        "vlm_pose_or_prop": ("pose_or_prop", config.pose_goal),
    }
    gates = {name: Gate.at_least(found.get(part, 0.0), goal, len(specs)) for name, (part, goal) in goals.items()}
    shown = evenly(sorted(specs, key=lambda spec: spec.id), EXAMPLES)
    examples = [_base_example(spec, descriptions[spec.id], right[spec.id]) for spec in shown]
    return gates, {"shares": found, "base_examples": examples}


def right_parts(answer: str, spec: StickerSpec) -> dict[str, bool]:
    """Judge a description part by part: a part is right if the answer has phrasings of the true value and of no other.
    "pose_or_prop": right if the answer tells the pose or a thing, and nothing wrong about either.
    """
    read, true = telling.read(answer), telling.truth(spec)
    right = {part: read[part] == {true[part]} for part in telling.PARTS}
    return {**right, "pose_or_prop": read["poses"] | read["things"] == {spec.situation}}


def shares(rows: Sequence[Mapping[str, bool]]) -> dict[str, float]:
    """Share of rows in which each part is right."""
    return {part: sum(row[part] for row in rows) / len(rows) for part in rows[0]} if rows else {}


def _base_example(spec: StickerSpec, answer: str, right: Mapping[str, bool]) -> dict[str, Any]:
    description, emotion = split_answer(answer)
    truth = {"character": spec.character, "style": spec.style, "situation": spec.situation}
    return {"sticker": spec.id, "description": description, "emotion": emotion, "truth": truth, "right": dict(right)}
