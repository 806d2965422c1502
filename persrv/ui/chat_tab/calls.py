"""The server functions of the chat: stickers for what is being written, the writer's taste, ready conversations.

The browser keeps a conversation and sends its newest messages along with each request; the server keeps none. The
stickers that a writer sent during this visit count as clicks of theirs for the time of a request.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Protocol

from persrv import conversation as replies
from persrv.errors import PersrvError
from persrv.records import Message, UserStyle
from persrv.retriever import User
from persrv.ui import views
from persrv.ui.chat_tab import others, ready
from persrv.ui.crowd import shown_people
from persrv.ui.likes import YOU, asked
from persrv.ui.once import Once
from persrv.ui.requests import field, text_of, too_long
from persrv.ui.views import View

if TYPE_CHECKING:
    from persrv.ui.service import PageService

#: Stickers offered for a reply: one row of a wide screen, two of a phone.
OFFERED = 8

#: Stickers that one writer may have sent in a visit, and styles with them that are kept at hand.
MOST_SENT, AT_HAND = 100, 64

#: Characters of a domain's name that are read.
LONGEST_DOMAIN = 200


class Styles(Protocol):
    """Describes a style to the page (persrv.ui.you_tab.calls.Visitors)."""

    def style_view(self, style: UserStyle) -> View: ...

    def pulled(self, user: User, sticker: str, cluster: int, likes: object) -> View: ...


class Chats:
    """Answers the chat; threads may share it."""

    def __init__(self, service: PageService, styles: Styles) -> None:
        self.service = service
        self.styles = styles
        self._others = others.Others(service, OFFERED)
        self._with_sent = lru_cache(AT_HAND)(self._fit)
        self._ready = {
            language: Once(service.retriever, partial(self._make_ready, language)) for language in ("zh", "en")
        }
        service.renewed.append(self._with_sent.cache_clear)

    # ---- who writes

    def written(self, request: object, answer: Callable[[User], View]) -> View:
        """Answer for the writer of a request: a visitor by their likes, or a person of the catalogue by name, whose
        style is that of the "domain" of the conversation and includes the stickers "sent" during this visit.
        """

        def wearing(user: User) -> View:
            sent = self._sent(request)
            there = self.service.retriever.senders.style(user, self._domain(request), sent)
            if there is not None:
                return answer(there)
            return answer(self._with_sent(user, sent) if isinstance(user, str) and sent else user)

        return asked(self.service.retriever, request, wearing)

    def clicked(self, request: object, user: User) -> list[Any]:
        """The stickers that a writer's style was fitted on: a visitor's likes, or a person's training clicks."""
        if isinstance(user, UserStyle) and user.user == YOU:
            return list(field(request, "likes") or [])
        person, sent = user.user if isinstance(user, UserStyle) else user or "", self._sent(request)
        if self.service.retriever.senders.style(person, self._domain(request)) is None:
            return self._stickers(person, sent)
        sends = self.service.retriever.bundle.sends_by_user[person]
        return list(dict.fromkeys([*(each.sticker for each in sends), *sent]))

    def _domain(self, request: object) -> str:
        return (text_of(request, "domain") or "")[:LONGEST_DOMAIN]

    def _sent(self, request: object) -> tuple[str, ...]:
        known, sent = self.service.retriever.bundle.row_of, field(request, "sent")
        ids = sent[:MOST_SENT] if isinstance(sent, list) else []
        return tuple(each for each in ids if isinstance(each, str) and each in known)

    def _stickers(self, person: str, sent: Sequence[str]) -> list[str]:
        clicks = self.service.retriever.interactions_of(person)
        return list(dict.fromkeys([*(click.sticker for click in clicks), *sent]))

    def _fit(self, person: str, sent: tuple[str, ...]) -> User:
        retriever = self.service.retriever
        if retriever.style_of(person) is None:
            return person
        return retriever.live_style(self._stickers(person, sent), person)

    # ---- what is answered

    def reply(self, request: object) -> View:
        """Suggest stickers for the writer's next message, by "draft", or by the last of "messages" if nothing is typed.

        With "compare", also tell what other methods would offer and, with a draft, what the last messages would bring.
        """
        draft = text_of(request, "draft") or ""
        try:
            messages = replies.read_messages(field(request, "messages") or [])
        except PersrvError as error:
            return {"error": str(error)}
        if refused := too_long(draft):
            return {"error": "The draft is longer than a query.", **refused}

        def answer(user: User) -> View:
            given = self._offer(user, messages, draft)
            if field(request, "compare") is not True:
                return {**given, "last": None, "methods": [], "recall": None}
            return {**given, **self._compared(user, messages, given)}

        return self.written(request, answer)

    def _compared(self, user: User, messages: Sequence[Message], given: View) -> View:
        """Add the offer for the last messages, while a draft is typed, and the offers of other methods for the searched
        words.
        """
        last = self._offer(user, messages, "") if given["source"] == "draft" else None
        if given["answer"] is None or "error" in given["answer"]:
            return {"last": last, "methods": [], "recall": None}
        place = given["place"]
        turns = others.drafted(messages, given["asked"]) if place is None else messages[: place + 1]
        rows = self._others.rows(given["asked"], turns)
        return {"last": last, "methods": rows, "recall": self._others.recall(others.PERSRV)}

    def _offer(self, user: User, messages: Sequence[Message], draft: str) -> View:
        """Offer stickers for a draft, or for the last of some messages."""
        source, found = replies.ask(self.service.retriever, messages, draft)
        made = ({"asked": said, "place": place, **self._answer(user, source, said)} for place, said in found)
        nothing = {"asked": "", "place": None, "answer": None, "offered": False}
        return {"source": source, **(replies.first_offered(made, lambda each: each["offered"]) or nothing)}

    def _answer(self, user: User, source: replies.Source, said: str) -> View:
        answer = self.service.search(said, user, OFFERED)
        if "error" in answer:
            return {"answer": answer, "offered": False}
        found = bool(answer["rankings"]["both"])
        offered = replies.offers(self.service.retriever, source, said, answer["fallback"], found)
        return {"answer": answer, "offered": offered}

    def taste(self, request: object) -> View:
        """The writer's style as the page draws it, and the number of stickers it was made of; {"told": None} without a
        style.
        """

        def answer(user: User) -> View:
            style = self.service.retriever.style_of(user)
            if style is None:
                return {"told": None, "stickers": 0}
            in_domain = style.weights is not None
            made_of = len(self.clicked(request, user)) if in_domain else int(style.sizes.sum())
            return {"told": self.styles.style_view(style), "stickers": made_of}

        return self.written(request, answer)

    def pulled(self, request: object) -> View:
        """The writer's own stickers that raised the rank of "sticker" most, in the style of this visit."""
        cluster, sticker = field(request, "cluster"), text_of(request, "sticker") or ""
        place = cluster if isinstance(cluster, int) and not isinstance(cluster, bool) else -1

        def answer(user: User) -> View:
            style = self.service.retriever.style_of(user)
            view = self.styles.pulled(style, sticker, place, self.clicked(request, user))
            known = [(self.service.find(name), pull) for name, pull in view["pulled"]]
            return {**view, "pulled": [{**views.sticker_brief(each), "pull": pull} for each, pull in known if each]}

        return self.written(request, answer)

    def conversations(self, request: object) -> View:
        """The ready conversations in "language"."""
        made = self._ready["zh" if field(request, "language") == "zh" else "en"]()
        stickers = {turn.sticker for each in made for turn in each.turns}
        return {
            "conversations": [
                {"people": each.people, "turns": [[turn.speaker, turn.phrase, turn.sticker] for turn in each.turns]}
                for each in made
            ],
            "stickers": {name: views.sticker_brief(self.service.sticker(name)) for name in sorted(stickers)},
        }

    def stickers(self, request: object) -> View:
        """Map those of "ids" that the catalogue has to their stickers, since a link carries ids alone."""
        ids = field(request, "ids")
        known = (
            [self.service.find(each) for each in ids[:MOST_SENT] if isinstance(each, str)]
            if isinstance(ids, list)
            else []
        )
        return {"stickers": {each.id: views.sticker_brief(each) for each in known if each}}

    def _make_ready(self, language: str) -> tuple[ready.Conversation, ...]:
        retriever = self.service.retriever
        return ready.conversations(retriever, [person.id for person in shown_people(retriever)], language)


def calls(service: PageService, styles: Styles) -> list[Callable[[object], View]]:
    """The server functions of the tab; styles: describes a style to the page (persrv.ui.you_tab.calls)."""
    chats = Chats(service, styles)

    def chat_reply(request: object) -> View:
        return chats.reply(request)

    def chat_taste(request: object) -> View:
        return chats.taste(request)

    def chat_pulled(request: object) -> View:
        return chats.pulled(request)

    def chat_ready(request: object) -> View:
        return chats.conversations(request)

    def chat_stickers(request: object) -> View:
        return chats.stickers(request)

    return [chat_reply, chat_taste, chat_pulled, chat_ready, chat_stickers]
