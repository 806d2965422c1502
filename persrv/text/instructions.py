"""Instructions: a query that asks for a sticker ("find me a crying cat", 帮我找个谢谢老板的表情), and what it asks for.

People who are used to assistants type a request. Its frame (who is asked, the verb, the counter, the word "sticker")
says nothing about any sticker, so that only what stands inside is searched. A frame is taken for one where it cannot be
what somebody says with a sticker: it names stickers, or counts pictures (张), or looks for something. 来个抱抱,
"give me a hug" and "show me the money" are said, not asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from persrv.text import analyser
from persrv.text import asking_words as words
from persrv.text.folding import has_han, normalise
from persrv.text.pinyin import spell_characters
from persrv.text.spelling import english_words

#: Characters of the longest instruction: a longer text is a message, not a request.
_LONGEST = 80

_AROUND = " ,，、:：.。!！?？~～的\"'“”‘’「」《》*-"

#: Subjects that a request without the name of a sticker does not look for.
_SAID = re.compile(
    "(?:the|my|your|his|her|our|their|that|this|these|those|it|him|them|you|who|what|when|where|why|how|if|whether"
    "|out|at|in|on|to|there|here|someone|somebody|something|love|more)\\b"
)
_SEEKING = re.compile("(?:find|search|look|fetch|pick|recommend|suggest|show)|(?:i'm |i am )?(?:search|look)ing")


@dataclass(frozen=True, slots=True)
class Instruction:
    """A request. asks: what for, folded as texts are, "" for any sticker; certain: whether only a request can say it,
    because it names stickers or says what they are to say.
    """

    asks: str
    certain: bool


def wanted(query: str) -> str | None:
    """The subject that an instruction asks for, folded as texts are (simplified, lower case); None for any other query,
    and for a request that any sticker meets.

    >>> wanted("Find me a crying cat!"), wanted("帮我找个谢谢老板的表情"), wanted("give me a hug")
    ('crying cat', '谢谢老板', None)
    """
    found = instruction(query)
    return found.asks or None if found else None


@lru_cache(2048)
def instruction(query: str) -> Instruction | None:
    """The request that a query makes; None for any other query.

    >>> instruction("how do I say sorry with a sticker?"), instruction("our sticker fell off")
    (Instruction(asks='sorry', certain=True), None)
    """
    if len(query) > _LONGEST:
        return None
    whole = " ".join(_without_slips(normalise(query)).split())
    plain = words.END.sub("", whole)
    for noun in words.NOUN.finditer(plain):
        before, after = plain[: noun.start()], plain[noun.end() :]
        certain = noun["other"] is None
        if not (_asks(_lead(before)) and not words.AMONG.fullmatch(before)) and (
            found := _framed(before, after, certain)
        ):
            return found
        if found := _named(before, after, whole.removeprefix(plain), certain) or _framed(before, after, certain):
            return found
    return _loosely(plain) or _saying(plain) or _one(plain) or _unnamed(plain)


# ---- with a name ----------------------------------------------------------------------------------------------------


def _named(before: str, after: str, end: str, certain: bool) -> Instruction | None:
    """The request around the name of a sticker. end: what closes it; certain: whether nothing else is called so."""
    lead = _lead(before)
    rest, which = _off_the_end(before[lead.end() if _asks(lead) or lead["article"] or lead["taken"] else 0 :])
    if not (lead["counter"] or lead["picture"]) and (begun := words.ANY_BEGINNING_ZH.match(rest)):
        rest, which = rest[begun.end() :], True
    asked, article = bool(which or _asks(lead)), bool(lead["article"])
    if words.OWNED.fullmatch(rest):
        return None
    joined = None if words.TAIL.fullmatch(after) else words.RELATOR.match(after)
    shown = after[joined.end() :] if joined else ""
    if joined is None and words.TAIL.fullmatch(after) is None:
        return None
    if joined and not asked and (words.FINITE.match(after) or lead[0].startswith("the ")):
        return None
    if joined:
        shown = _off_the_tail(shown)
        shown = words.FIT.sub("", shown) if words.WHICH.search(lead[0]) else shown
        rest = "" if words.FITTING.fullmatch(rest) else rest
    begged = joined is None and bool(words.BEGGING.search(after))
    if not (asked or begged) and not _only_named(rest, shown, before, article or bool(words.BEGGING.search(end))):
        return None
    inner = words.SAYING_EN.fullmatch(rest.strip(_AROUND))
    rest = _inside(inner["what"] if inner else rest)
    both = rest.rstrip(_AROUND), shown.lstrip(_AROUND)
    both = both[0], words.SAID_ONCE_ZH.sub("", both[1], count=1) if words.SAID_ONCE_ZH.match(both[1]) else both[1]
    asks = ("" if has_han(both[0][-1:]) and has_han(both[1][:1]) else " ").join(both)
    return Instruction(asks.strip(_AROUND), certain)


def _framed(before: str, after: str, certain: bool) -> Instruction | None:
    """The request of an English frame around the name of a sticker that only its structure tells."""
    if not before.strip(_AROUND) and (heading := words.HEADING.fullmatch(after)):
        return Instruction(_off_the_tail(heading["what"]).strip(_AROUND), certain)
    if words.AMONG.fullmatch(before) and (joined := words.AMONG_JOIN.match(after)):
        return Instruction(_off_the_tail(after[joined.end() :]).strip(_AROUND), certain)
    frame = words.FRAME_EN.fullmatch(f"{before.rstrip()} ")
    if frame is None or words.HANDLED.search(before):
        return None
    joined = None if words.TAIL.fullmatch(after) else words.FRAME_JOIN.match(after)
    if joined is None and words.TAIL.fullmatch(after) is None:
        return None
    looks, shown = frame["looks"], _off_the_tail(after[joined.end() :]) if joined else ""
    looks = "" if words.FITTING.fullmatch(looks.strip()) else looks
    asks = " ".join(part.strip(_AROUND) for part in (looks, shown) if part.strip(_AROUND))
    return Instruction(asks, certain)


def _loosely(plain: str) -> Instruction | None:
    """The request of a sentence that names stickers and wishes for one, built in whatever way."""
    noun = words.NOUN.search(plain)
    if noun is None or noun["other"] or not words.WISH.search(plain) or words.REPORT.search(plain):
        return None
    before, after = plain[: noun.start()], plain[noun.end() :]
    if words.OWNED.fullmatch(before.rstrip()):
        return None
    parts = [words.LAST.sub("", part[_edge(part) :]) for part in (before, after)]
    asks = " ".join(part for part in parts if part.strip(_AROUND)).strip(_AROUND)
    return Instruction(asks, True) if asks else None


def _edge(text: str) -> int:
    """End of the words of asking at the beginning of a text."""
    edge = words.EDGE.match(text)
    return max(end for end in _word_ends(text) if end <= edge.end()) if edge else 0


def _word_ends(text: str) -> list[int]:
    """Ends of the words of a text, its beginning first."""
    return [0, *accumulate(map(len, analyser.words(text, guess=False)))]


def _lead(text: str) -> re.Match[str]:
    """The opening of a request, which does not end inside a word: 求婚的表情 does not ask for a 婚."""
    lead = words.LEAD.match(text)
    assert lead is not None  # every part of it may be absent
    if (
        not lead["counter"]
        and has_han(text[lead.end() - 1 : lead.end()])
        and has_han(text[lead.end() : lead.end() + 1])
    ):
        cut = max(end for end in _word_ends(text) if end <= lead.end())
        lead = words.LEAD.match(text, 0, cut) or lead
    return lead


def _asks(lead: re.Match[str]) -> bool:
    """Return whether an opening asks for something, or counts it."""
    return any(lead[name] for name in ("asks", "sought", "for", "fetched", "picture", "counter"))


def _off_the_end(text: str) -> tuple[str, bool]:
    """Text before the name of a sticker without the words that join it to that name, and whether the joining words ask
    which.
    """
    end = words.BEFORE_NOUN.search(text)
    return (text[: end.start()], bool(end["which"])) if end else (text, False)


def _off_the_tail(text: str) -> str:
    """Text without the words that close a request."""
    for place in words.BREAK.finditer(text, 1):
        if words.POLITE.fullmatch(text, place.start()):
            return text[: place.start()]
    return text


def _only_named(rest: str, shown: str, before: str, meant: bool) -> bool:
    """Return whether words around the name of a sticker describe one that is wanted, where no verb asks for it; meant:
    whether an article or how it closes says so. "sad cat meme" may be a sticker's own words.
    """
    if words.STATED.match(rest) or words.COMPLIMENT.fullmatch(rest):
        return False
    if shown:
        return not rest or meant or not has_han(rest)
    return (
        bool(re.search("..(?:[的嘅] *| )$", before))
        if has_han(before.lstrip()[:1])
        else meant and before.strip() != "the"
    )


def _inside(text: str) -> str:
    """Words that a relative clause before the name of a sticker quotes."""
    text = words.KIND_ZH.sub("", text)
    for frame in (words.PURPOSE, words.MOMENT):
        if inner := frame.fullmatch(text.strip()):
            text = inner["what"]
    return text


# ---- without a name -------------------------------------------------------------------------------------------------


def _one(plain: str) -> Instruction | None:
    """The English request for "one", which may be a sticker: "got one with a sleepy cat", "a laughing one, please"."""
    for one in words.ONE.finditer(plain):
        before, after = plain[: one.start()], plain[one.end() :]
        for frame in (before, f"{before}a "):
            if (found := _framed(frame, after, certain=False)) and found.asks:
                return found
    return None


def _saying(plain: str) -> Instruction | None:
    """The request for what says something: "something that says good night"."""
    lead = _lead(plain)
    for said in (words.SAYING_ZH, words.SAYING_EN) if _asks(lead) else ():
        if inner := said.fullmatch(plain[_article(lead) :].strip()):
            return Instruction(_off_the_tail(inner["what"]).strip(_AROUND), True)
    return None


def _unnamed(plain: str) -> Instruction | None:
    """The request that calls no sticker by its name."""
    lead = _lead(plain)
    rest = plain[lead.end() :]
    if not _asks(lead):
        return None
    verb = any(lead[name] for name in ("asks", "sought", "for", "fetched"))
    if lead["picture"] and verb:
        return Instruction(_inside(_off_the_tail(rest)).strip(_AROUND), False)
    if (lead["counter"] or lead["sought"]) and verb and (inner := words.COUNTED_ZH.fullmatch(rest)):
        return Instruction(_inside(inner["what"]).strip(_AROUND), False)
    if lead["for"] and lead["sought"]:
        return Instruction(_off_the_tail(rest).strip(_AROUND), False)
    if not lead["asks"] or not _SEEKING.match(lead["asks"]) or _SAID.match(plain[_asked_end(lead) :]):
        return None
    to_me = bool(re.search("\\b(?:me|us)\\b", lead[0]))
    enough = to_me or " " in rest or not rest.isascii()
    return Instruction(rest, False) if enough and (to_me or lead["article"] or "for" in lead["asks"]) else None


def _asked_end(lead: re.Match[str]) -> int:
    """End of the verb, person and articles of an opening."""
    return lead.start("article") if lead["article"] else lead.end()


def _article(lead: re.Match[str]) -> int:
    """Start of the articles of an opening: "some" and "any" may stand for a sticker."""
    return lead.start("article") if lead["article"] in ("some", "any", "one", "another") else lead.end()


# ---- slips of the finger --------------------------------------------------------------------------------------------


def _without_slips(text: str) -> str:
    """A folded text with slips in the words of asking put right: "fnid a stciker", 表请包."""
    return words.TYPED.sub(_put_right, words.SOUNDS.sub(_as_sounds, text))


def _put_right(match: re.Match[str]) -> str:
    from rapidfuzz.distance import OSA

    word = match[0]
    if word in english_words() or words.NOUN.fullmatch(word):
        return word
    near = [
        other
        for other in words.OFTEN_TYPED
        if OSA.distance(word, other, score_cutoff=1) <= 1 and (len(word) > 3 or word[0] == other[0])
    ]
    return near[0] if near else word


def _as_sounds(match: re.Match[str]) -> str:
    if len(match[0]) == 1:
        return "找"
    return "表情" if spell_characters(match[0]) == "biao qing" else match[0]
