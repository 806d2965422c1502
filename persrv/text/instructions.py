"""Instructions: a query that asks for a sticker ("find me a crying cat", 帮我找个谢谢老板的表情), and what it asks for.

People who are used to assistants type a request. Its frame (who is asked, the verb, the counter, the word "sticker")
says nothing about any sticker, so that only what stands inside is searched. A frame is taken for one where it cannot be
what somebody says with a sticker: it names stickers, or counts pictures (张), or looks for something. 来个抱抱,
"give me a hug" and "show me the money" are said, not asked for.
"""

from __future__ import annotations

import re

from persrv.text.folding import normalise

#: The names of what is asked for. 图 alone is the end of many words, so it needs 的 before it.
_STICKER_ZH = "表情包|表情图|表情|贴纸|贴图|动图|梗图"
_STICKER_EN = "(?:reaction )?(?:stickers?|memes?|emojis?|emotes?|gifs?|pictures?|pics?|images?)|reactions?"

_MANNERS_EN = (
    "(?:(?:hey|hi|ok|okay|so|now|just|please|pls|plz|(?:can|could|would|will) you|help me(?: to)?|i want you to)[, ]+)*"
)
_SEEK_EN = (
    "(?P<seek>(?:i(?:'m| am) )?(?:find|search(?:ing)?(?: for)?|look(?:ing)? for|fetch|pick|recommend|suggest|show))"
)
_GET_EN = (
    "give|send|get|bring|grab|i(?:'d| would) (?:like|love)|i (?:want|need)|want|need"
    "|do you have|have you got|are there|is there|got"
)
_LEAD_EN = re.compile(
    f"{_MANNERS_EN}(?:{_SEEK_EN}|{_GET_EN})(?P<me> (?:me|us))?(?: out)?"
    "(?P<article> (?:an?|any|some|one|another|a few))?(?: |(?=[\u4e00-\u9fff]))"
)
#: What a request for a sticker does not begin with, where it does not name stickers.
_SAID = re.compile(
    "(?:the|my|your|his|her|our|their|that|this|these|those|it|him|them|you|who|what|when|where|why|how|if|whether"
    "|out|at|in|on|to|there|here|someone|somebody|something|love|more)\\b"
)
#: "stickers for ...", "a gif that says ...", "something about ..."
_NAMED_FIRST = re.compile(
    f"(?:{_STICKER_EN}|something)(?: (?:of|for|with|about|like|saying|showing|expressing|to (?:say|express)"
    "|(?:that|which|who) (?:says?|means?|shows?|is|are)))+ (?P<what>.+)"
)
_ARTICLE = re.compile("^(?:an?|any|some|one) (?=.)")

_LEAD_ZH = re.compile(
    "(?:请问|请|麻烦你?|劳驾|拜托|你好|你|快|再|我?想让你|能不能|可不可以|可以|能|我?想要?|我要|我|[,，、 ])*"
    "(?P<for>帮我|给我|帮忙|替我|帮)?"
    "(?:(?P<seek>找|搜索|搜|查|检索|推荐|挑|选)(?P=seek)?|来|发|整|搞|弄|给|要|想要|求|有没有|有|看看|看)?"
    "(?P<counter>(?:一下)?(?:(?P<picture>[一几两三]?张)|[一几两三]?[个些点只款套组枚种条])?) *"
)
_NAMED_ZH = re.compile(f"(?P<what>.+?) *(?:的? *(?:{_STICKER_ZH}|{_STICKER_EN})|的(?:图片|图))")
_PURPOSE_ZH = re.compile("(?:能?表达|能?表示|写着?|说|关于|有关|适合|意思是|带)(?P<what>.+?)(?:的?时候?用|时用|用)?")
_MOMENT_ZH = re.compile("(?P<what>.+?)(?:的时候用?|时候用|时用)")
_NAMED_EN = re.compile(f"(?P<what>.+?) (?:{_STICKER_EN})")

_END = re.compile(
    "(?:[\\s.。!！?？~～,，]|[,，] *(?:thanks|thank you|thx|谢谢你?|谢啦|谢了|多谢)$| (?:please|pls|plz|for me)$"
    "|(?<=[图片纸包情])(?:吧|呗|吗|嘛|呢|啊|呀|好吗|好不好|行吗|可以吗))+$"
)

#: Things that say nothing where every answer is one.
_NOTHING = re.compile(f"(?:{_STICKER_ZH}|{_STICKER_EN}|图片?)?")

_AROUND = " ,，的\"'“”‘’「」《》"

#: Characters of the longest instruction: a longer text is a message, not a request.
_LONGEST = 80


def wanted(query: str) -> str | None:
    """What an instruction asks for, folded as texts are (simplified, lower case); None for any other query.

    >>> wanted("Find me a crying cat!"), wanted("帮我找个谢谢老板的表情"), wanted("give me a hug")
    ('crying cat', '谢谢老板', None)
    """
    if len(query) > _LONGEST:
        return None
    plain = _END.sub("", " ".join(normalise(query).split()))
    found = (_in_english(plain) or _in_chinese(plain) or "").strip(_AROUND)
    return None if _NOTHING.fullmatch(found) else found


def _in_chinese(plain: str) -> str | None:
    """What a Chinese instruction asks for."""
    lead = _LEAD_ZH.match(plain)
    assert lead is not None  # every part of it may be absent
    rest = plain[lead.end() :]
    if named := _NAMED_ZH.fullmatch(rest):
        asked = bool(lead["seek"] or lead["counter"] or lead["for"]) or _verb(lead[0])
        if not asked and not re.search("..的 *[^的]+$", rest):
            return None  # 偷表情包 says what somebody does; 谢谢老板的表情包 names stickers
        what = named["what"]
        for frame in (_PURPOSE_ZH, _MOMENT_ZH):
            if inner := frame.fullmatch(what):
                what = inner["what"]
        return what
    if lead["seek"] and lead["for"]:
        return rest
    return rest if lead["picture"] and (lead["seek"] or lead["for"] or _verb(lead[0])) else None


def _verb(lead: str) -> bool:
    """Whether the opening of a Chinese instruction has a verb of asking."""
    return bool(re.search("来|发|整|搞|弄|给|要|求|有|看", lead))


def _in_english(plain: str) -> str | None:
    """What an English instruction asks for."""
    lead = _LEAD_EN.match(plain)
    rest = plain[lead.end() :] if lead else _ARTICLE.sub("", plain, count=1)
    if first := _NAMED_FIRST.fullmatch(rest):
        return _ARTICLE.sub("", first["what"], count=1) if lead or not rest.startswith("something") else None
    if lead is None:
        return None
    named = _NAMED_EN.fullmatch(rest) or _NAMED_ZH.fullmatch(rest)
    if named:
        return str(named["what"])
    if not lead["seek"] or _SAID.match(rest):
        return None
    enough = lead["me"] or " " in rest or not rest.isascii()
    return rest if enough and (lead["me"] or lead["article"] or "for" in lead["seek"]) else None
