"""The audience of a picture: everybody with a style, ranked by how near the picture is to their tastes (Eq. 9).

Preferences of two people cannot be compared directly: to somebody with many tastes much is near. So people are ranked
by the share of the catalogue that they prefer less than the picture, which means the same for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from persrv.ranking import styles
from persrv.records import FloatArray, Person, UserStyle
from persrv.retriever import Retriever

#: Stickers of the catalogue that a preference is compared with, at even distances where there are more.
MOST_COMPARED = 5000

#: Stickers of a person that are shown as the nearest.
NEAREST = 4


@dataclass(frozen=True, slots=True)
class Fan:
    """A person's taste for one picture. preference: Eq. 9, in [0, 1]; beyond: share of the catalogue, in [0, 1], with a
    smaller preference; nearest: the stickers of the person's training clicks nearest to the picture, with cosines.
    """

    user: str
    preference: float
    beyond: float
    nearest: tuple[tuple[str, float], ...]


def audience(retriever: Retriever, embedding: FloatArray, among: Iterable[Person] | None = None) -> tuple[Fan, ...]:
    """Rank everybody with a style by `beyond`, then preference, then id. embedding: the picture's raw vector (d,).

    among: the people to rank, None for all of the bundle; comparing each with the catalogue takes its time.
    """
    vector = retriever.style_vectors(embedding[None])
    step = max(1, -(-len(retriever.bundle.ids) // MOST_COMPARED))
    catalogue = retriever.style_vectors(np.asarray(retriever.bundle.embeddings[::step], np.float32))
    asked = retriever.people if among is None else among
    people = ((person.id, retriever.style_of(person.id)) for person in asked)
    fans = [_fan(retriever, user, style, vector, catalogue) for user, style in people if style is not None]
    return tuple(sorted(fans, key=lambda fan: (-fan.beyond, -fan.preference, fan.user)))


def _fan(retriever: Retriever, user: str, style: UserStyle, vector: FloatArray, catalogue: FloatArray) -> Fan:
    preference = float(styles.preference(style, vector)[0][0])
    others = styles.preference(style, catalogue)[0]
    clicked = sorted({interaction.sticker for interaction in retriever.interactions_of(user)})
    cosines = retriever.style_vectors(clicked) @ vector[0] if clicked else np.zeros(0, np.float32)
    best = np.argsort(-cosines, kind="stable")[:NEAREST]  # ties by id
    nearest = tuple((clicked[place], float(cosines[place])) for place in best.tolist())
    return Fan(user, preference, float(np.mean(others < preference)), nearest)
