"""The settings of a build: one frozen dataclass a stage, read from profiles/<name>.toml, a file one can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from persrv.errors import DataError
from persrv.models.retrieving import ReadingConfig
from persrv.ranking.styles import CLUSTERS
from persrv.records import FIELDS
from precompute.model_cards import ModelCard, model_card
from precompute.toml_settings import read_toml, settings_of

PROFILES = Path(__file__).parent / "profiles"

#: Stages in their order, with what each does: the sub-commands of `python -m precompute`.
STAGES: Mapping[str, str] = {
    "draw": "draw the catalogue's stickers",
    "clicks": "simulate people's queries and clicks",
    "split": "divide the clicks into training, validation and test",
    "ocr": "read the stickers, keep what is their text",
    "variants": "draw what the Chinese-CLIP learns from",
    "train": "train the small Chinese-CLIP",
    "embed": "embed every sticker, export the encoders, judge them on what training never saw",
    "lessons": "draw what the LLaVA learns from beside",
    "speak": "train the small LLaVA to describe stickers",
    "describe": "let it describe every sticker",
    "finetune": "fine-tune it on what people typed before they clicked",
    "caption": "write every sticker's keywords, judge the captions of what training never saw",
    "integrate": "collect the training queries of every sticker",
    "utility": "count clicks, people and queries of every sticker",
    "styles": "cluster the stickers that each person clicked",
    "project": "lay out the style map",
    "tune": "choose the settings of a search by words on validation clicks",
    "meaning": "encode every text by a sentence encoder, where one is installed",
    "mix": "choose the settings of a search by words and meaning on validation clicks",
    "assemble": "bring everything together, short of writing the bundle",
}


@dataclass(frozen=True, slots=True)
class DrawConfig:
    """seed: of the catalogue's plan; limit: draw about so many stickers, evenly spread over the plan (0: all)."""

    seed: int = 1
    limit: int = 0


@dataclass(frozen=True, slots=True)
class ClicksConfig:
    """seed: of the simulated clicks."""

    seed: int = 1


@dataclass(frozen=True, slots=True)
class SplitConfig:
    """method: interaction | pair | time; test: share of all; validation: share of what is left."""

    method: str = "interaction"
    test: float = 0.2
    validation: float = 0.1
    seed: int = 1


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """Settings of the OCR. side: pixels that the shorter side of a picture is enlarged to before text is looked for.

    grounds: grey levels to lay the picture on, one after the other until a line is read with more than `enough`.
    """

    side: int = 480
    grounds: tuple[int, ...] = (255, 40)
    enough: float = 0.7


@dataclass(frozen=True, slots=True)
class OcrConfig:
    """engine: who reads the pictures of an import, a name of precompute.stages.ocr_engines; the drawn world has
    rapidocr."""

    engine: str = "rapidocr"


@dataclass(frozen=True, slots=True)
class OcrFilterConfig:
    """Settings of the filter that keeps OCR lines as a sticker's text. Lengths are shares of the picture's height.

    confidence: a line must have more; height: least height of a line; relative: least height as a share of the tallest
    kept line's; middle: a line's middle must lie below this; unlike: lines at one place in two frames whose texts are
    less alike (difflib's ratio) follow one another, others are one line seen twice (0: always one); alone: confidence
    from which a text that is no wording is kept where it is all there is (0: never); goal: the gate's share of exact
    captions.
    """

    confidence: float = 0.7
    height: float = 0.06
    relative: float = 0.6
    middle: float = 0.55
    unlike: float = 0.0
    alone: float = 0.0
    goal: float = 0.92


@dataclass(frozen=True, slots=True)
class Targets:
    """The designed geometry: the cosine two pictures gain by each attribute they share (caption: the same text)."""

    style: float = 0.45
    character: float = 0.25
    situation: float = 0.15
    caption: float = 0.05


@dataclass(frozen=True, slots=True)
class ClipConfig:
    """Hyper-parameters and seeds of the model and of its training.

    keep_*: how often a part of the annotation stays in a training text; canonical: how often a part is told in its
    canonical words; shuffle: how often the parts change order; unknown: how often a token is read as [UNK].
    zoom: the range of sizes in pixels a training picture is resized to before a window of image_size is cut out;
    unzoomed: how often it keeps its size, because resizing blurs what tells pixel art from smooth toys; tint:
    by how much each colour channel is strengthened or weakened at most; mirror: how often left and right are exchanged.
    """

    image_size: int = 128
    patch_size: int = 16
    vision_width: int = 128
    vision_layers: int = 4
    vision_heads: int = 4
    text_width: int = 128
    text_layers: int = 2
    text_heads: int = 4
    projection: int = 512
    max_length: int = 32
    position_strength: float = 0.5

    seed: int = 20240717
    threads: int = 2
    batch: int = 64
    epochs: float = 24
    learning_rate: float = 2e-3
    hidden_rate: float = 3e-3
    weight_decay: float = 0.05
    warmup: int = 60
    clip_norm: float = 1.0
    max_logit_scale: float = 4.6
    attribute_weight: float = 2.0
    gram_weight: float = 12.0
    targets: Targets = Targets()
    keep_style: float = 0.6
    keep_character: float = 0.6
    keep_situation: float = 0.85
    canonical: float = 0.4
    shuffle: float = 0.3
    unknown: float = 0.05
    zoom: tuple[int, int] = (121, 150)
    unzoomed: float = 0.5
    tint: float = 0.15
    mirror: float = 0.5
    checkpoint_every: int = 100


@dataclass(frozen=True, slots=True)
class LlavaConfig:
    """Sizes of the small model and of its adapters. image_size and patch_size are those of the vision tower."""

    width: int = 192
    layers: int = 4
    heads: int = 6
    mlp: int = 512
    context: int = 320
    rank: int = 16
    seed: int = 20241021


@dataclass(frozen=True, slots=True)
class LessonConfig:
    """Settings of a training. batch: examples with a picture a step; epochs: over the pictures.

    hidden_rate: peak rate of Muon (0: AdamW for everything); learning_rate: of AdamW; attribute_weight: of the
    attribute heads; dictionary: examples of text alone a step; formal: share of examples with a picture that
    are asked for keywords; looks: how pictures are augmented.
    """

    seed: int = 1
    threads: int = 2
    batch: int = 16
    epochs: float = 2.5
    hidden_rate: float = 3e-3
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    warmup: int = 40
    clip_norm: float = 1.0
    attribute_weight: float = 0.5
    dictionary: int = 12
    formal: float = 0.3
    checkpoint_every: int = 100
    looks: ClipConfig = field(default_factory=ClipConfig)


@dataclass(frozen=True, slots=True)
class EmbedConfig:
    """clip: the small Chinese-CLIP's hyper-parameters.

    seed, per_triple, side: of the drawn variants it learns from (how many of each character x style x situation, and
    how many pixels wide); parity_goal: largest difference allowed between torch and ONNX; parity_cases: samples of each
    kind that are compared.
    """

    clip: ClipConfig = field(default_factory=ClipConfig)
    seed: int = 1
    per_triple: float = 1.3
    side: int = 128
    parity_goal: float = 1e-4
    parity_cases: int = 32


@dataclass(frozen=True, slots=True)
class CaptionConfig:
    """The small LLaVA: its sizes, its trainings, how it is asked, and what it has to reach on what it never saw.

    seed, per_triple, share: of the drawings it learns from beside the Chinese-CLIP's (demo.lessons); batch: pictures
    answered at once; description_tokens, term_tokens, keyword_tokens: longest description, list of base keywords and
    fine-tuned keyword; most: keywords a sticker; kin: share of fine-tuning examples that are answered by the clicks on
    all stickers of the same meaning; *_goal: the gates.
    """

    llava: LlavaConfig = field(default_factory=LlavaConfig)
    look: LessonConfig = field(default_factory=lambda: LessonConfig(batch=64, epochs=28, attribute_weight=1.0))
    speak: LessonConfig = field(default_factory=lambda: LessonConfig(epochs=3.2, attribute_weight=1.0))
    tuned: LessonConfig = field(default_factory=lambda: LessonConfig(epochs=8, hidden_rate=6e-3))
    seed: int = 1
    per_triple: float = 1.3
    share: float = 1 / 3
    batch: int = 64
    description_tokens: int = 80
    term_tokens: int = 40
    keyword_tokens: int = 14
    most: int = 10
    kin: float = 0.5
    expression_goal: float = 0.85
    character_goal: float = 0.9
    style_goal: float = 0.9
    pose_goal: float = 0.7
    picture_goal: float = 0.5
    ocr_goal: float = 0.7
    cosine_goal: float = 0.1
    megabytes_goal: float = 10.0
    parity_goal: float = 1e-3
    parity_cases: int = 8


@dataclass(frozen=True, slots=True)
class LoraRecipe:
    """Recipe of an adapter's training. The defaults are the recipe of the authors' released adapters (docs/gpu.md).

    rank, alpha: of LoRA, on every linear layer of the language model; batch: examples a step, however many fit at once;
    learning_rate: the peak of half a cosine; cutoff: most tokens of an example; judged: stickers whose keywords are
    judged after every epoch; most_queries: of one sticker; again: compute activations twice instead of keeping them
    (gradient checkpointing); checkpoint_every: steps; merged: write the base model with the adapter in it as well.
    """

    rank: int = 8
    alpha: int = 16
    epochs: int = 4
    batch: int = 32
    learning_rate: float = 5e-5
    clip_norm: float = 1.0
    cutoff: int = 2048
    most_queries: int = 10
    seed: int = 1
    judged: int = 200
    again: bool = True
    checkpoint_every: int = 50
    merged: bool = False


@dataclass(frozen=True, slots=True)
class ReleasedConfig:
    """The released models that a profile uses, by the names of their cards (precompute.model_cards), and how they are
    asked. "" for none: then there are the small models of our own, or no captions.

    clip: the Chinese-CLIP that sees the pictures; vlm: the vision-language model that speaks of them; encoders: whether
    the bundle gets both towers of the Chinese-CLIP as ONNX in 8 bits, for the page; learn: whether an adapter is
    trained on the clicks, whose keywords are then searched instead of the released model's.
    precision: of the weights, "half", "4-bit", or "auto" by free memory; batch, clip_batch: pictures a finished batch
    on disk; ask: the name of the prompt for keywords, "" for the first of the card; *_tokens: longest answers; most:
    keywords a sticker; compiled: let torch compile the writing of tokens; lora: how the adapter is trained.
    """

    clip: str = ""
    vlm: str = ""
    encoders: bool = False
    learn: bool = True
    precision: str = "auto"
    batch: int = 256
    clip_batch: int = 256
    ask: str = ""
    description_tokens: int = 128
    keyword_tokens: int = 64
    most: int = 10
    compiled: bool = False
    lora: LoraRecipe = field(default_factory=LoraRecipe)

    def __post_init__(self) -> None:
        if self.vlm and self.ask and self.ask not in self.card.prompts:
            known = ", ".join(self.card.prompts) or "a prompt under [prompts] of its card"
            raise DataError(f"ask = {self.ask!r}", f"one of {known}", "Correct the profile.")

    @property
    def card(self) -> ModelCard:
        """The card of the vision-language model."""
        return model_card(self.vlm)

    @property
    def description(self) -> str:
        """Prompt about every sticker."""
        return self.card.description

    @property
    def keywords(self) -> str:
        """Prompt for keywords; {text} stands for the text that OCR read."""
        prompts = self.card.prompts
        return prompts[self.ask] if self.ask else next(iter(prompts.values()))


@dataclass(frozen=True, slots=True)
class StickerClipRecipe:
    """on: whether it is done at all. held, most_held: share and most of the stickers that training never sees.

    rate, decay, warmup: of AdamW, whose rate then falls by half a cosine; checkpoint_every: steps.
    """

    on: bool = False
    batch: int = 64
    epochs: int = 5
    rate: float = 2e-5
    decay: float = 1e-3
    warmup: int = 100
    held: float = 0.05
    most_held: int = 1000
    checkpoint_every: int = 500
    seed: int = 1


@dataclass(frozen=True, slots=True)
class RetrievingConfig:
    """Settings of a language model that learns to retrieve stickers (models.retrieving).

    model: folder of a released one, "" for the bundle's own; batch: questions a
    step, of which a share `unwanted` wants no sticker; looks: sent stickers a step, answered by the words on them;
    ordinary: descriptions a step; words: weight of the loss of pieces; draws: how often all questions are made anew;
    pictured: share of conversations in which a sticker was sent before; rate, decay, warmup: of AdamW; weights: those
    of read text that validation chooses from; *_goal: the gates, shares of what was there before.
    """

    model: str = ""
    reading: ReadingConfig = field(default_factory=ReadingConfig)
    steps: int = 450
    batch: int = 32
    unwanted: float = 0.35
    looks: int = 2
    ordinary: int = 4
    words: float = 0.02
    draws: int = 12
    pictured: float = 0.2
    rate: float = 4e-3
    decay: float = 0.01
    warmup: int = 20
    clip_norm: float = 1.0
    weights: tuple[float, ...] = (0.3, 0.4, 0.5)
    seed: int = 1
    threads: int = 1
    checkpoint_every: int = 50
    perplexity_goal: float = 0.01
    megabytes_goal: float = 10.0
    parity_goal: float = 1e-3


@dataclass(frozen=True, slots=True)
class TranslateConfig:
    """Settings of the translation of base descriptions into Chinese for Table 3. model: a repository on the Hugging
    Face hub, "" for no translation; batch: sentences at once.
    """

    model: str = ""
    batch: int = 64


@dataclass(frozen=True, slots=True)
class StylesConfig:
    """clusters: most k-means clusters a person; seed: of its start; discriminant: whether a taste is a linear
    discriminant, else the nearest cluster (persrv.ranking.styles).
    """

    clusters: int = CLUSTERS
    seed: int = 1
    discriminant: bool = True


@dataclass(frozen=True, slots=True)
class ProjectConfig:
    """UMAP's parameters."""

    seed: int = 1
    neighbours: int = 15
    min_dist: float = 0.1


@dataclass(frozen=True, slots=True)
class TuneConfig:
    """The grids of the coordinate search, one list of values a setting, and how often it goes round at most.

    field_weight: field -> values, for any field but ocr, whose weight 1 is the unit; start: field -> the value that its
    search starts with, where the grid has it. meaning, feedback, floor, mixed_lambda: of a search by words and meaning,
    where the best relevance is about 1. cutoff: k of the objective M-MRR@k; seed: of the orders in which settings are
    visited, one order a search; searches: of so many the best is taken.
    """

    alpha: tuple[float, ...] = (0.0, 0.1, 0.2, 0.25, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0)
    lambda_: tuple[float, ...] = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0)
    utility_weights: tuple[tuple[float, float, float], ...] = (
        (1 / 3, 1 / 3, 1 / 3),
        (1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0),
        (0.0, 0.0, 1.0),
        (0.5, 0.5, 0.0),
        (0.5, 0.0, 0.5),
        (0.0, 0.5, 0.5),
    )
    utility_base: tuple[float, ...] = (0.001, 0.01, 0.03, 0.1, 0.2)
    field_weight: Mapping[str, tuple[float, ...]] = field(
        default_factory=lambda: {
            "queries": (0.5,),
            "keywords": (0.0, 0.1, 0.25, 0.5, 1.0),
            "description": (0.0, 0.05, 0.1, 0.25, 0.5),
            "emotion": (0.0, 0.05, 0.1, 0.3),
            "names": (0.0, 0.1, 0.25, 0.5, 1.0),
        }
    )
    start: Mapping[str, float] = field(
        default_factory=lambda: {"queries": 0.5, "keywords": 0.25, "description": 0.1, "emotion": 0.1, "names": 0.5}
    )
    meaning: tuple[float, ...] = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    feedback: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8)
    floor: tuple[float, ...] = (0.0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
    mixed_lambda: tuple[float, ...] = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
    recall_size: int = 100
    rounds: int = 3
    searches: int = 1
    cutoff: int = 10
    seed: int = 1

    def __post_init__(self) -> None:
        for name in (*self.field_weight, *self.start):
            if name not in FIELDS[1:]:
                raise DataError(
                    f"A weight to search for {name!r}", f"one of {', '.join(FIELDS[1:])}", "Correct the profile."
                )


@dataclass(frozen=True, slots=True)
class EvaluateConfig:
    """Settings of the evaluation ending an import. cutoffs: each k of metrics at k; resamples, seed: of intervals."""

    cutoffs: tuple[int, ...] = (1, 5, 10, 20)
    resamples: int = 2000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Profile:
    """Settings of a whole build, by stage. workers: processes of the stages that share their work."""

    name: str
    title: str
    workers: int = 2
    draw: DrawConfig = field(default_factory=DrawConfig)
    clicks: ClicksConfig = field(default_factory=ClicksConfig)
    split: SplitConfig = field(default_factory=SplitConfig)
    ocr: OcrConfig = field(default_factory=OcrConfig)
    read: ReadConfig = field(default_factory=ReadConfig)
    keep: OcrFilterConfig = field(default_factory=OcrFilterConfig)
    embed: EmbedConfig = field(default_factory=EmbedConfig)
    caption: CaptionConfig = field(default_factory=CaptionConfig)
    released: ReleasedConfig = field(default_factory=ReleasedConfig)
    sticker_clip: StickerClipRecipe = field(default_factory=StickerClipRecipe)
    retrieving: RetrievingConfig = field(default_factory=RetrievingConfig)
    translate: TranslateConfig = field(default_factory=TranslateConfig)
    styles: StylesConfig = field(default_factory=StylesConfig)
    project: ProjectConfig = field(default_factory=ProjectConfig)
    tune: TuneConfig = field(default_factory=TuneConfig)
    evaluate: EvaluateConfig = field(default_factory=EvaluateConfig)


def profile_names(folder: Path = PROFILES) -> tuple[str, ...]:
    """The profiles there are, by name."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def load_profile(name: str, folder: Path = PROFILES) -> Profile:
    """The profile in <folder>/<name>.toml; DataError where there is none or it says something unknown."""
    path = folder / f"{name}.toml"
    if not path.is_file():
        raise DataError(
            f"No profile {name!r}", f"one of {', '.join(profile_names(folder))}", "Choose another --profile."
        )
    document = read_toml(path)
    return settings_of(Profile, {"name": name, **document}, path.name)
