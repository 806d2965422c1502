"""Requests for a sticker, what they ask for, and what only looks like one."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persrv.text import instructions
from persrv.text.instructions import Instruction, instruction, wanted

FRAMES_ZH = [
    "帮我找个{}的表情",
    "给我来一张{}",
    "幫我找一下{}",
    "求一张{}的图",
    "有没有{}的表情包吗？",
    "来几张{}",
    "{}的表情包",
]
FRAMES_EN = [
    "find me a {}",
    "Show me some {}!",
    "could you find me a {} sticker, please",
    "I want a sticker that says {}",
    "looking for a {} gif",
    "do you have any {} memes?",
    "stickers for {}",
    "find me {}",
]
#: More ways of asking; those that call a sticker by its name, or say what one says, can be nothing else.
WAYS_ZH = [
    "有没有{}的表情",
    "有{}的表情吗",
    "有{}的贴纸没",
    "有没有说{}的表情包",
    "有没有关于{}的图",
    "帮我找{}的图",
    "帮忙找一下{}的表情",
    "帮我挑个{}的表情包",
    "帮我搜搜{}的表情",
    "给我找个能表达{}的表情",
    "给他发个{}的表情",
    "给老板发一个{}的表情包",
    "来个{}的表情包",
    "来点{}的表情",
    "来张{}的图",
    "来一个表示{}的",
    "整点{}的表情",
    "搞个{}的表情包呗",
    "求{}的表情包",
    "求一个{}的动图，谢谢",
    "想要{}的表情",
    "我想要一张{}的贴纸",
    "我想找{}的表情包",
    "我要找一个{}的表情",
    "需要一个{}的表情",
    "缺一个{}的表情",
    "推荐几个{}的表情呗",
    "谁有{}的图",
    "谁能发我一个{}的表情",
    "哪个表情是{}",
    "哪个表情适合{}",
    "什么表情能表示{}",
    "用什么表情说{}好",
    "用哪个表情表达{}",
    "{}用什么表情",
    "{}的时候用哪个表情包",
    "怎么用表情包表达{}",
    "怎么用一张图说{}",
    "把{}的表情找出来",
    "把那张{}的表情发给我",
    "{}的表情给我来一个",
    "{}的表情发我一下",
    "{}的表情包求分享",
    "{}的表情在哪",
    "{}的动图来一张",
    "{}的表情有没有啊",
    "{} 表情包",
    "表情包：{}",
    "回个{}的表情",
    "用表情回他{}",
    "发个表情，说{}",
    "换一张{}的表情",
    "能不能找个{}的表情",
    "可以发一个{}的表情吗",
    "麻烦您找一张{}的表情包",
    "请推荐{}的贴图",
    "請問有{}的貼圖嗎",
    "幫忙找{}的表情包",
    "看看{}的表情",
    "我想看{}的表情包",
    "想发一个{}的表情",
    "搜一下{}的表情包",
    "搜索{}表情",
    "查找{}的表情包",
    "找{}的表情",
    "帮我找一个sticker，{}的",
    "find一个{}的sticker",
    "send我一张{}的图",
    "可以帮我找个{}的meme吗",
    "求{}的gif",
    "照个{}的表清包",
    "适合{}的时候发的表情",
    "表达{}的表情包有哪些",
]
WAYS_EN = [
    "any {} stickers?",
    "any stickers for {}?",
    "got a gif saying {}?",
    "got anything that says {}?",
    "send sth that says {}",
    "send her a sticker that means {}",
    "which sticker says {}",
    "which sticker would you send for {}",
    "what's a good sticker for {}",
    "is there a {} sticker",
    "is there a sticker for {} somewhere",
    "are there any gifs with {}",
    "do you know a sticker that says {}",
    "does anyone have a {} meme",
    "who has a sticker of {}",
    "can you pick me a sticker about {}",
    "could we get a {} emoji please",
    "let's send them a {} sticker",
    "how can i tell her {} with a sticker",
    "how to say {} using an emoji",
    "i'd love a sticker of {}",
    "i could use a {} gif right now",
    "i need to find a sticker of {}",
    "im looking for a {} sticker",
    "help me find a gif for {}",
    "recommend some stickers for {}",
    "suggest a sticker for {}",
    "respond with a {} gif",
    "react with a sticker of {}",
    "show us the best {} memes",
    "{} gif please",
    "{} meme?",
    "{} sticker, anyone?",
    "{} stickers thanks",
    "stickers that say {}",
    "a sticker for when {}",
    "meme about {}",
    "emoji for {}",
    "where is the {} sticker",
    "where do i find gifs of {}",
    "search stickers: {}",
    "search for {} stickers",
    "quick, i need a sticker for {}",
    "mind sharing a {} sticker?",
    "would you happen to have a sticker of {}",
    "please show a sticker which says {}",
    "looking for smth to express {}",
    "one sticker of {} please",
    "give me one that says {}",
    "find me anything that expresses {}",
    "get me a pic of {}",
    "grab me a {} pic",
    "gimme a {} sticker",
    "what gif do i send for {}",
    "some {} memes would be great",
    "plz snd me a {} stikcer",
    "serch a {} sticker",
    "i want to see {} stickers",
    "my boss wants a {} sticker",
    "best sticker for {}",
    "find the {} sticker",
]
SAID_ZH = ["谢谢老板", "晚安", "哭泣的猫", "笑死我了", "不想上班", "加油"]
SAID_EN = ["crying cat", "good night", "sleepy panda in neon", "thank you", "happy birthday"]


@pytest.mark.parametrize("frame", FRAMES_ZH)
@pytest.mark.parametrize("said", SAID_ZH)
def test_what_a_chinese_instruction_asks_for(frame: str, said: str) -> None:
    assert wanted(frame.format(said)) == said


@pytest.mark.parametrize("frame", FRAMES_EN)
@pytest.mark.parametrize("said", SAID_EN)
def test_what_an_english_instruction_asks_for(frame: str, said: str) -> None:
    assert wanted(frame.format(said)) == said


@pytest.mark.parametrize("way", WAYS_ZH)
@pytest.mark.parametrize("said", ["谢谢老板", "晚安", "求婚"])
def test_what_a_chinese_request_can_only_ask_for(way: str, said: str) -> None:
    assert instruction(way.format(said)) == Instruction(said, True)


@pytest.mark.parametrize("way", WAYS_EN)
@pytest.mark.parametrize("said", ["crying cat", "good night", "see you tomorrow"])
def test_what_an_english_request_can_only_ask_for(way: str, said: str) -> None:
    assert instruction(way.format(said)) == Instruction(said, True)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("能不能给我推荐几个表示无语的表情，谢谢", "无语"),
        ("有没有适合下班的时候用的表情", "下班"),
        ("请帮我搜索一下“笑死我了”的表情包吧", "笑死我了"),
        ("我想要一个说晚安的sticker", "晚安"),
        ("帮我找张 crying cat", "crying cat"),
        ("find me 谢谢老板的表情", "谢谢老板"),
        ("a gif of a dancing frog", "dancing frog"),
    ],
)
def test_frames_nest_and_languages_mix(query: str, said: str) -> None:
    assert wanted(query) == said


@pytest.mark.parametrize(
    "query",
    [
        *(
            "来个抱抱",
            "给我一个大大的拥抱",
            "我要抱抱",
            "求红包",
            "给我钱",
            "有没有人",
            "找工作",
            "想看你",
            "给力",
            "来了来了",
        ),
        *("give me a hug", "show me the money", "find love", "find out", "need a cuddle", "something to eat"),
        *("i love stickers", "偷表情包", "我的表情包", "show me your cat", "i want to go home", "send help"),
    ],
)
def test_what_people_say_with_a_sticker_is_no_instruction(query: str) -> None:
    assert wanted(query) is None


@pytest.mark.parametrize(
    "query",
    [
        *("nice sticker", "that meme is hilarious", "where did you get that sticker", "he sent me a weird gif"),
        *("our sticker fell off", "stop sending me stickers", "save this sticker", "this emoji again", "goth gif"),
        *("sticker paper from the shop", "do you like my stickers", "the sticker came off the box", "no more memes"),
        *(
            "这个表情包好好笑",
            "你的表情包真多",
            "别发表情了",
            "发错表情了",
            "他发了个表情包",
            "好可爱的表情",
            "收到你的表情",
        ),
        *("这是什么表情", "看看你的表情", "斗图吗", "截图发我", "地图在哪", "有图有真相", "表情管理", "偷图"),
    ],
)
def test_what_is_said_about_stickers_is_no_instruction(query: str) -> None:
    assert instruction(query) is None


LOOSE = [
    "do me a favor and find a {} sticker",
    "what stickers do you have about {}",
    "would love to have a {} sticker",
    "我想跟朋友说{}，有表情吗",
    "这时候应该发个{}的表情",
    "丢个{}的表情包过来",
]


@pytest.mark.parametrize("way", LOOSE)
@pytest.mark.parametrize("said", ["晚安", "求婚", "crying cat"])
def test_a_request_in_no_known_order_is_told_by_its_wish(way: str, said: str) -> None:
    assert instruction(way.format(said)) == Instruction(said, True)


@pytest.mark.parametrize("query", ["find me a plumber", "帮我找下合同", "show me the invoice", "给我一张发票"])
def test_without_a_name_of_stickers_a_request_is_not_certain(query: str) -> None:
    found = instruction(query)
    assert found is None or not found.certain


@pytest.mark.parametrize(
    "query", ["", " ", "find me", "帮我找找", "来一张", "find me a sticker", "发个表情", "show me stickers", "有一张图"]
)
def test_a_frame_around_nothing_asks_for_nothing(query: str) -> None:
    assert wanted(query) is None


@given(st.text(max_size=90))
def test_any_text_is_read_and_nothing_is_never_wanted(query: str) -> None:
    found = wanted(query)
    assert found is None or found != ""


@given(st.text(alphabet="我想要帮找张个的，, afindme", max_size=300))
def test_frames_in_any_order_are_read(query: str) -> None:
    wanted(query)


PARTS = (
    "有没有 有 什么 表情 图 的 找 帮我 给 求 发 来 张 说 的时候 用 好 了 吗 ， "
    "send me a the any sticker that says for with to i if of"
)


@given(st.lists(st.sampled_from(PARTS.split()), max_size=30), st.sampled_from(["", " "]))
def test_parts_of_frames_in_any_order_are_read(parts: list[str], between: str) -> None:
    found = instruction(between.join(parts))
    assert found is None or found.asks == found.asks.strip()


def test_the_examples_of_the_module_hold() -> None:
    assert doctest.testmod(instructions).failed == 0
