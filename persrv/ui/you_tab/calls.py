"""The server functions for a visitor who searches as themselves. Nothing of a visitor outlives a request."""

from __future__ import annotations

from collections.abc import Callable

from persrv.files.picture_files import FORMATS
from persrv.insight import cold_start
from persrv.insight.preference_pull import cluster_pulls
from persrv.ranking.styles import nearest_cluster
from persrv.records import UserStyle
from persrv.retriever import User
from persrv.ui import views
from persrv.ui.likes import asked, decode_vector, encode_vector, liked_vectors, picture_name
from persrv.ui.once import Once
from persrv.ui.refusals import Refused, answered
from persrv.ui.requests import field, text_of
from persrv.ui.service import PageService
from persrv.ui.uploads import MAX_BYTES, read_upload
from persrv.ui.views import View

#: Stickers to pick from at once, and how often others may be asked for before the first come again.
PAGE = 12
PAGES = 10

#: Looks of a style that a page is told, and stickers that stand for a style where a catalogue names no looks.
MOST_LOOKS = 24
NEAREST_SHOWN = 5

#: Likes behind a result that are shown.
PULLED_SHOWN = 5


class Visitors:
    """Answers visitors, and caches what is the same for all of them: stickers to pick from, and a sample that describes
    styles.
    """

    def __init__(self, service: PageService) -> None:
        self.service = service
        self._spread = Once(service.retriever, self._choose_spread)
        self._sample = Once(service.retriever, self._take_sample)

    def told(self, request: object, answer: Callable[[User], View]) -> View:
        """Answer a request for its user (likes.asked), and add under "you" the description of a visitor's style."""

        def both(user: User) -> View:
            return {**answer(user), **({"you": self.style_view(user)} if isinstance(user, UserStyle) else {})}

        return asked(self.service.retriever, request, both)

    def style_view(self, style: UserStyle) -> View:
        """A visitor's style: its clusters by the names of their likes, and its looks."""
        found = cold_start.make_up(style, self.sample, self.service.sticker)
        return {
            "clusters": [
                {"size": int(size), "radius": views.number(radius), "likes": list(names[: views.EXEMPLARS])}
                for size, radius, names in zip(style.sizes, style.radii, style.exemplars, strict=True)
            ],
            "shares": [[name, views.number(share)] for name, share in found.shares[:MOST_LOOKS]],
            "nearest": [views.sticker_brief(self.service.sticker(name)) for name in found.nearest[:NEAREST_SHOWN]],
            "depth": len(found.nearest),
            "of": len(self.sample.ids),
        }

    def pulled(self, user: User, sticker: str, cluster: int, likes: object) -> View:
        """The likes in one cluster of a visitor, with their pulls on a sticker (insight.preference_pull), largest
        first.
        """
        retriever = self.service.retriever
        row = retriever.bundle.row_of.get(sticker)
        if not isinstance(user, UserStyle) or row is None or not 0 <= cluster < len(user.centroids):
            return {"members": 0, "pulled": []}
        names, vectors = liked_vectors(retriever, likes)
        here = nearest_cluster(user, vectors) == cluster
        itself, precision = retriever.style_vectors([sticker])[0], retriever.bundle.style_precision
        shares = cluster_pulls(user, cluster, itself, vectors[here], precision)
        members = [name for name, member in zip(names, here.tolist(), strict=True) if member]
        best = sorted(zip(members, shares.tolist(), strict=True), key=lambda each: (-each[1], each[0]))
        return {"members": len(members), "pulled": [[name, views.number(pull)] for name, pull in best[:PULLED_SHOWN]]}

    def start(self) -> View:
        """The data about likes that the page needs before there are any."""
        return {
            "most": cold_start.MOST_LIKES,
            "uploads": self.service.retriever.sees,
            "types": [f"image/{name.lower()}" for name in FORMATS],
            "max_bytes": MAX_BYTES,
        }

    def page(self, number: int) -> View:
        """A page of stickers to pick from; after the last page comes the first."""
        pages = -(-len(self.spread) // PAGE)
        start = PAGE * (number % pages) if pages else 0
        names = self.spread[start : start + PAGE]
        return {
            "stickers": [views.sticker_brief(self.service.sticker(name)) for name in names],
            "pages": pages,
        }

    def likes(self, ids: object) -> View:
        """Stickers of a link's likes that the catalogue has, each once, up to the largest number of likes."""
        named = dict.fromkeys(each for each in ids if isinstance(each, str)) if isinstance(ids, list) else {}
        found = [self.service.find(name) for name in list(named)[: cold_start.MOST_LIKES]]
        return {"stickers": [views.sticker_brief(sticker) for sticker in found if sticker is not None]}

    def picture(self, encoded: object) -> View:
        """Embed a picture (a file in base64), without keeping it: its vector and name, or an error."""
        retriever = self.service.retriever

        def named() -> View:
            if not retriever.sees:
                raise Refused("you_no_encoder")
            sent = encode_vector(retriever.embed(read_upload(encoded)))
            return {"picture": sent, "id": picture_name(decode_vector(sent, retriever.bundle.embeddings.shape[1]))}

        return answered(named)

    @property
    def spread(self) -> tuple[str, ...]:
        """The stickers to pick from, the most representative first."""
        return self._spread()

    def _choose_spread(self) -> tuple[str, ...]:
        among = cold_start.sample(self.service.retriever.bundle, cold_start.SPREAD_SAMPLE)
        return tuple(among.ids[place] for place in cold_start.spread(among.vectors, PAGE * PAGES))

    @property
    def sample(self) -> cold_start.Sample:
        """The sample of stickers that describes styles."""
        return self._sample()

    def _take_sample(self) -> cold_start.Sample:
        return cold_start.sample(self.service.retriever.bundle)


def calls(visitors: Visitors) -> list[Callable[[object], View]]:
    """The server functions of this folder."""

    def you_page(request: object) -> View:
        number = field(request, "page")
        return visitors.page(number if isinstance(number, int) else 0)

    def you_likes(request: object) -> View:
        return visitors.likes(field(request, "ids"))

    def you_picture(request: object) -> View:
        return visitors.picture(field(request, "picture"))

    def you_pulled(request: object) -> View:
        cluster, likes = field(request, "cluster"), field(request, "likes")
        place, sticker = cluster if isinstance(cluster, int) else -1, text_of(request, "sticker") or ""
        return asked(visitors.service.retriever, request, lambda user: visitors.pulled(user, sticker, place, likes))

    return [you_page, you_picture, you_pulled, you_likes]
