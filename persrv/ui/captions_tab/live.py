"""Live captions: a model of the bundle describes a visitor's picture, or a sticker, while the visitor waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from persrv.errors import PersrvError
from persrv.files.picture_files import FORMATS
from persrv.files.picture_worker import MAX_SIDE
from persrv.models.captioner import MAX_TEXT
from persrv.sampling import evenly
from persrv.ui.captions_tab.zero_gpu import lent_a_gpu
from persrv.ui.decoding import decoder
from persrv.ui.once import Once
from persrv.ui.refusals import Refused, answered
from persrv.ui.uploads import MAX_BYTES, read_upload
from persrv.ui.views import View, live_caption, sticker_brief
from persrv.ui.waiting import WaitingLine

if TYPE_CHECKING:
    from PIL.Image import Image

    from persrv.models.captioner import Caption
    from persrv.ui.service import PageService

#: Stickers of the catalogue that can be captioned live with one click.
CAPTION_EXAMPLES = 8

#: Captions that may wait while one is made: each takes about a second.
WAITING = 4


class LiveCaptions:
    """Captions pictures for the page. Threads may share it; one caption is made at a time."""

    def __init__(self, service: PageService) -> None:
        self.service = service
        self._line = WaitingLine(WAITING)
        self._on_gpu = lent_a_gpu(self._by_captioner)
        self._examples = Once(service.retriever, self._choose_examples)

    def offer(self) -> View:
        """The data that the page needs to ask for captions: {"available": False} where the bundle has no captioner."""
        try:
            captioner = self.service.captioner
        except PersrvError as error:
            return {"error": str(error)}
        if captioner is None:
            return {"available": False}
        return {
            "available": True,
            "reads_text": captioner.reads_text,
            "max_text": MAX_TEXT,
            "max_bytes": MAX_BYTES,
            "max_side": MAX_SIDE,
            "types": [f"image/{name.lower()}" for name in FORMATS],
            "examples": [sticker_brief(self.service.sticker(name)) for name in self.examples],
        }

    def caption(self, picture: object, sticker_id: str | None, text: str | None) -> View:
        """Caption a picture (a file in base64) or else a sticker; {"error": sentence, "code": ...} where that fails.

        text: the words on the picture; None for those that OCR read on the sticker.
        """
        return answered(lambda: self._caption(picture, sticker_id, text))

    def _caption(self, picture: object, sticker_id: str | None, text: str | None) -> View:
        captioner, retriever = self.service.captioner, self.service.retriever
        if captioner is None:
            raise Refused("no_captioner")
        if text is not None and len(text.strip()) > MAX_TEXT:
            raise Refused("long_text", n=len(text.strip()), max=MAX_TEXT)
        with self._line.place() as turn:
            if sticker_id is None:
                words, image = text or "", read_upload(picture)
            else:
                words = retriever.sticker(sticker_id).ocr[:MAX_TEXT] if text is None else text
                image = decoder().decode(retriever.bundle.picture(sticker_id))
            with turn:
                write = self._on_gpu if getattr(captioner, "uses_gpu", False) else captioner.caption
                return live_caption(write(image, words.strip()))

    def _by_captioner(self, picture: Image, text: str) -> Caption:
        """Caption by the service's captioner. Only what can be copied to another process comes in and goes out."""
        captioner = self.service.captioner
        if captioner is None:
            raise Refused("no_captioner")
        return captioner.caption(picture, text)

    @property
    def examples(self) -> tuple[str, ...]:
        """Stickers to caption with one click: at even distances by id, so that nobody chose them."""
        return self._examples()

    def _choose_examples(self) -> tuple[str, ...]:
        bundle = self.service.retriever.bundle
        return tuple(bundle.ids[row] for row in evenly(np.argsort(bundle.tie).tolist(), CAPTION_EXAMPLES))
