"""Props and effects: the things in a figure's hands, around it and on its head, and the signs of its mood.

Every prop is one function of the Scene, listed in PROPS with the layer it is drawn in. No prop shows letters or digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from precompute.demo.figure.props import furniture, held, moods, room, worn
from precompute.demo.figure.props.scene import Scene

__all__ = ["PROPS", "Prop", "Scene"]


@dataclass(frozen=True, slots=True)
class Prop:
    """A prop and its layer: "back" behind everything, "worn" between torso and head, "head" on the head (in its
    coordinates), "held" before head and body but behind the front arms, "front" before everything.
    """

    layer: str
    draw: Callable[[Scene], None]


def _layer(layer: str, *draws: Callable[[Scene], None]) -> dict[str, Prop]:
    return {draw.__name__: Prop(layer, draw) for draw in draws}


PROPS: dict[str, Prop] = {
    **_layer("back", moods.puddle, moods.rain_cloud, moods.flames, moods.burst, moods.bolts, moods.gloom),
    **_layer("back", moods.gloom_right, moods.hearts, moods.small_hearts, moods.small_heart, moods.hug_strokes),
    **_layer("back", moods.blush_steam, moods.dots_balloon, moods.think_bubble, moods.dream_heart, moods.question),
    **_layer("back", moods.sparkles, moods.glow, moods.sparkle_small, moods.plead_glow, moods.notes),
    **_layer("back", moods.hush_strokes, moods.bow_strokes, moods.speed, moods.dust, moods.tick, moods.ok_glow),
    **_layer("back", moods.snow, moods.ban_sign, moods.fever, moods.food_steam, room.sun, room.birds, room.moon),
    **_layer("back", room.night_window, room.wall_clock, room.clock, room.hourglass, room.balloons, room.lanterns),
    **_layer("back", room.firecrackers, room.bubbles, room.flower, held.coins, worn.cape, furniture.book_pile),
    **_layer("back", furniture.pillow, moods.confetti),
    **_layer("worn", worn.tie, worn.gold_chain),
    **_layer("head", worn.party_hat, worn.fu_hat, worn.helmet, worn.nightcap, worn.beanie, worn.headband, worn.glasses),
    **_layer("head", worn.ice_bag, worn.thermometer),
    **_layer("held", worn.scarf, moods.big_heart, moods.photo, held.bouquet, held.red_packet, held.hug_pillow),
    **_layer("held", held.bubble_tea, held.melon, furniture.carton, furniture.table, held.suitcase, held.briefcase),
    **_layer("held", furniture.blanket, furniture.chopsticks),
    **_layer("front", moods.joy_tears, moods.joy_strokes, moods.sob_drops, moods.vein, moods.steam, moods.blank_lines),
    **_layer("front", moods.sweat, moods.big_sweat, moods.flying_hearts, moods.wave_strokes, moods.sorry_drops),
    **_layer("front", moods.soul, moods.sleep_bubbles, moods.icicle, moods.glints, room.melon_seeds, held.pompoms),
    **_layer("front", held.popper, held.hankie, furniture.cake, furniture.laptop, furniture.rice, furniture.open_book),
    **_layer("front", furniture.sick_blanket, held.fish),
}
