"""Acting: which face, pose, props and effects play each of the 48 situations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acting:
    """A situation as played by any character.

    `stance` and `gesture` name entries of poses.STANCES and poses.GESTURES; `props` those of props.PROPS, drawn in
    this order within a layer; `tilt` turns the head (degrees, clockwise); `motion` moves the animation; `blush` is
    the strength of the rosy cheeks (1 = normal, 0 = none); `hat`: something else covers the top of the head.
    """

    eyes: str
    brows: str
    mouth: str
    stance: str = "stand"
    gesture: str = "down"
    props: tuple[str, ...] = ()
    tilt: float = 0.0
    motion: str = "bounce"
    mood: str = "calm"
    blush: float = 1.0
    hat: bool = False


_BED = ("pillow", "moon", "nightcap", "blanket")
_SICKBED = ("pillow", "ice_bag", "thermometer", "sick_blanket", "fever")

ACTING: dict[str, Acting] = {
    "laugh": Acting("squint", "none", "big", "sit", "belly", ("joy_tears", "joy_strokes"), -9, "shake", "joy"),
    "cry": Acting("stream", "sad", "wail", "sit", "out", ("puddle", "sob_drops"), 0, "tremble", "sorrow"),
    "wronged": Acting("teary", "sad", "pout", "knees", "knees", ("rain_cloud",), 6, "breathe", "sorrow", 1.1),
    "angry": Acting("angry", "angry", "teeth", "stand", "hips", ("flames", "vein", "steam"), 0, "shake", "anger"),
    "shocked": Acting("wide", "up", "gasp", "stand", "cheeks", ("burst", "bolts"), 0, "tremble", "shock", 0),
    "scared": Acting("wide", "sad", "wavy", "peek", "edge", ("carton", "gloom", "sweat"), -4, "tremble", "fear", 0),
    "love": Acting("heart", "none", "open", "stand", "hold", ("big_heart", "hearts"), 0, "bounce", "love", 1.2),
    "kiss": Acting("lashes", "none", "kiss", "stand", "hold", ("flying_hearts",), 9, "sway", "love", 1.25),
    "hug": Acting("happy", "none", "big", "jump", "hugging", ("small_hearts", "hug_strokes"), 0, "bounce", "love"),
    "miss": Acting("up", "sad", "pout", "sit", "hold", ("dream_heart", "photo"), 5, "breathe", "longing", 1.1),
    "shy": Acting("lashes", "sad", "wavy", "stand", "cheeks", ("blush_steam", "small_heart"), 9, "sway", "shy", 1.35),
    "speechless": Acting(
        "flat", "flat", "line", "stand", "down", ("dots_balloon", "sweat"), 0, "breathe", "deadpan", 0
    ),
    "awkward": Acting("dot", "sad", "grimace", "stand", "scratch", ("big_sweat", "blank_lines"), 5, "sway", "uneasy"),
    "confused": Acting("uneven", "uneven", "wavy", "stand", "shrug", ("question",), 13, "sway", "puzzled", 0.8),
    "thinking": Acting("up", "uneven", "line", "stand", "chin", ("think_bubble",), 7, "breathe", "puzzled", 0.8),
    "praise": Acting("wink", "up", "open", "stand", "thumb", ("sparkles",), 5, "bounce", "joy"),
    "cheer": Acting("star", "angry", "big", "jump", "up", ("pompoms", "confetti"), 0, "bounce", "drive"),
    "letsgo": Acting("star", "angry", "big", "run", "fist", ("cape", "speed", "dust"), 0, "run", "drive"),
    "smug": Acting("sideways", "up", "smirk", "stand", "hips", ("glow", "sparkle_small"), -10, "sway", "pride"),
    "cool": Acting("shades", "none", "smirk", "stand", "crossed", ("gold_chain", "glints"), -4, "breathe", "pride", 0),
    "happy": Acting("happy", "none", "big", "dance", "up", ("notes",), -6, "bounce", "joy"),
    "congrats": Acting("happy", "up", "big", "jump", "raise", ("popper", "confetti"), -5, "bounce", "joy"),
    "birthday": Acting(
        "dot", "up", "big", "behind", "desk", ("table", "balloons", "party_hat", "cake"), 4, "sway", "joy", hat=True
    ),
    "newyear": Acting(
        "happy", "none", "open", "stand", "pray", ("lanterns", "firecrackers", "fu_hat"), 0, "bounce", "joy", 1.1, True
    ),
    "redpacket": Acting("star", "up", "big", "stand", "hold", ("red_packet", "coins"), 0, "bounce", "joy"),
    "thanks": Acting("happy", "sad", "cat", "stand", "hold", ("bouquet", "small_hearts"), 9, "nod", "warm", 1.15),
    "sorry": Acting("closed", "sad", "frown", "bow", "floor", ("sorry_drops", "bow_strokes"), 0, "nod", "sorrow", 0.9),
    "please": Acting("teary", "sad", "o", "stand", "pray", ("plead_glow",), 6, "nod", "longing", 1.15),
    "hello": Acting("dot", "up", "big", "stand", "wave", ("wave_strokes", "flower"), -6, "wave", "joy"),
    "bye": Acting("happy", "none", "smile", "run", "carry", ("suitcase", "hankie"), -8, "wave", "warm"),
    "goodmorning": Acting("wink", "up", "open", "stand", "stretch", ("sun", "birds"), -4, "breathe", "joy"),
    "goodnight": Acting("closed", "none", "smile", "bed", "edge", _BED, 4, "breathe", "sleep", hat=True),
    "sleepy": Acting("drowsy", "sad", "yawn", "sit", "hold", ("sleep_bubbles", "hug_pillow"), 11, "nod", "sleep", 0.8),
    "tired": Acting("swirl", "sad", "tongue", "sprawl", "limp", ("gloom_right", "soul"), 0, "breathe", "worn", 0),
    "offwork": Acting("star", "up", "big", "run", "carry", ("briefcase", "speed", "dust", "tie"), 0, "run", "joy"),
    "overtime": Acting(
        "drowsy",
        "sad",
        "wavy",
        "behind",
        "desk",
        ("table", "night_window", "wall_clock", "laptop"),
        5,
        "nod",
        "worn",
        0,
    ),
    "slack": Acting("sideways", "up", "smirk", "lie", "phone", ("fish", "bubbles"), 0, "kick", "sly"),
    "received": Acting("dot", "angry", "smile", "stand", "salute", ("tick", "helmet"), 0, "nod", "drive", hat=True),
    "ok": Acting("happy", "none", "open", "stand", "ring", ("ok_glow",), 0, "bounce", "joy"),
    "no": Acting("angry", "angry", "frown", "stand", "barred", ("ban_sign",), 0, "refuse", "anger", 0.6),
    "hungry": Acting(
        "star", "up", "tongue", "behind", "desk", ("table", "food_steam", "rice", "chopsticks"), 0, "bounce", "joy"
    ),
    "milktea": Acting("happy", "none", "o", "stand", "sip", ("bubble_tea", "small_heart"), 5, "sway", "joy", 1.15),
    "melon": Acting("sideways", "up", "chew", "sit", "hold", ("melon", "melon_seeds"), 4, "nod", "sly"),
    "waiting": Acting("sideways", "flat", "line", "sit", "chin", ("clock", "hourglass"), 10, "breathe", "bored", 0.6),
    "shush": Acting("dot", "angry", "line", "stand", "hush", ("hush_strokes",), 0, "nod", "stern", 0.8),
    "sick": Acting("dazed", "sad", "wavy", "bed", "none", _SICKBED, -8, "breathe", "worn", 1.45, True),
    "cold": Acting(
        "squint",
        "sad",
        "chatter",
        "stand",
        "shivering",
        ("snow", "beanie", "scarf", "icicle"),
        0,
        "tremble",
        "cold",
        1.2,
        True,
    ),
    "study": Acting(
        "dot",
        "angry",
        "smile",
        "behind",
        "desk",
        ("table", "book_pile", "glasses", "headband", "open_book"),
        4,
        "nod",
        "drive",
        hat=True,
    ),
}
