"""Memory plans: whether a LLaVA runs in half precision or in 4 bits on a GPU, and how many pictures at once there or on
a processor.

Everything here is a function of bytes, so that it can be decided, and tested, without a GPU.
"""

from __future__ import annotations

from dataclasses import dataclass

from persrv.errors import DataError, ModelError
from precompute.models.released.costs import HALF, Llava, key_bytes, llava_bytes, llava_rest, llava_weights

#: Number formats of weights: in half precision, or in 4 bits (NF4) with the rest in half precision.
HALF_PRECISION, FOUR_BIT = "half", "4-bit"

#: Settings of a profile.
CHOICES = ("auto", HALF_PRECISION, FOUR_BIT)

#: Kept free of the free memory: for the allocator's fragments, and for what no formula below counts.
_SPARE, _SLACK = 0.08, 1 << 30

#: Fewer pictures at once than this are not worth weights in half precision: 4 bits leave room for many.
ENOUGH = 4

#: More pictures at once gain nothing: by then the weights, read once a token, cost little beside keys and values.
MOST = 256

#: Pictures at once on a processor, which arithmetic and not memory keeps busy; as many as are tried beforehand.
MOST_ON_PROCESSOR = 5

#: Advice where a processor's memory is too small.
SMALLER = "Close other programs, or let a smaller model caption: --profile laptop --vlm smolvlm-256m."


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """The precision of the weights, and how many pictures are answered, or trained on, at once."""

    precision: str
    batch: int


def captioning(shape: Llava, tokens: int, free: float, wanted: str = "auto", most: int = MOST) -> MemoryPlan:
    """The precision and batch for prompts and answers of `tokens` tokens together, within `free` bytes."""
    return _fit(shape, free, wanted, most, caption_room(shape, tokens))


def tuning(shape: Llava, tokens: int, free: float, again: bool, wanted: str = "auto", most: int = MOST) -> MemoryPlan:
    """The precision and batch for training on examples of `tokens` tokens; again: with gradient checkpointing."""
    return _fit(shape, free, wanted, most, example_room(shape, tokens, again))


def on_processor(weights: float, room: float, free: float, most: int = MOST_ON_PROCESSOR) -> int:
    """Number of pictures, or training examples, worked on at once within `free` bytes of a processor's memory.
    ModelError if not even one fits.

    weights: bytes of the weights as they are kept there; room: bytes that one picture takes.
    """
    fitting = int((free * (1 - _SPARE) - _SLACK - weights) // room)
    if fitting < 1:
        needed = (weights + room + _SLACK) / (1 - _SPARE)
        raise ModelError(
            f"{free / 2**30:.1f} GiB of memory are free",
            f"{needed / 2**30:.1f} GiB for this model and one picture on a processor",
            SMALLER,
        )
    return min(fitting, most)


def llava_on_processor(shape: Llava, room: float, free: float, precision: str, most: int = MOST_ON_PROCESSOR) -> int:
    """`on_processor` for a LLaVA, all of which that is not in 4 bits is kept in float32. room: in half precision."""
    four_bit = precision == FOUR_BIT
    packed = llava_bytes(shape, True) - HALF * llava_rest(shape) if four_bit else 0.0
    weights = packed + 2 * HALF * (llava_rest(shape) if four_bit else llava_weights(shape))
    return on_processor(weights, 2 * room, free, most)


def caption_room(shape: Llava, tokens: int) -> float:
    """Bytes that one picture takes while it is answered: keys and values, the widest layer, the tower's activations."""
    speaks, sees = shape.speaks, shape.sees
    layer = HALF * tokens * (3 * speaks.mlp + 6 * speaks.width)
    return tokens * key_bytes(speaks) + layer + HALF * sees.tokens * sees.width * (sees.layers + 6)


def example_room(shape: Llava, tokens: int, again: bool) -> float:
    """Bytes that one training example takes: what is kept of every layer, and one layer in full."""
    speaks, sees = shape.speaks, shape.sees
    whole = HALF * tokens * (16 * speaks.width + 6 * speaks.mlp)
    kept = speaks.layers * (HALF * tokens * speaks.width if again else whole)
    return kept + 2 * whole + HALF * sees.tokens * sees.width * (sees.layers + 6)


def _fit(shape: Llava, free: float, wanted: str, most: int, room: float) -> MemoryPlan:
    if wanted not in CHOICES:
        raise DataError(f"precision = {wanted!r}", f"one of {', '.join(CHOICES)}", "Correct the profile.")
    halves = _at_once(shape, free, False, room)
    if wanted == HALF_PRECISION or (wanted == "auto" and halves >= min(ENOUGH, most)):
        return MemoryPlan(HALF_PRECISION, _some(shape, free, halves, most, False, room))
    return MemoryPlan(FOUR_BIT, _some(shape, free, _at_once(shape, free, True, room), most, True, room))


def _at_once(shape: Llava, free: float, four_bit: bool, room: float) -> int:
    return int((free * (1 - _SPARE) - _SLACK - llava_bytes(shape, four_bit)) // room)


def _some(shape: Llava, free: float, fitting: int, most: int, four_bit: bool, room: float) -> int:
    if fitting < 1:
        needed = (llava_bytes(shape, four_bit) + room + _SLACK) / (1 - _SPARE)
        raise ModelError(
            f"{free / 2**30:.1f} GiB of memory are free",
            f"{needed / 2**30:.1f} GiB for one picture at once, {'in 4 bits' if four_bit else 'in half precision'}",
            'Free some, take a larger GPU, or set precision = "auto" in the profile.',
        )
    return min(fitting, most)
