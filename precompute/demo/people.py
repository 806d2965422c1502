"""The eight people of the demo world: who they are, what they like, and how they type. All are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from persrv.records import Person


@dataclass(frozen=True, slots=True)
class Taste:
    """The log-odds that a person adds to a sticker for its character and its art style; 0 for those not named."""

    characters: Mapping[str, float]
    styles: Mapping[str, float]

    def of(self, character: str, style: str) -> float:
        """The log-odds of a sticker of this character in this style."""
        return self.characters.get(character, 0.0) + self.styles.get(style, 0.0)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The way a person types. chinese, english, mixed, emoji: shares of their queries, together 1; slang: share of
    internet language among the Chinese ones; typos: chance that a query is mistyped.
    """

    chinese: float
    english: float
    mixed: float
    emoji: float
    slang: float
    typos: float


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """A simulated person. later: their taste in the second half of the time, None if it stays.

    favourites: situation -> how many times more often than others it comes up; chattiness: share of all searches,
    relative to the other people; hours: hours of the day (China) in which they are active.
    """

    id: str
    name: str
    name_en: str
    portrait: str
    portrait_en: str
    taste: Taste
    vocabulary: Vocabulary
    chattiness: float
    hours: tuple[int, ...]
    favourites: Mapping[str, float] = field(default_factory=dict)
    later: Taste | None = None

    def taste_at(self, progress: float) -> Taste:
        """The taste at a time, given as a share of the whole span in [0, 1]."""
        return self.later if self.later is not None and progress >= 0.5 else self.taste

    def as_person(self) -> Person:
        """The person as a bundle stores them: log-odds under "style:ink", "character:cat". For people whose taste
        changes half way, the second half is under "later:style:ink" and so on.
        """
        tastes = _named("", self.taste) | (_named("later:", self.later) if self.later else {})
        return Person(self.id, self.name, self.name_en, self.portrait, self.portrait_en, tastes)


def _named(prefix: str, taste: Taste) -> dict[str, float]:
    styles = {f"{prefix}style:{name}": value for name, value in taste.styles.items()}
    return styles | {f"{prefix}character:{name}": value for name, value in taste.characters.items()}


PEOPLE: tuple[SimulatedPerson, ...] = (
    SimulatedPerson(
        "linxia",
        "林夏",
        "Lin Xia",
        "杭州插画师，书桌上永远有一方砚台；水墨兔子和剪纸熊猫见一个收一个。",
        "An illustrator in Hangzhou with an inkstone on her desk; no ink-wash rabbit or paper-cut panda escapes her.",
        Taste({"rabbit": 2.0, "panda": 1.8, "seal": 0.6, "slime": -0.8}, {"ink": 2.6, "papercut": 2.2, "neon": -1.0}),
        Vocabulary(chinese=0.82, english=0.06, mixed=0.06, emoji=0.06, slang=0.20, typos=0.03),
        chattiness=1.0,
        hours=(9, 10, 11, 14, 15, 16, 20, 21, 22),
        favourites={"love": 3, "goodnight": 3, "thanks": 2, "thinking": 2, "milktea": 2, "newyear": 2},
    ),
    SimulatedPerson(
        "zhouhang",
        "周航",
        "Zhou Hang",
        "深圳后端程序员，凌晨两点还在等编译；像素史莱姆是他的电子宠物。",
        "A back-end programmer in Shenzhen, still waiting for the build at 2 a.m.; pixel slimes are his desktop pets.",
        Taste({"slime": 2.0, "dog": 1.6, "capybara": 1.0, "chick": -0.6}, {"pixel": 2.9, "neon": 1.6, "crayon": -0.8}),
        Vocabulary(chinese=0.55, english=0.22, mixed=0.13, emoji=0.10, slang=0.55, typos=0.12),
        chattiness=1.3,
        hours=(0, 1, 2, 11, 14, 15, 16, 17, 19, 21, 22, 23),
        favourites={"overtime": 6, "tired": 4, "speechless": 3, "slack": 3, "received": 3, "sleepy": 2, "offwork": 2},
    ),
    SimulatedPerson(
        "tangtang",
        "唐糖",
        "Tang Tang",
        "成都大二学生，奶茶三分糖，聊天十分甜；一句话要配三张图。",
        "A second-year student in Chengdu: little sugar in her tea, plenty in her chats, three stickers a sentence.",
        Taste({"rabbit": 1.8, "chick": 2.0, "cat": 0.5}, {"flat": 2.8, "crayon": 0.8, "ink": -0.6}),
        Vocabulary(chinese=0.62, english=0.08, mixed=0.10, emoji=0.20, slang=0.70, typos=0.09),
        chattiness=1.6,
        hours=(8, 10, 12, 13, 17, 18, 20, 21, 22, 23),
        favourites={"milktea": 5, "laugh": 4, "hug": 3, "shy": 3, "study": 3, "melon": 3, "cry": 2, "hungry": 2},
        later=Taste({"frog": 2.2, "dog": 1.8, "rabbit": -0.3}, {"manga": 2.9, "flat": 0.3, "ink": -0.6}),
    ),
    SimulatedPerson(
        "laowei",
        "魏国栋",
        "Wei Guodong",
        "西安退休语文老师，每天六点准时问早安；认定剪纸小鸡是孙女变的。",
        "A retired teacher in Xi'an, good morning at six sharp; the paper-cut chick, he swears, is his granddaughter.",
        Taste({"chick": 2.2, "frog": 1.4, "dog": 0.8, "slime": -1.0}, {"papercut": 3.0, "ink": 1.4, "pixel": -1.2}),
        Vocabulary(chinese=0.90, english=0.01, mixed=0.01, emoji=0.08, slang=0.02, typos=0.14),
        chattiness=0.8,
        hours=(6, 6, 7, 7, 8, 9, 15, 16, 19, 20),
        favourites={
            "goodmorning": 6,
            "newyear": 3,
            "congrats": 3,
            "thanks": 3,
            "praise": 3,
            "goodnight": 2,
            "birthday": 2,
        },
    ),
    SimulatedPerson(
        "amu",
        "阿木",
        "A Mu",
        "长沙滑板店小老板，话少图多；漫画恐龙替他耍帅，青蛙替他摔跤。",
        "Runs a skateboard shop in Changsha, few words, many stickers: manga dinos pose for him, frogs take the falls.",
        Taste({"dino": 2.1, "frog": 1.9, "rabbit": -0.8}, {"manga": 2.8, "neon": 1.0, "flat": -0.8}),
        Vocabulary(chinese=0.60, english=0.18, mixed=0.10, emoji=0.12, slang=0.60, typos=0.08),
        chattiness=0.9,
        hours=(11, 12, 14, 16, 17, 18, 20, 22, 23, 0),
        favourites={"cool": 6, "letsgo": 4, "smug": 4, "laugh": 2, "no": 2, "ok": 3, "hungry": 2},
    ),
    SimulatedPerson(
        "grace",
        "江晚",
        "Grace Jiang",
        "上海外企产品经理，中英夹杂是母语；压力越大，立体水豚发得越多。",
        "A product manager in Shanghai whose mother tongue is half English; the more stress, the more 3-D capybaras.",
        Taste({"capybara": 2.4, "seal": 1.8, "dino": -0.5}, {"glossy": 2.9, "flat": 1.0, "manga": -0.8}),
        Vocabulary(chinese=0.28, english=0.40, mixed=0.26, emoji=0.06, slang=0.30, typos=0.04),
        chattiness=1.2,
        hours=(8, 9, 10, 11, 14, 15, 16, 17, 18, 21),
        favourites={
            "thanks": 4,
            "ok": 4,
            "received": 3,
            "please": 3,
            "cheer": 3,
            "offwork": 3,
            "tired": 2,
            "awkward": 2,
        },
    ),
    SimulatedPerson(
        "xiaoyu",
        "白小羽",
        "Bai Xiaoyu",
        "厦门幼儿园老师，衣兜里常年有蜡笔；夸人先发小狗，哄人再发小恐龙。",
        "A kindergarten teacher in Xiamen with crayons in every pocket: a puppy to praise you, a dino to calm you.",
        Taste({"dog": 2.0, "dino": 1.6, "chick": 1.2, "seal": -0.4}, {"crayon": 3.0, "flat": 0.8, "neon": -1.2}),
        Vocabulary(chinese=0.72, english=0.05, mixed=0.07, emoji=0.16, slang=0.25, typos=0.05),
        chattiness=1.0,
        hours=(7, 8, 12, 13, 17, 18, 19, 20, 21),
        favourites={"praise": 5, "hug": 4, "happy": 3, "cheer": 3, "shush": 3, "kiss": 2, "goodmorning": 2, "sick": 2},
    ),
    SimulatedPerson(
        "meilin",
        "梅琳",
        "Mei Lin",
        "沈阳夜班护士，霓虹海豹陪她值夜；换到白班以后，口味也跟着天亮了。",
        "A nurse in Shenyang whom neon seals kept company on night duty; on the day shift her taste saw daylight too.",
        Taste({"seal": 2.2, "rabbit": 1.5, "dog": -0.4}, {"neon": 2.9, "glossy": 0.5, "papercut": -0.6}),
        Vocabulary(chinese=0.58, english=0.10, mixed=0.08, emoji=0.24, slang=0.35, typos=0.07),
        chattiness=1.1,
        hours=(0, 1, 3, 4, 5, 7, 18, 20, 21, 22, 23),
        favourites={"sleepy": 5, "goodnight": 3, "sick": 4, "tired": 3, "cold": 3, "miss": 3, "waiting": 2},
        later=Taste({"cat": 2.2, "seal": 1.0, "rabbit": 0.3}, {"ink": 2.8, "neon": 0.2, "papercut": -0.3}),
    ),
)
