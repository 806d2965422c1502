"""The public endpoints: search, compare, explain and suggest, for programs (gradio_client) and, as MCP tools, models.

Their signatures and docstrings are the documentation that Gradio serves (/?view=api, /gradio_api/info, MCP schemas). A
request that cannot be answered raises `gradio.Error` with one sentence (found, expected, advice), never a traceback.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction

from persrv import conversation as replies
from persrv.errors import PersrvError, QueryError
from persrv.query import MAX_TOP
from persrv.records import RANKINGS, Hit, SearchResult, Sticker
from persrv.retriever import Retriever
from persrv.settings import with_switches
from persrv.ui import pictures, views
from persrv.ui.crowd import shown_people
from persrv.ui.endpoint_arguments import (
    read_count,
    read_domain,
    read_id,
    read_mode,
    read_person,
    read_query,
    read_switch,
    read_text,
)
from persrv.ui.guards.failures import SENTENCE, log_failure

Answer = dict[str, Any]

#: The reasons for which no sticker is suggested.
NOTHING_SAID = "Nothing is said that a sticker could answer. Pass a draft, or messages with a text or a known sticker."
NO_ANSWER = "This wants no sticker, or none of this catalogue says it. Search shows what is nearest."
NEAREST = "No sticker of this catalogue says just this; these are the nearest."

#: Note where a domain changes nothing.
UNKNOWN_DOMAIN = "Nothing is known of what this person sends there, so the order is the one without a domain."


def endpoints(retriever: Retriever) -> list[Callable[..., Answer]]:
    """The four endpoints over a catalogue; each is named like its function."""

    def search(
        query: str,
        person: str = "",
        top: int = 10,
        utility: bool = True,
        personalization: bool = True,
        mode: str = "meaning",
        literal: bool = False,
        domain: str = "",
    ) -> dict[str, Any]:
        """
        Find stickers for what someone wants to say, in the style that one person loves, with the parts of each score.

        Parameters:
            query: what to say, in Chinese or English, at most 500 characters, such as "good night".
            person: id of a person of the catalogue (see "people" in the answer), or empty for nobody in particular.
            top: how many stickers, from 1 to 100.
            utility: whether stickers that people use often are lifted.
            personalization: whether the person's taste re-ranks the stickers.
            mode: "meaning" for words and meaning, "words" for the paper's search by words alone.
            literal: whether the query is read only as typed, never as pinyin, an emoji's name or a slip.
            domain: where the person would send it (see "domains" in the answer), or empty for nowhere in particular.
        Returns:
            The results, best first, with score parts and the address of each picture; what the search was.
        """

        def answer() -> Answer:
            ranking = {(False, False): "none", (True, False): "utility", (False, True): "personalization"}.get(
                (read_switch("utility", utility), read_switch("personalization", personalization)), "both"
            )
            settings = with_switches(read_mode(retriever, mode), ranking)
            asked = (
                read_query(query),
                read_person(person),
                settings,
                read_count(top),
                read_switch("literal", literal),
                read_domain(domain),
            )
            result = retriever.search(*asked)
            return {**search_summary(retriever, result), "ranking": ranking, "results": result_rows(retriever, result)}

        return answered(answer)

    def compare(
        query: str, person: str = "", top: int = 10, mode: str = "meaning", literal: bool = False
    ) -> dict[str, Any]:
        """
        Rank stickers for a query in four ways, with and without utility and personalization, and say how they differ.

        Parameters:
            query: what to say, in Chinese or English, at most 500 characters.
            person: id of a person of the catalogue, or empty for nobody in particular.
            top: how many stickers of each ranking, from 1 to 100.
            mode: "meaning" for words and meaning, "words" for the paper's search by words alone.
            literal: whether the query is read only as typed, never as pinyin, an emoji's name or a slip.
        Returns:
            The four rankings by name, each sticker's place in every one, and how much each pair overlaps.
        """

        def answer() -> Answer:
            settings = read_mode(retriever, mode)
            compared = retriever.compare(
                read_query(query), read_person(person), settings, read_count(top), read_switch("literal", literal)
            )
            ids = {name: [hit.sticker for hit in compared[name].hits] for name in RANKINGS}
            return {
                **search_summary(retriever, compared["both"]),
                "rankings": {name: [rank_row(hit) for hit in compared[name].hits] for name in RANKINGS},
                "places": {
                    sticker: {name: rank_in(ids[name], sticker) for name in RANKINGS}
                    for sticker in dict.fromkeys(sticker for name in RANKINGS for sticker in ids[name])
                },
                "overlap": views.overlap_rows(ids),
            }

        return answered(answer)

    def explain(
        query: str, sticker: str, person: str = "", mode: str = "meaning", literal: bool = False
    ) -> dict[str, Any]:
        """
        Explain why a sticker is where it is among the results of a query: every part of its score, and its places.

        Parameters:
            query: what to say, in Chinese or English, at most 500 characters.
            sticker: id of a sticker, as search gives it.
            person: id of a person of the catalogue, or empty for nobody in particular.
            mode: "meaning" for words and meaning, "words" for the paper's search by words alone.
            literal: whether the query is read only as typed, never as pinyin, an emoji's name or a slip.
        Returns:
            The sticker's place in the four rankings, its score as a formula, and every part of it.
        """

        def answer() -> Answer:
            asked = retriever.sticker(read_id("sticker", sticker))
            deepest = min(retriever.bundle.settings.recall_size, MAX_TOP)
            settings = read_mode(retriever, mode)
            compared = retriever.compare(
                read_query(query), read_person(person), settings, deepest, read_switch("literal", literal)
            )
            hits = {name: next((h for h in compared[name].hits if h.sticker == asked.id), None) for name in RANKINGS}
            hit = hits["both"]
            return {
                **search_summary(retriever, compared["both"]),
                "sticker": sticker_summary(retriever, asked),
                "places": {name: found.rank if found else None for name, found in hits.items()},
                "why": score_parts(compared["both"], hit) if hit else None,
                "note": "" if hit else f"Not among the first {deepest} stickers of this search.",
            }

        return answered(answer)

    def suggest(
        conversation: list[dict[str, str]],
        person: str = "",
        draft: str = "",
        top: int = 10,
        mode: str = "meaning",
        domain: str = "",
    ) -> dict[str, Any]:
        """
        Suggest stickers for the next message of a conversation, in the style of the person who writes it.

        Parameters:
            conversation: at most 1000 messages, oldest first: {"from": a name, "text": words, or "sticker": an id}.
            person: id of the person of the catalogue who writes next, or empty for nobody in particular.
            draft: what this person has typed so far, at most 500 characters, or empty to answer the last messages.
            top: how many stickers, from 1 to 100.
            mode: "meaning" for words and meaning, "words" for the paper's search by words alone.
            domain: what kind of conversation it is (see "domains" in the answer), or empty for none in particular.
        Returns:
            Whether a sticker is offered at all, what it answers, and the stickers, best first, with score parts.
        """

        def answer() -> Answer:
            messages = replies.read_messages(conversation)
            settings, typed = read_mode(retriever, mode), read_text("draft", draft)
            found = replies.suggest(
                retriever, messages, read_person(person), typed, settings, read_count(top), read_domain(domain)
            )
            result = found.result
            return {
                "offered": found.offered,
                "source": found.source,
                "asked": found.asked,
                "answers_message": None if found.place is None else found.place + 1,
                "note": note_on(found),
                "search": None if result is None else search_summary(retriever, result),
                "results": result_rows(retriever, result) if found.offered and result is not None else [],
            }

        return answered(answer)

    return [search, compare, explain, suggest]


def note_on(found: replies.Suggestion) -> str:
    """Reason why nothing is suggested, or a note that the suggestions are merely nearest; "" otherwise."""
    if found.result is None:
        return NOTHING_SAID
    if not found.offered:
        return NO_ANSWER
    return NEAREST if found.result.fallback else ""


class Page(gr.Blocks):
    """Blocks whose calls may leave out arguments with a default; a call that lacks another one, or has what no argument
    can be, is told so in a sentence.
    """

    async def process_api(self, block_fn: BlockFunction | int, inputs: list[Any], *rest: Any, **named: Any) -> Any:
        """Answer a call. Gradio would fetch the address of a file in it, and it has no file among its arguments."""
        if holds_file(inputs):
            refused = QueryError("A file among the arguments", "texts, numbers and switches", "Leave it out.")
            raise gr.Error(str(refused), print_exception=False)
        try:
            return await super().process_api(block_fn, inputs, *rest, **named)
        except gr.Error:
            raise
        except Exception as error:  # noqa: BLE001  Gradio raises anything where a value is odd
            log_failure("A call", error)
            raise gr.Error(SENTENCE, print_exception=False) from None

    def validate_inputs(self, block_fn: BlockFunction, inputs: list[Any]) -> None:
        """Complete `inputs` in place. Gradio's clients send every default themselves; bare HTTP need not."""
        defaults = [getattr(block, "value", None) for block in block_fn.inputs[len(inputs) :]]
        if None in defaults:
            refused = QueryError(f"{len(inputs)} values", "all that have no default", "See /gradio_api/info.")
            raise gr.Error(str(refused), print_exception=False)
        inputs.extend(defaults)


def holds_file(values: object) -> bool:
    """Return whether something in JSON has what Gradio takes for a file, at any depth."""
    waiting = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "meta" in value or "path" in value:
                return True
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return False


def answered(answer: Callable[[], Answer]) -> Answer:
    """Answer, or raise the sentence that says why there is no answer."""
    try:
        return answer()
    except PersrvError as error:
        raise gr.Error(str(error), print_exception=False) from None


# ---- parts of answers -----------------------------------------------------------------------------------------------


def search_summary(retriever: Retriever, result: SearchResult) -> Answer:
    """The part of every answer that describes the search and the catalogue."""
    bundle = retriever.bundle
    return {
        "query": result.query,
        "person": result.user,
        "personalized": result.personalized,
        "matched": result.matched,
        "counted": result.counted,
        "notice": result.notice,
        "domains": list(retriever.bundle.domains),
        "domain_note": UNKNOWN_DOMAIN if result.notice == "unknown_domain" else "",
        "fallback": result.fallback,
        "readings": [reading._asdict() for reading in result.readings],
        "people": [person.id for person in shown_people(retriever)],
        "bundle": {"name": bundle.name, "content_hash": bundle.content_hash, "simulated": bundle.simulated},
    }


def result_rows(retriever: Retriever, result: SearchResult) -> list[Answer]:
    """The hits of one ranking with the parts of their scores."""
    return [
        {
            **sticker_summary(retriever, retriever.sticker(hit.sticker)),
            "rank": hit.rank,
            "rank_before_personalization": hit.recall_rank,
            "score": hit.final,
            "relevance": hit.relevance,
            "utility": hit.utility.value,
            "preference": hit.preference.value if hit.preference else None,
            "kept_back": hit.preference is not None and hit.preference.kept_back,
            "meaning": views.meaning_view(hit.meaning) if hit.meaning else None,
        }
        for hit in result.hits
    ]


def sticker_summary(retriever: Retriever, sticker: Sticker) -> Answer:
    """A sticker: its id, the words on it, the words of its names, and the address of its picture below the app's."""
    image = pictures.address(retriever.bundle, sticker)
    return {"sticker": sticker.id, "text": sticker.ocr, "names": sticker.names, "image": image}


def score_parts(result: SearchResult, hit: Hit) -> Answer:
    """Explain every part of a hit's score, with the formula that joins them (Eq. 6 and 10)."""
    parts = views.hit_parts(hit, hit.preference)
    exemplars = list(hit.preference.exemplars[: views.EXEMPLARS]) if hit.preference else []
    taste = parts["preference"] and {**parts["preference"], "nearest_stickers_of_the_person": exemplars}
    return {
        **parts,
        "preference": taste,
        "score": hit.final,
        "formula": formula(result, hit),
        "settings": views.settings_view(result.settings),
    }


def formula(result: SearchResult, hit: Hit) -> str:
    """The score as a formula with its numbers; the score of a stand-in has no parts."""
    if result.fallback in ("dense", "popular"):
        return f"{hit.final:.4f}"
    settings = result.settings
    recalled = f"{hit.relevance:.4f} + {settings.lambda_:g} * {hit.utility.value:.4f}"
    if hit.preference is None or hit.preference.kept_back:
        return f"{hit.final:.4f} = {recalled}"
    return f"{hit.final:.4f} = ({recalled}) * (1 + {settings.alpha:g} * {hit.preference.value:.4f})"


def rank_row(hit: Hit) -> Answer:
    """A hit in short: rank, sticker and score."""
    return {"rank": hit.rank, "sticker": hit.sticker, "score": hit.final}


def rank_in(ids: list[str], sticker: str) -> int | None:
    """The 1-based place of a sticker in a ranking; None where it is not in it."""
    return ids.index(sticker) + 1 if sticker in ids else None
