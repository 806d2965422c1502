"""The words that people ask for stickers with, in Chinese and English, as patterns over folded text.

A request is what is asked for inside a frame: whom one asks and how politely, a verb of fetching or having, a counter,
the name of a sticker, and what joins that name to what the sticker shows ("for", "that says", 表示). The parts come in
many orders and both languages mix, so each part is a list here, and `instructions` takes them off from both ends.
"""

from __future__ import annotations

import re

# ---- names of stickers ----------------------------------------------------------------------------------------------

#: Names of stickers and of nothing else.
_STICKER_EN = "(?:reaction |animated )?(?:stickers?|memes?|emojis?|emotes?|emoticons?|gifs?)(?: packs?)?"
_STICKER_ZH = "表情包|表情图|表情|贴纸|贴图|动图|梗图|斗图"

#: Names of stickers and of other pictures. 图 alone is the end of many words, so it needs 的, 嘅 or 张 before it.
_PICTURE_EN = "(?:reaction )?pics?|reactions?|reaction (?:pictures?|images?)"
_PICTURE_ZH = "(?<=[的嘅张])图(?!片)"

NOUN = re.compile(
    f"(?<![a-z'])(?:{_STICKER_EN}|{_PICTURE_EN})(?![a-z'])|{_STICKER_ZH}|{_PICTURE_ZH}"
    "|(?P<other>(?<![a-z'])(?:pictures?|images?)(?![a-z'])|图片)"
)

#: Words that an article and a relative clause turn into a sticker: "something that says", "one for when".
PRONOUN = "(?:something|sth|smth|anything|ones?|some|any)"

# ---- before the name ------------------------------------------------------------------------------------------------

_ADVERB = "(?:just |really |still |actually |only |also )?"

#: Politeness, and who is asked. They say nothing of what is wanted.
_MANNERS_EN = """
hey|hi|hello|yo|um+|well|bro|dude|guys|ok|okay|so|now|just|please|pls|plz|kindly|quick|quickly|maybe|alright|also
(?:can|could|would|will|may|might|shall) (?:you|u|ya|i|we|someone|somebody|anyone|anybody|one)(?: please)?
(?:would|do) you mind|mind|is it possible to|(?:is there )?any chance (?:of|to|for|you could|that you)
i(?:'d| would) (?:appreciate|be grateful for)|help (?:me|us)(?: to| out)?|i want you to|i need you to|let's|lets|let us
i(?:'m| am) (?:trying|going|about) to|time to
(?:i|we) (?:would like|'d like|want|need|wanna|have|got|gotta) ?to(?! see| have| get)
""".strip().replace("\n", "|")

#: Verbs of fetching, wanting and having, with who does it.
_ASKING_EN = (
    f"""
(?:(?:i|we)(?:'?m| am|'?re| are)? {_ADVERB})?(?:look|search|hunt|brows)(?:ing)?(?: around)?(?: for| 4| up| through)?
(?:i|we) (?:would like|'d like|want|need|wanna) ?to (?:see|have|get)
i(?:'?m| am) {_ADVERB}(?:after|in need of|in the mood for|dying for)|on the hunt for|in need of|in search of
(?:i|we|he|she|they|my \\w+) {_ADVERB}(?:wants?|needs?|requires?|craves?|lacks?|could (?:use|do with)|wish(?:es)? i had)
(?:i|we)(?:'?d| would) (?:like|love)|want|need|wanted|needed|wanting|needing|requesting|craving|gimme|gonna need
find(?:ing)?|fetch(?:ing)?|pick(?:ing)?|choose|select|recommend(?:ing)?|suggest(?:ing)?|show(?:ing)?|give|giving
send(?:ing)?|get(?:ting)?|bring|grab|locate|dig|pull|hit (?:me|us|him|her|them)(?: up)? with|hook (?:me|us) up with
drop(?:ping)?|throw|toss|post(?:ing)?|shar(?:e|ing)|pass(?:ing)?|hand|load|browse|provide|offer|lend(?:ing)?|display
(?<=[ie] )(?:have|get|see|borrow)
supply|spare|(?:reply|respond|answer|react)(?:ing)? (?:(?:to )?(?:him|her|them|this|that) )?with|say|tell|express|got
happen to (?:have|know)
(?:does|do|would|has|have|did) (?:anyone|anybody|someone|somebody|any of you|you|u|ya|we|they|he|she)(?: guys| all)? \
(?:have|got|know(?: of)?|own|happen to (?:have|know)|keep)
(?:anyone|anybody|someone|somebody|who|you|u|ya|we|ur|who's|whos)(?: guys| here)? (?:has|have|got|knows?|with)
is there|are there|isn't there|aren't there|there must be|lemme see|let me (?:see|have|get)
where(?:'s| is| are)|where (?:can|do|could|might|would|to) (?:(?:i|we|you|one) )?(?:find|get|see)|where to find
how (?:do|would|can|could|should|might|to)(?: (?:i|you|u|we|one|someone|people))?(?: best)? \
(?:say|tell|express|put|show|reply|respond|answer|write|convey)
what|which|what's|whats|what is|what are|which one of|how about|what about|any ideas? for|any suggestions? for|ideas for
""".replace("\\\n", "")
    .strip()
    .replace("\n", "|")
)

_TO_WHOM_EN = "(?:(?:to |with )?(?:me|us|him|her|them|everyone|everybody|the group|the chat|back|out|up)|by any chance)"
_DETERMINER_EN = (
    "(?:(?:some of )?(?:your|the) )?(?:best|funniest|cutest|favou?rite)|(?:the )?(?:kinds?|sorts?|types?) of|an?"
    "|the|any|some"
    "|another|one|a few|few|a couple of|several|lots of|all of|all|of(?= (?:an?|the|your))"
)

#: 帮我, 给我, and how politely.
_MANNERS_ZH = (
    "请问|请|麻烦(?:你|您|大家)?|劳驾|拜托(?:你|您)?|(?:你好|您好|亲|喂|嗨|大家|各位)(?=[,，、 ]|谁|有)"
    "|再|快点?|赶紧|赶快|顺便|直接"
    "|那就|就|也|还|(?:我)?想让你|能不能|可不可以|可以|能否|可否|能|你|您|我"
)
_FOR_ZH = "帮(?:我|忙|俺|人家)?|给(?:我|他|她|大家|俺|你|人家)|替我|为我|向我"
_COUNTER_ZH = "(?:一下 ?)?[一几两三]?[个些点只款套组枚种条份波堆幅张]"

#: Verbs that ask by themselves, and those that do so only with a counter, with somebody, or with how it comes here.
_SEEKING_ZH = (
    "(?:想要?|要|需要|还缺|缺|正?在|来)?"
    "(?:找|搵|揾|搜索|搜寻|搜|查找|检索|推荐|挑选?|寻找|寻求|安利)(?:一找|一搜|找|搜|一下|下|出来?|到)?"
    "|(?:想要|需要|急需|还缺|缺|跪求|急求|在线求|求助?|想看看?|看看|瞧瞧|想来|想发|想用)"
    "|(?:谁|有人|哪位|你们)(?:那里|那儿|手里|手上)?(?:还|能|可以)*(?:有|发|给|分享|存了|收藏了)"
    "|(?:有没有|有木有|有冇|有无|有没|有)什么|有没有|有木有|有冇|有无|有没|有"
    "|(?:怎么|怎样|如何|咋)(?:用|拿|样用)?"
    "|(?:该|要|应该|可以)?(?:用|发|回|选|配)?(?:什么样的|什么|哪个|哪张|哪种|哪款|哪些|哪一张|哪一个|啥)|用"
)
_VERB_ZH = (
    "来|发|整|搞|弄|上|甩|扔|丢|贴|送|放|出|拿|翻|调|传|分享|安排|回复|回|配|换|秀|晒|选|推|看看|看|瞧瞧|瞅瞅|瞧|要|给|附|插|加|存|捞"
    "|扒"
)
_HITHER_ZH = "(?:出来|过来|给我|给他|给她|我们?|他们?|她们?|大家|对方|老板|同事|朋友|一下|下|得)"

_MARK = "[\\s,，、:：。\"'“”‘’「」《》*~…]"

_ENGLISH_WORD = "(?![a-z0-9'])"

#: Opening of a request: person asked, verb, receiver, articles and counters; the subject follows.
LEAD = re.compile(
    f"(?P<taken>把(?:[那这][个张些]?)?)?(?:{_MARK}|(?:{_MANNERS_EN}){_ENGLISH_WORD}|(?:{_MANNERS_ZH}))*"
    f"(?:(?P<asks>(?:{_ASKING_EN}){_ENGLISH_WORD})(?:{_MARK}|(?:{_TO_WHOM_EN}){_ENGLISH_WORD})*)?"
    f"(?:{_MARK}|(?P<for>{_FOR_ZH}))*(?P<sought>{_SEEKING_ZH})?(?:{_MARK}|{_FOR_ZH}"
    f"|[我他她](?={_MARK}*{_COUNTER_ZH})"
    f"|(?P<fetched>(?:{_VERB_ZH}){_HITHER_ZH}|(?:{_VERB_ZH})(?={_MARK}*(?:{_COUNTER_ZH}|{_FOR_ZH}))|(?:{_VERB_ZH})(?=[a-z]|$)))*"
    f"(?:(?:(?P<article>{_DETERMINER_EN}){_ENGLISH_WORD}|(?P<picture>[一几两三]?张)|(?P<counter>{_COUNTER_ZH})){_MARK}*)*"
)

# ---- after the name -------------------------------------------------------------------------------------------------

_NEUTRAL_EN = (
    "that|which|who|whose|to|i|we|you|u|one|should|can|could|would|do|does|is|are|use|send|post|share|reply|respond|react"
    "|answer|give|him|her|them|me|us|someone|somebody|people|out there|there|here|or (?:an? )?\\w+|best|really|would be"
    "|good|nice|great|right|perfect|available|on it|he|she|they|it"
)
_TERMINAL_EN = (
    "with (?:the )?(?:words?|text|caption|message)|(?:goes|go)(?: well)? with|says?|saying|said|tells?|telling"
    "|shows?|showing|means?|meaning|express(?:es|ing)?|convey(?:s|ing)?|reads?|reading|depicting|featuring|captioned"
    "|titled|label+ed|called|fits?|suits?|match(?:es|ing)?|for|of|about|with|like|when|where|while|if|4|abt|w/"
)
_RELATOR_EN = f"(?:(?:{_NEUTRAL_EN}){_ENGLISH_WORD}[ ,]*)*?(?:(?:{_TERMINAL_EN}){_ENGLISH_WORD}[ ,:]*)+(?:that (?=.))?"
_SAY_ZH = "表示|表达|形容|说明|说|写着|写了|写有|写|代表|意思是|体现|传达|展现|讲"
_RELATOR_ZH = (
    f"(?:来|去|要|得|最|能够?|可以|可|比较)*(?:{_SAY_ZH}|适合|合适|关于|有关|带有?|含有?|用来|用在|用于|配|搭配|是"
    "|(?:回复?|发给?|告诉)(?:他|她|我|对方|老板|大家)|内容是|文字是|上面写着?)+"
)
RELATOR = re.compile(f"{_MARK}*(?:{_RELATOR_EN}|{_RELATOR_ZH}|[:：,，](?=.)){_MARK}*(?:(?:an?|the|some) (?=.))?")

_WHOM = "(?:me|us|him|her|them|my \\w+|the (?:group|chat|boss)|everyone|everybody)"

#: Words that close a request and are never part of its subject.
_POLITE_EN = f"""
please|pls|plz|plss+|thanks(?: in advance| a lot)?|thank you|thx|ty|tks|right now|asap|for {_WHOM}|for my \\w+ to see
if you (?:can|could|have (?:one|it|any|some)|do|don't mind|find one)|if possible|do you have(?: one| any| some)?|do you
somewhere|anywhere|have you(?: got)?(?: one| any)?|(?:anyone|anybody)(?: has| have| got)?(?: one| any| it)?
got(?: one| any)|or something(?: like that| similar)?|or so
would (?:be )?(?:lovely|nice|great|good|perfect|ideal|cool|sweet|handy)
""".strip().replace("\n", "|")
_TAIL_EN = f"""
{_POLITE_EN}|to {_WHOM}|now|quick|quickly|(?:you|u|someone|who)(?: has| have| got)?(?: one| any| it)?|got
anywhere|somewhere|out there|here|around|available|exists?|in (?:here|there|stock|the (?:chat|group|collection))
i(?:'m| am) (?:after|looking for)|i (?:need|want|could use|can (?:use|send)|should (?:use|send))|needed|wanted|to send
would (?:be )?(?:nice|great|good|perfect|do|help|work|fit)|to (?:use|post|reply with|share|show {_WHOM})|instead
or similar|maybe|too|then|again|lol|haha|hm+|huh|mate|bro|dude|ok|okay|and so on|there
""".strip().replace("\n", "|")
_BRINGING_ZH = (
    "(?:给我|给他|给她|给大家)?(?:找|翻|拿|发|调|搜|挑|甩|贴|传)"
    f"(?:出来|过来|给我|给他|给她|给大家|我|他|她|一下|一找|一搜|下)?(?:一下|{_COUNTER_ZH})?"
)
_POLITE_ZH = (
    f"来着|有没有|有木有|有吗|有么|有不|有没|有无|求分享|给我来{_COUNTER_ZH}|给我(?:{_COUNTER_ZH})?(?:看看)?|发我(?:一下|{_COUNTER_ZH})?"
    "|发给我(?:一下)?"
    "|谢谢你?|谢啦|谢了|多谢|好吗|好不好|行吗|行不行|可以吗|可以不|好不|之类的|什么的|的那种|那种|这种|就行|也行|即可"
)
_TAIL_ZH = (
    f"{_POLITE_ZH}|没有|有|来{_HITHER_ZH}?(?:{_COUNTER_ZH})?|求|急求|跪求|{_BRINGING_ZH}|给(?:他|她)?{_COUNTER_ZH}?"
    f"|看看|看一下|瞧瞧|{_COUNTER_ZH}|在?(?:哪里|哪儿|哪)(?:有|找)?|怎么(?:找|搜)|好呢|比较好|最好|更好|合适|最合适|好一点|好|都行"
    "|用用|用一下|用|吗|吧|呗|嘛|呢|啊|呀|么|不|没|哈|哦|噢|呐|哇|了|都可以"
)
TAIL = re.compile(f"(?:{_MARK}|[!！?？~～]|(?<![a-z'])(?:{_TAIL_EN}){_ENGLISH_WORD}|{_TAIL_ZH})*+")
POLITE = re.compile(
    f"(?:{_MARK}|[!！?？~～]|(?<![a-z'])(?:{_POLITE_EN}){_ENGLISH_WORD}|{_POLITE_ZH}|(?<=的)(?:吗|呗|吧))*+"
)

#: Words that close any sentence.
END = re.compile(
    "(?:[\\s.。!！?？~～,，]|[,，] *(?:thanks|thank you|thx|谢谢你?|谢啦|谢了|多谢)$| (?:please|pls|plz|for me)$)+$"
)

# ---- around what is asked for ---------------------------------------------------------------------------------------

#: Before the name of a sticker: "say it with a", 加班的时候发什么, 晚安的.
BEFORE_NOUN = re.compile(
    "(?: ?\\b(?:with|in|as|using|by|into|via)(?: (?:an?|the|one|some|your|my))?"
    "|(?P<which>(?:(?:的时候|时候|时)?[,，]? *(?:该|要|应该|可以|能)?"
    "(?:用|发|回|配|选|说)(?:什么样的|什么|哪个|哪张|哪种|哪些|啥)))"
    "|(?:的时候|时)?(?:会?用|会?发)?(?:的|嘅)那?种?|[的嘅]?[一几两三]?[个张]) *$"
)

#: Relative clauses of Chinese, which come before the name: 能表示无语的, 适合下班的时候用的.
PURPOSE = re.compile(
    f"(?:能够?|可以|可|用来)*(?:{_SAY_ZH}|关于|有关|适合|带有?|含有?)+(?P<what>.+?)(?:(?:的)?时候?用?|时用|用)?"
)
MOMENT = re.compile("(?P<what>.+?)(?:的时候用?|时候用|时用)")

# ---- any English frame ----------------------------------------------------------------------------------------------

_NO_ORDER = (
    "i|you|he|she|it|we|they|this|that|these|those|the|an?|my|your|ur|his|her|our|their|who|whose|why|when|where|how|what"
    "|which|not|no|never|so|if|because|and|but|or|there|here|somebody|someone|everybody|everyone|nobody|people"
)

#: Requests of any wording, told by structure alone: a modal or a question, somebody with a modal, or an order, and then
#: an indefinite article and what the sticker looks like, before its name.
FRAME_EN = re.compile(
    f"(?:(?:{_MANNERS_EN}){_ENGLISH_WORD}[ ,]*)*"
    "(?:(?:can|could|would|will|may|might|should|shall|must|do|does|is|are|have|has)(?:n't)?|won't|can't|any(?= chance)"
    "|(?:i|we|you|they|he|she|somebody|someone|there)"
    "(?:'d|'ll|'m| would| could| can| may| might| must| should| need| want| will| am| has to| have to)"
    f"|(?:would|could)|(?!(?:{_NO_ORDER}|\\w+(?:ed|s|ing)){_ENGLISH_WORD})[a-z]+)"
    "(?: [a-z']+){0,7}? (?:an?|any|some|one|another|(?:the|your) (?:best|funniest|cutest))"
    "(?P<looks>(?: [a-z]+){0,3}) $"
)

#: Words for a sticker after something else was named: "got one with a cat", "a laughing one".
ONE = re.compile("(?<![a-z'])ones?(?![a-z'])")

#: A Chinese request that begins in any way: who has one, or a verb with a counter.
ANY_BEGINNING_ZH = re.compile(
    f"(?:[你您谁群这大][^的]{{0,4}}?有(?:没有)?|[^的]{{0,6}}?有没有|[^的]{{0,6}}?(?:{_VERB_ZH}|借){_HITHER_ZH}?{_COUNTER_ZH})"
    "(?:那种|这种)?(?=.)"
)

#: Chinese requests without a name, told by their counter: 求一个生日快乐的, 有没有哭的那种.
COUNTED_ZH = re.compile("(?:适合|能|可以)?(?P<what>.+?)的(?:那种|那个|就行|就好)?[呗吗呢吧呀啊嘛]*")

#: A sticker of a kind: 有没有那种累趴了的.
KIND_ZH = re.compile("^(?:那种|这种)(?=..)")

#: Counters before quoted words: 说一句辛苦了.
SAID_ONCE_ZH = re.compile("一[句声]")

#: Words that keep a frame from asking: something was done with a sticker, or is to be done with one on paper.
HANDLED = re.compile(
    "\\b(?:print|buy|bought|order|stick|peel|remove|delete|make|made|draw|drew|design|sell|sold|sent|saw|took|gave|fell"
    "|found|hate|stop|don't|never|did|was|were)\\b"
)

#: After a name in such a frame, what joins it to what the sticker shows, or what only says how good it would be.
FRAME_JOIN = re.compile(
    f"{_MARK}*(?:{_RELATOR_EN}|(?:on|at|in|by|to|where|in which){_ENGLISH_WORD}|(?: [a-z]+){{0,2}}:)"
    f"{_MARK}*(?:(?:an?|the|some) (?=.))?"
)

#: Stickers as where one looks: "look through your memes for anything about cats", "one in the sticker pack for".
AMONG = re.compile(
    "(?!(?:i|he|she|we|they)(?: |'))(?:[a-z']+ ){1,6}(?:in|from|through|among|amongst|into|out of|over) "
    "(?:your|my|the|our|all the|these) $"
)
AMONG_JOIN = re.compile(
    f"(?: (?!shop|store|price|printer|paper|machine)[a-z]+)? ?{_RELATOR_EN}{_MARK}*"
    f"(?:{PRONOUN} (?:(?:about|of|with|for|that says|saying|like) )?)?(?:(?:an?|the|some) (?=.))?"
)

#: A request that is written as a heading: "sticker request: good night", "gif please, something like good night".
HEADING = re.compile(
    "(?: [a-z]+){0,2} ?(?::|[,;-] (?:something|anything|one)(?: like| about| for| saying| that says)?) *(?P<what>.+)"
)

#: Stickers without a name, called by what they say: 来个表示无语的, "something that says good night".
SAYING_ZH = re.compile(
    f"(?:能够?|可以|可|用来)*(?:{_SAY_ZH}) *(?P<what>.+?) *(?:的|嘅)(?:那种|那个|就行|就好|吗|有吗)?"
)
SAYING_EN = re.compile(
    f"{PRONOUN} (?:(?:that|which|to|i can|for)(?: would| can| could)? )*"
    "(?:(?:says?|saying|express(?:es|ing)?|convey(?:s|ing)?|means?|meaning|tells?|telling)(?: (?:that|him|her|them))?"
    "|for when|for whenever)[ ,:]+(?P<what>.+)"
)

#: A dative, a possessive or a demonstrative: somebody's own sticker is spoken of, not asked for.
OWNED = re.compile(
    "(?:.*\\b)?(?:this|that|these|those|my|your|ur|his|her|our|their|every|no)|.*[这那](?:个|张|些|种)?|[你我他她它咱]们?"
)

#: Beginnings of sentences about stickers, which are no request by a bare name.
STATED = re.compile(
    "(?:i|i'\\w+|he|she|we|they|you|it|it's|who|why|how|when|what|this|that|these|those|my|your|ur|his|her|our|their|don't|do"
    "|does|did|stop|no|not|never|more|too|love|loves?|hate|like|thanks?|thank|lol|haha|omg|wow|is|are|was|were|buy|print|order"
    "|make|made|draw|design|delete|remove|save|saved|download|stick|peel|steal|stole|collect|sell|use|used)\\b"
    "|[这那]|[收看]到|[你我他她它咱]们?的?$"
)

#: Words about a sticker that a person has already.
COMPLIMENT = re.compile(
    "(?:(?:so|very|really|such|nice|cute|cool|great|good|lovely|awesome|funny|best|wow|new|sweet|the|a|an) ?)+"
    "|[好真太很超].{1,2}的?"
)

#: Says that some sticker would fit, not what it is to say.
FITTING = re.compile(
    "(?:(?:good|nice|perfect|suitable|right|best|fitting|appropriate|decent|proper|cute|funny|animated|cool) ?)+"
    "|(?:合适|好玩|好看|可爱|搞笑|有趣)的?"
)

#: A verb that makes a sentence about stickers of the words after their name.
FINITE = re.compile(" *(?:is|are|was|were|can|could|would|should|do|does|will|has|have|he|she|they|i|you|we)\\b")

#: After the name, or where a sentence closes, what asks for one.
BEGGING = re.compile(
    "有|来|求|给|找|翻|拿|发|调|搜|看|谢|哪|怎么|please|pl|th|tks|need|want|got|have|any|send|where|[?？]"
)

#: Asks which sticker, and what such a question ends with: 用什么表情说晚安好.
WHICH = re.compile("什么|哪|啥|怎|如何|咋")
FIT = re.compile("(?:比较|最|更)?(?:好|合适|合适点)呢?$")

#: Beginnings of the end of a request.
BREAK = re.compile("(?<![a-z0-9'])(?=[a-z])|(?=[ ,，。!！?？~]|[\u4e00-\u9fff])")

# ---- in no known order ----------------------------------------------------------------------------------------------

#: A wish, and what makes a report or a refusal of a sentence: where a request is built as no other, both tell it.
WISH = re.compile(
    "\\b(?:want|wanna|need|find|send|give|share|show|recommend|suggest|looking|love to have|may i|what|which|any)\\b"
    "|[想要找求哪]|有没有|有.*[吗么]|该[用发]|应该|什么|能不能|可以|推荐|来[个张]|[拿丢上甩发][个张]"
)
REPORT = re.compile(
    "\\b(?:stop|don't|do not|no more|never|sent|sending|hate|did|was|were|made|like my|print|buy|delete|fell|came)\\b"
    "|别|不要|不想|不用|错|[发收看用说做存][了到过]|删|可爱|好笑|搞笑|真多|是什么|[这那]是"
)

#: Words of asking that stand at the edges of what is asked for, whatever their order.
_EDGE_EN = (
    "i|i'd|i'm|we|you|u|my friend|friend|someone|somebody|anyone|want|wanna|need|would love"
    "|would|could|can|may|might|should"
    "|do|does|have|has|got|get|give|go|trying|think|there|is|are|be|to|an?|the|some|any|one|of|those|these|your|me|us|him|her"
    "|them|send|say|says|tell|reply|find|and|favou?r|that|which|what|where|share|show|please|hey|just|happen|know|how"
    "|with|for|about|as"
)
_EDGE_ZH = (
    "我|你|他|她|想要|想|要|跟|对|和|给|朋友|说句|说|找找|找|看看|看|有没有|有|那种|这种|这时候|应该|该|来|发|上|丢|拿|一个|一张|一句"
    "|个|张|求助|求|谁|能|可以|帮我|帮|请|合适的?|什么|哪个|用|把|一下|表达|表示|里|出来|过来|吗|么"
)
EDGE = re.compile(f"(?:{_MARK}|[?？!！]|(?:{_EDGE_EN}){_ENGLISH_WORD}|{_EDGE_ZH})+")
LAST = re.compile(
    f"(?:{_MARK}|[?？!！]|(?<![a-z'])"
    "(?:an?|the|any|some|got|have|has|with|for|of|to|in|as|find|it|please|want|need|what|which)"
    "|发个?|有|什么|哪个|合适的?|的|个|张|吗|出来|过来)+$"
)

#: Words that may be slips of the finger, and two characters that may sound as 表情 does.
TYPED = re.compile("(?<![\\w'])[a-z]{3,9}(?![\\w'])|(?<=[\u4e00-\u9fff])[a-z]{3,9}(?![\\w'])")
SOUNDS = re.compile("(?:(?<=[帮给]我)|^)[照着早招](?=[一几]?[个张下])|[\u4e00-\u9fff](?:[请清晴青轻倾情])")

#: Words that a slip of the finger is corrected to, the likeliest first.
OFTEN_TYPED = (
    *("sticker", "stickers", "memes", "meme", "emoji", "picture", "pictures", "something", "anyone", "someone"),
    *("find", "send", "need", "want", "give", "show", "search", "looking", "recommend", "suggest", "fetch"),
    *("please", "saying", "says"),
)
