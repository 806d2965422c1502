"""The server functions of the captions tab; whatever a stranger sends gets an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from persrv.files.picture_files import FORMATS
from persrv.insight.audience import audience
from persrv.insight.caption_inspection import LISTS, Inspector
from persrv.text.gloss import gloss
from persrv.ui.captions_tab import showing
from persrv.ui.captions_tab.live import LiveCaptions
from persrv.ui.captions_tab.reading import can_read, read_words
from persrv.ui.crowd import shown_people
from persrv.ui.once import Once
from persrv.ui.refusals import answered
from persrv.ui.requests import clean, field, text_of
from persrv.ui.uploads import MAX_BYTES, read_upload
from persrv.ui.views import View, number, ocr_line, sticker_brief

if TYPE_CHECKING:
    from persrv.ui.service import PageService

#: Neighbours in style of a picture.
KIN = 8


#: Texts that one request may have glossed, and characters of each.
MOST_GLOSSED, MOST_CHARACTERS = 20, 2000


def calls(service: PageService) -> list[Callable[[object], View]]:
    """The server functions of the tab, over one inspector and one captioner."""
    inspector, live = Once(service.retriever, lambda: Inspector(service.retriever)), LiveCaptions(service)

    def captioning(_: object) -> View:
        """The data that the page needs to ask for live captions."""
        return live.offer()

    def caption(request: object) -> View:
        """Caption "picture" (a file), else "sticker", with the words "text" on it."""
        return live.caption(field(request, "picture"), text_of(request, "sticker"), text_of(request, "text"))

    def inspect_sticker(request: object) -> View:
        """Show "sticker", else the first sticker, of the list "show", for a "query" and a person ("user")."""
        query, user = text_of(request, "query") or "", text_of(request, "user") or None
        chosen, show = text_of(request, "sticker"), text_of(request, "show")
        return answered(lambda: showing.inspected(service, inspector(), chosen, show, query, user))

    def held_out_queries(request: object) -> View:
        """The test queries that led to "sticker", and both models' keywords against them; sent only when asked for."""
        return answered(lambda: showing.held_out_view(inspector(), text_of(request, "sticker") or ""))

    def caption_lists(request: object) -> View:
        """The lengths of the lists that are known; the list "mine" is mined first where it is not known yet."""
        wanted = text_of(request, "mine")

        def counts() -> View:
            if wanted in LISTS:
                inspector().listed(wanted)
            return {"counts": inspector().known()}

        return answered(counts)

    def own_picture(_: object) -> View:
        """The uses of a visitor's own picture besides captioning, with their limits."""
        return {
            "sees": service.retriever.sees,
            "max_bytes": MAX_BYTES,
            "types": [f"image/{name.lower()}" for name in FORMATS],
            "examples": [sticker_brief(service.sticker(name)) for name in live.examples],
        }

    def picture_kin(request: object) -> View:
        """The nearest stickers in style, and the audience, of "picture" (a file), else of "sticker"."""
        return answered(lambda: kin(service, field(request, "picture"), text_of(request, "sticker")))

    def picture_words(request: object) -> View:
        """The words on "picture" (a file): {"engine": None} where no OCR engine is installed."""
        return answered(lambda: words_on(field(request, "picture")))

    def glosses(request: object) -> View:
        """Translate Chinese "texts" into English, word by word (persrv.text.gloss), each in its place."""
        sent = field(request, "texts")
        texts = sent[:MOST_GLOSSED] if isinstance(sent, list) else []
        return {"glosses": [gloss((clean(text) or "")[:MOST_CHARACTERS]) for text in texts]}

    return [
        inspect_sticker,
        held_out_queries,
        glosses,
        caption_lists,
        captioning,
        caption,
        own_picture,
        picture_kin,
        picture_words,
    ]


def kin(service: PageService, file: object, sticker_id: str | None) -> View:
    """The stickers nearest to a picture, else to a sticker, and the people who would like it most.

    "unlike": whether the picture is so unlike the whole catalogue that no model knows its kind.
    """
    ask = service.retriever
    if sticker_id is None:
        source = ask.embed(read_upload(file))
        near = ask.neighbours(source, KIN)
    else:
        near = ask.neighbours(sticker_id, KIN)
        source = ask.bundle.embeddings[ask.bundle.row_of[sticker_id]]
    return {
        "unlike": sticker_id is None and bool(near) and near[0][1] < service.least_likeness,
        "neighbours": [{**sticker_brief(service.sticker(name)), "cosine": number(value)} for name, value in near],
        "audience": [showing.fan_view(fan, service.sticker) for fan in audience(ask, source, shown_people(ask))],
    }


def words_on(file: object) -> View:
    """The lines read on a picture, with its size and the words that count; {"engine": None} without an OCR engine."""
    if not can_read():
        return {"engine": None}
    picture = read_upload(file)
    lines = read_words(picture)
    return {
        "engine": "rapidocr",
        "width": picture.width,
        "height": picture.height,
        "text": " ".join(line.text.strip() for line in lines if line.kept),
        "lines": [ocr_line(line) for line in lines],
    }
