"""The one door to a bundle: search, compare, explain, live profiles. Page, evaluation and benchmarks all come through it.

A search is: query -> tokens -> BM25 a field, weighted and summed (relevance) -> plus utility, top R (recall) -> times the
person's preference (re-ranking) -> hits that carry every part of their score. Nothing here changes after opening, so any
number of threads may search at once.

Where nothing in the catalogue shares a token with the query, `notice` is "no_match" and a fallback answers, without
utility and without personalization, because neither may bring in a sticker by itself: `fallback` "dense" where the
bundle has a text encoder (final = cosine of text and picture in the raw embedding space), else "popular" (final =
utility). In a dense hit, `relevance` and `recall` are that cosine too; in a popular one `relevance` is 0.

An unknown person is served the order that nobody in particular gets: `personalized` is False, `notice` "unknown_user".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persrv.bundle import Bundle
from persrv.encoders import (
    ImageEncoder,
    TextEncoder,
    has_image_encoder,
    has_text_encoder,
    load_image_encoder,
    load_text_encoder,
)
from persrv.errors import ModelError, QueryError
from persrv.records import (
    FloatArray,
    Hit,
    Interaction,
    Person,
    SearchResult,
    SearchSettings,
    Sticker,
    UserStyle,
)

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_QUERY = 500
MAX_TOP = 1000

User = str | UserStyle | None


class Retriever:
    """An open catalogue that answers. Made by `Retriever.open`; the encoders are loaded when first needed."""

    def __init__(
        self, bundle: Bundle, text_encoder: TextEncoder | None = None, image_encoder: ImageEncoder | None = None
    ) -> None:
        self.bundle = bundle

    @classmethod
    def open(cls, source: Path | str | Bundle) -> Retriever:
        """The retriever of a bundle, open or still in its folder; BundleError where it is not sound."""
        raise NotImplementedError

    # ---- searching --------------------------------------------------------------------------------------------------

    def search(self, query: str, user: User = None, settings: SearchSettings | None = None, top: int = 20) -> SearchResult:
        """The best `top` stickers for a query, for nobody (None), a person of the bundle, or a live style.

        settings: None for those of the bundle. A blank query gives no hits and the notice "blank_query". QueryError:
        a query above 500 characters, `top` outside 1..1000, settings out of range.
        """
        raise NotImplementedError

    def compare(
        self, query: str, user: User = None, settings: SearchSettings | None = None, top: int = 20
    ) -> dict[str, SearchResult]:
        """The four rankings of one query by name (records.RANKINGS: "none", "utility", "personalization", "both").

        Each equals `search` with those two switches; relevance is computed once for all.
        """
        raise NotImplementedError

    # ---- live profiles ----------------------------------------------------------------------------------------------

    def live_style(self, sticker_ids: Sequence[str], name: str = "you") -> UserStyle:
        """The style of someone who chose these stickers, to be passed as `user`. QueryError: none, or unknown ones."""
        raise NotImplementedError

    def style_from_image(self, picture: Image, name: str = "you") -> UserStyle:
        """The style of someone who brings a picture: one cluster at its place. ModelError without an image encoder."""
        raise NotImplementedError

    def neighbours(self, source: str | FloatArray, top: int = 12) -> tuple[tuple[str, float], ...]:
        """Stickers nearest by style to a sticker (itself left out) or to a raw embedding (d,): (id, cosine) pairs, best first."""
        raise NotImplementedError

    # ---- looking things up ------------------------------------------------------------------------------------------

    def sticker(self, sticker_id: str) -> Sticker:
        """One sticker; QueryError where there is none of that id."""
        raise NotImplementedError

    @property
    def people(self) -> tuple[Person, ...]:
        """The people of the bundle, in its order."""
        raise NotImplementedError

    def favourites(self, user: str, top: int = 8) -> tuple[str, ...]:
        """The stickers a person clicked most in training, ties by id."""
        raise NotImplementedError

    def interactions_of(self, user: str) -> tuple[Interaction, ...]:
        """A person's training interactions (train and validation), in stored order."""
        raise NotImplementedError

    def relevant(self, user: str, query: str) -> frozenset[str]:
        """The stickers this person clicked for exactly this query in the test split."""
        raise NotImplementedError

    def training_queries(self) -> tuple[tuple[str, int], ...]:
        """Distinct training queries with their number of clicks, most clicked first, ties by text."""
        raise NotImplementedError

    def style_of(self, user: User) -> UserStyle | None:
        """The style clusters of a person; None for nobody, for unknown people and for those without clicks."""
        raise NotImplementedError

    @property
    def map_xy(self) -> FloatArray | None:
        """(N, 2) map coordinates by row, None where the bundle has no map."""
        raise NotImplementedError
