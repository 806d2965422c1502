"""The user of a request: nobody, a person by name, or a visitor by the likes that their browser sent along.

Likes come with every request, and the server keeps none of them. A like is a sticker's id, or {"picture": vector}: the
embedding of the visitor's own picture, made by `encode_vector` when they showed it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping

import numpy as np

from persrv.errors import QueryError
from persrv.insight.cold_start import MOST_LIKES
from persrv.models.encoders import unit
from persrv.records import FloatArray
from persrv.retriever import Retriever, User
from persrv.ui.requests import field, text_of
from persrv.ui.views import View

#: User who searches with likes: no person's id, and all that a link ever says of a visitor.
YOU = "@you"

#: Tolerance of the length of a picture's vector around 1: the rounding to float16, and a little more.
_TOLERANCE = 0.01


class BadLikes(QueryError):
    """An error of likes that cannot be used. `code` and `values` make the page's sentence: TEXTS["error_" + code]."""

    def __init__(self, code: str, found: str, expected: str, **values: str | int) -> None:
        super().__init__(found, expected, "Forget the likes and pick anew.")
        self.code = code
        self.values = values


def asked(retriever: Retriever, request: object, answer: Callable[[User], View]) -> View:
    """Answer a request for its user: a person by name, or the visitor by the request's likes.

    {"error": sentence, "code", "values"} where the likes cannot be used.
    """
    try:
        return answer(searcher(retriever, text_of(request, "user"), field(request, "likes")))
    except BadLikes as bad:
        return {"error": str(bad), "code": bad.code, "values": bad.values}


def searcher(retriever: Retriever, user: str | None, likes: object) -> User:
    """The user of a request: YOU with likes as their style, anybody else (and YOU without likes) by name.

    BadLikes where the likes of YOU cannot be used; likes that another user sends along are not read.
    """
    if user != YOU or likes is None or likes == []:
        return user or None
    stickers, pictures = read_likes(retriever, likes)
    if not (stickers or pictures):  # the owner hides all of them
        return user
    return retriever.live_style(stickers, YOU, pictures)


def read_likes(retriever: Retriever, sent: object) -> tuple[list[str], dict[str, FloatArray]]:
    """Read likes: the ids of liked stickers that are not hidden, and name -> raw embedding (d,) of liked pictures."""
    if not isinstance(sent, list):
        raise BadLikes("you_malformed", f"Likes of type {type(sent).__name__}", "a list")
    if len(sent) > MOST_LIKES:
        raise BadLikes("you_many", f"{len(sent)} likes", f"at most {MOST_LIKES}", n=len(sent), max=MOST_LIKES)
    stickers: list[str] = []
    pictures: dict[str, FloatArray] = {}
    width = retriever.bundle.embeddings.shape[1]
    for each in sent:
        if isinstance(each, str):
            if each in retriever.bundle.hidden:
                continue
            if each not in retriever.bundle.row_of:
                raise BadLikes("you_unknown", f"A like of {each[:80]!a}", "the id of a sticker of this catalogue")
            stickers.append(each)
        elif isinstance(each, Mapping):
            vector = decode_vector(each.get("picture"), width)
            pictures[picture_name(vector)] = vector
        else:
            raise BadLikes("you_malformed", f"A like of type {type(each).__name__}", "a sticker's id, or a picture")
    return stickers, pictures


def liked_vectors(retriever: Retriever, sent: object) -> tuple[list[str], FloatArray]:
    """The names of likes, each once, and their unit rows (n, d) in the style space."""
    stickers, pictures = read_likes(retriever, sent)
    names = list(dict.fromkeys(stickers))
    own = np.array(list(pictures.values()), np.float32).reshape(len(pictures), retriever.bundle.embeddings.shape[1])
    return [*names, *pictures], np.concatenate([retriever.style_vectors(names), retriever.style_vectors(own)])


def encode_vector(vector: FloatArray) -> str:
    """Write a unit vector (d,) as text: float16, as precise as the catalogue's own, in base64."""
    return base64.b64encode(vector.astype("<f2").tobytes()).decode("ascii")


def decode_vector(text: object, width: int) -> FloatArray:
    """Read the unit vector (width,) that `encode_vector` wrote; BadLikes for any other text."""
    wrong = BadLikes("you_malformed", "A picture that is no vector of this catalogue", f"{width} numbers of length 1")
    if not isinstance(text, str) or len(text) > 4 * width:
        raise wrong
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise wrong from error
    if len(content) != 2 * width:
        raise wrong
    vector = np.frombuffer(content, "<f2").astype(np.float32)
    if not np.isfinite(vector).all() or abs(float(np.linalg.norm(vector)) - 1) > _TOLERANCE:
        raise wrong
    return unit(vector)


def picture_name(vector: FloatArray) -> str:
    """The name of a picture, used where stickers have an id; equal vectors have equal names."""
    return "picture:" + hashlib.sha256(encode_vector(vector).encode()).hexdigest()[:16]
