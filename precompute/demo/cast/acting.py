"""Acting: which face, pose, arms and things make each situation, and how it moves."""

from __future__ import annotations

from dataclasses import dataclass

from precompute.demo.cast import things as t
from precompute.demo.cast.things import Thing


@dataclass(frozen=True, slots=True)
class Acting:
    """One situation on the stage. left, right: reaches of the arms; behind, held, around: things, back to front."""

    eyes: str
    brows: str
    mouth: str
    pose: str = "stand"
    left: str = "down"
    right: str = "down"
    held: tuple[Thing, ...] = ()
    around: tuple[Thing, ...] = ()
    behind: tuple[Thing, ...] = ()
    blush: float = 0.7
    motion: str = "breathe"


ACTING: dict[str, Acting] = {
    "laugh": Acting("squint", "none", "big", "sit", "tummy", "tummy", around=(t.laugh_tears,), motion="shake"),
    "cry": Acting("stream", "sad", "wail", "sit", "down", "down", behind=(t.puddle,), motion="shake"),
    "wronged": Acting("teary", "sad", "pout", "knees", "chest", "chest", held=(t.knees,), around=(t.gloom,)),
    "angry": Acting("angry", "angry", "teeth", "stand", "hip", "hip", around=(t.anger, t.steam), motion="shake"),
    "shocked": Acting("wide", "up", "gasp", "stand", "cheek", "cheek", around=(t.exclamations,)),
    "scared": Acting(
        "wide",
        "sad",
        "chatter",
        "peek",
        "",
        "",
        held=(t.board, t.paws_on_edge),
        around=(t.gloom, t.many_sweat),
        motion="tremble",
        blush=0.2,
    ),
    "love": Acting("heart", "none", "open", "stand", "hold", "hold", held=(t.heart_big,), around=(t.hearts,)),
    "kiss": Acting("closed", "none", "kiss", "lean", "down", "out", around=(t.kiss_heart,), blush=1.0),
    "hug": Acting("happy", "none", "open", "stand", "wide", "wide", around=(t.small_hearts,), motion="bounce"),
    "miss": Acting("up", "sad", "smile", "sit", "chest", "chin", around=(t.thought_heart,)),
    "shy": Acting(
        "lashes", "sad", "wavy", "lean", "cheek", "cheek", around=(t.small_hearts,), blush=1.3, motion="sway"
    ),
    "speechless": Acting("flat", "flat", "line", "stand", around=(t.dots, t.sweat), blush=0.3),
    "awkward": Acting("sideways", "sad", "grimace", "stand", "down", "cheek", around=(t.many_sweat, t.gloom)),
    "confused": Acting("uneven", "uneven", "wavy", "lean", "down", "cheek", around=(t.question,)),
    "thinking": Acting("up", "flat", "line", "stand", "tummy", "chin", around=(t.thought_bulb,)),
    "praise": Acting(
        "wink", "up", "open", "stand", "hip", "raise", held=(t.thumb,), around=(t.sparkles,), motion="bounce"
    ),
    "cheer": Acting(
        "star", "angry", "big", "jump", "up", "raise", held=(t.flag,), around=(t.headband, t.confetti), motion="bounce"
    ),
    "letsgo": Acting("angry", "angry", "big", "run", "up", "up", around=(t.headband, t.speed), motion="bounce"),
    "smug": Acting("sideways", "up", "smirk", "stand", "hip", "hip", around=(t.sparkles,)),
    "cool": Acting("shades", "none", "smirk", "lean", "hip", "chin", around=(t.burst,)),
    "happy": Acting("happy", "up", "big", "dance", "up", "up", around=(t.notes,), motion="sway"),
    "congrats": Acting(
        "happy", "up", "open", "stand", "out", "raise", held=(t.popper,), around=(t.confetti,), motion="bounce"
    ),
    "birthday": Acting("star", "up", "open", "stand", "hold", "hold", held=(t.cake,), around=(t.party_hat,)),
    "newyear": Acting("happy", "up", "big", "jump", "up", "up", around=(t.lantern,), motion="bounce"),
    "redpacket": Acting("star", "up", "open", "stand", "hold", "hold", held=(t.red_packet,), motion="bounce"),
    "thanks": Acting(
        "teary", "sad", "cat", "stand", "hold", "hold", held=(t.bouquet,), around=(t.sparkles,), blush=0.9
    ),
    "sorry": Acting("closed", "sad", "frown", "bow", "pray", "pray", around=(t.many_sweat,), motion="nod"),
    "please": Acting("teary", "sad", "pout", "knees", "pray", "pray", held=(t.knees,), around=(t.burst,), motion="nod"),
    "hello": Acting("dot", "up", "open", "stand", "down", "greet", around=(t.waving,)),
    "bye": Acting("happy", "none", "smile", "lean", "down", "greet", held=(t.handkerchief,)),
    "goodmorning": Acting("happy", "none", "yawn", "stretch", "high", "high", behind=(t.sun,)),
    "goodnight": Acting(
        "closed", "none", "smile", "bed", "", "", behind=(t.pillow,), held=(t.blanket,), around=(t.nightcap, t.moon)
    ),
    "sleepy": Acting(
        "drowsy", "sad", "drool", "slump", "down", "down", around=(t.nose_bubble, t.bubbles), motion="nod"
    ),
    "tired": Acting("dazed", "sad", "wavy", "slump", "down", "down", around=(t.soul, t.gloom), blush=0.1),
    "offwork": Acting(
        "happy", "none", "big", "run", "up", "out", held=(t.briefcase,), around=(t.speed,), motion="bounce"
    ),
    "overtime": Acting(
        "swirl", "sad", "line", "sit", "hold", "hold", behind=(t.lamp,), held=(t.laptop,), around=(t.sweat,), blush=0.1
    ),
    "slack": Acting("sideways", "none", "smile", "lie", "hold", "hold", held=(t.fish,), around=(t.small_hearts,)),
    "received": Acting("dot", "angry", "line", "stand", "down", "salute", around=(t.burst,)),
    "ok": Acting("wink", "none", "smile", "stand", "hip", "raise", held=(t.ok_ring,), around=(t.ring_ok,)),
    "no": Acting(
        "closed", "angry", "frown", "stand", "cross", "cross", around=(t.stop_cross,), motion="shake", blush=0.2
    ),
    "hungry": Acting("star", "up", "tongue", "stand", "hold", "hold", held=(t.rice_bowl,)),
    "milktea": Acting("happy", "none", "o", "stand", "hold", "hold", held=(t.milk_tea,), around=(t.small_hearts,)),
    "melon": Acting("dot", "uneven", "chew", "sit", "hold", "hold", held=(t.melon_slice,)),
    "waiting": Acting("flat", "sad", "pout", "sit", "hold", "hold", held=(t.clock,), around=(t.dots,)),
    "shush": Acting("dot", "angry", "line", "stand", "hip", "mouth", held=(t.hush,)),
    "sick": Acting(
        "dazed",
        "sad",
        "wavy",
        "bed",
        "",
        "",
        behind=(t.pillow,),
        held=(t.blanket,),
        around=(t.ice_bag, t.thermometer),
        blush=1.3,
    ),
    "cold": Acting(
        "squint",
        "sad",
        "chatter",
        "stand",
        "tummy",
        "tummy",
        held=(t.scarf,),
        around=(t.snow, t.shiver),
        motion="tremble",
    ),
    "study": Acting("dot", "flat", "smile", "sit", "hold", "hold", held=(t.book,), around=(t.glasses,)),
}
