"""The server functions of what papers need."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from functools import lru_cache

from persrv.errors import PersrvError
from persrv.experiment.archive import experiment_zip
from persrv.experiment.plan import Plan, read_queries
from persrv.figures.content import TWO_COLUMNS, Figure
from persrv.figures.layout import laid_out
from persrv.figures.pdf import pdf
from persrv.figures.rasters import Raster, raster
from persrv.figures.svg import svg
from persrv.records import UserStyle
from persrv.retriever import User
from persrv.settings import settings_from_json
from persrv.ui.decoding import decoder
from persrv.ui.likes import asked
from persrv.ui.paper.reading import read_figure
from persrv.ui.refusals import Refused, answered
from persrv.ui.requests import field, text_of, whole
from persrv.ui.service import PageService
from persrv.ui.views import View
from persrv.ui.waiting import WaitingLine

#: Figures that may wait while one is drawn.
WAITING = 8

#: An experiment made by a page: characters and number of queries, places of a ranking, figures, seconds; and how many
#: may wait while one is made. The command line has no such limits.
MOST_PASTED, MOST_QUERIES, MOST_PLACES, FIGURES, SECONDS, EXPERIMENTS_WAITING = 20_000, 50, 100, 5, 60, 2

#: Rasters of stickers that are kept at hand, some 20 kB each.
AT_HAND = 500


class Papers:
    """Draws figures, one at a time."""

    def __init__(self, service: PageService) -> None:
        self.service = service
        self._line = WaitingLine(WAITING)
        self._experiments = WaitingLine(EXPERIMENTS_WAITING)
        self._kept = lru_cache(maxsize=AT_HAND)(self._decoded)

    def figure(self, sent: object, millimetres: int, form: str) -> View:
        """A figure as a file in base64: "pdf", or else SVG. {"error": sentence} where it cannot be drawn."""

        def drawn() -> View:
            figure = read_figure(sent)
            with self._line.place() as turn, turn:
                drawing, pictures = laid_out(figure, millimetres), self._pictures(figure)
                content = pdf(drawing, pictures) if form == "pdf" else svg(drawing, pictures)
            return {"file": base64.b64encode(content).decode("ascii")}

        return answered(drawn)

    def experiment(self, request: object, user: User) -> View:
        """The ZIP of an experiment in base64 (persrv.experiment), for who searches."""

        def made() -> View:
            plan = self._plan(request, user)
            end = time.monotonic() + SECONDS

            def in_time(_: int) -> None:
                if time.monotonic() > end:
                    raise Refused("experiment_slow", seconds=SECONDS)

            with self._experiments.place() as turn, turn:
                content = experiment_zip(self.service.retriever, plan, self.picture, in_time)
            return {"file": base64.b64encode(content).decode("ascii"), "queries": len(plan.queries)}

        return answered(made)

    def _plan(self, request: object, user: User) -> Plan:
        pasted = text_of(request, "queries") or ""
        queries = read_queries(pasted[: MOST_PASTED + 1].splitlines())
        if len(pasted) > MOST_PASTED or len(queries) > MOST_QUERIES:
            raise Refused("experiment_long", queries=MOST_QUERIES, characters=MOST_PASTED)
        if not queries:
            raise Refused("experiment_none")
        bundle, sent, likes = self.service.retriever.bundle, field(request, "settings"), field(request, "likes")
        return Plan(
            queries,
            settings_from_json(sent) if isinstance(sent, dict) else bundle.settings,
            user,
            tuple(each for each in likes if isinstance(each, str)) if isinstance(user, UserStyle) else (),
            top=whole(request, "top", MOST_PLACES) or MOST_PLACES,
            literal=field(request, "literal") is True,
            figures=FIGURES,
            language="zh" if text_of(request, "language") == "zh" else "en",
        )

    def _pictures(self, figure: Figure) -> dict[str, Raster]:
        found = {name: self.picture(name) for name in figure.stickers}
        return {name: picture for name, picture in found.items() if picture is not None}

    def picture(self, sticker: str) -> Raster | None:
        """A sticker's raster; None where the catalogue has no such sticker, or no picture of it that can be decoded."""
        try:
            return self._kept(sticker)
        except (PersrvError, Refused, OSError, KeyError):
            return None

    def _decoded(self, sticker: str) -> Raster:
        return raster(decoder().decode(self.service.retriever.bundle.picture(sticker)))


def calls(papers: Papers) -> list[Callable[[object], View]]:
    """The server functions of this folder."""

    def figure(request: object) -> View:
        """The figure of "figure", "width" millimetres wide, as "format" ("svg" or "pdf")."""
        width = whole(request, "width", 1000) or TWO_COLUMNS
        return papers.figure(field(request, "figure"), width, text_of(request, "format") or "svg")

    def experiment(request: object) -> View:
        """The experiment of "queries", one a line, for the request's user under "settings"."""
        return asked(papers.service.retriever, request, lambda user: papers.experiment(request, user))

    return [figure, experiment]
