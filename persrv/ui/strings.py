"""The texts of the interface in Chinese and English: those of every tab, and the names of labels.

Data (queries, captions, names) is never translated here, except the labels of the demo catalogue, which have a name in
both languages; an unknown label is shown as it is.
"""

from __future__ import annotations

from persrv.ui.about_tab.texts import TEXTS as ABOUT
from persrv.ui.blind_tab.texts import TEXTS as BLIND
from persrv.ui.captions_tab.texts import TEXTS as CAPTIONS
from persrv.ui.card.texts import TEXTS as CARD
from persrv.ui.cases_tab.texts import TEXTS as CASES
from persrv.ui.chat_tab.texts import TEXTS as CHAT
from persrv.ui.judge_tab.texts import TEXTS as JUDGE
from persrv.ui.map_tab.texts import TEXTS as MAP
from persrv.ui.owner.texts import TEXTS as OWNER
from persrv.ui.paper.texts import TEXTS as PAPER
from persrv.ui.presentation.texts import TEXTS as PRESENTATION
from persrv.ui.search_tab.texts import TEXTS as SEARCH
from persrv.ui.shared.texts import TEXTS as SHARED
from persrv.ui.sharing.texts import TEXTS as SHARING
from persrv.ui.you_tab.texts import TEXTS as YOU

LANGUAGES: tuple[str, ...] = ("zh", "en")

#: key -> (Chinese, English). No two tabs claim the same key (tested).
TEXTS: dict[str, tuple[str, str]] = {
    **SHARED,
    **SEARCH,
    **CHAT,
    **YOU,
    **CAPTIONS,
    **BLIND,
    **CASES,
    **JUDGE,
    **MAP,
    **ABOUT,
    **PAPER,
    **OWNER,
    **PRESENTATION,
    **CARD,
    **SHARING,
}

#: Names of the demo catalogue's labels: value -> (Chinese, English).
LABELS: dict[str, tuple[str, str]] = {
    "cat": ("猫咪", "cat"),
    "dog": ("小狗", "dog"),
    "slime": ("史莱姆", "slime"),
    "panda": ("熊猫", "panda"),
    "rabbit": ("兔子", "rabbit"),
    "chick": ("小鸡", "chick"),
    "frog": ("青蛙", "frog"),
    "seal": ("海豹", "seal"),
    "capybara": ("水豚", "capybara"),
    "dino": ("小恐龙", "dino"),
    "flat": ("粉彩", "pastel"),
    "manga": ("漫画", "manga"),
    "pixel": ("像素", "pixel"),
    "ink": ("水墨", "ink"),
    "crayon": ("蜡笔", "crayon"),
    "glossy": ("立体", "3-D toy"),
    "papercut": ("剪纸", "paper-cut"),
    "neon": ("霓虹", "neon"),
    "laugh": ("大笑", "laughing"),
    "cry": ("大哭", "crying"),
    "wronged": ("委屈", "wronged"),
    "angry": ("生气", "angry"),
    "shocked": ("震惊", "shocked"),
    "scared": ("害怕", "scared"),
    "love": ("喜爱", "love"),
    "kiss": ("亲亲", "kiss"),
    "hug": ("抱抱", "hug"),
    "miss": ("想你", "missing you"),
    "shy": ("害羞", "shy"),
    "speechless": ("无语", "speechless"),
    "awkward": ("尴尬", "awkward"),
    "confused": ("疑惑", "confused"),
    "thinking": ("思考", "thinking"),
    "praise": ("点赞", "thumbs up"),
    "cheer": ("加油", "cheering on"),
    "letsgo": ("冲鸭", "let's go"),
    "smug": ("得意", "smug"),
    "cool": ("装酷", "cool"),
    "happy": ("开心", "happy"),
    "congrats": ("恭喜", "congratulations"),
    "birthday": ("生日", "birthday"),
    "newyear": ("新年", "New Year"),
    "redpacket": ("红包", "red packet"),
    "thanks": ("感谢", "thanks"),
    "sorry": ("道歉", "sorry"),
    "please": ("拜托", "please"),
    "hello": ("你好", "hello"),
    "bye": ("再见", "goodbye"),
    "goodmorning": ("早安", "good morning"),
    "goodnight": ("晚安", "good night"),
    "sleepy": ("困", "sleepy"),
    "tired": ("累瘫", "worn out"),
    "offwork": ("下班", "off work"),
    "overtime": ("加班", "overtime"),
    "slack": ("摸鱼", "slacking off"),
    "received": ("收到", "received"),
    "ok": ("好的", "OK"),
    "no": ("拒绝", "no"),
    "hungry": ("干饭", "hungry"),
    "milktea": ("奶茶", "milk tea"),
    "melon": ("吃瓜", "watching the drama"),
    "waiting": ("等待", "waiting"),
    "shush": ("闭嘴", "shush"),
    "sick": ("生病", "sick"),
    "cold": ("好冷", "cold"),
    "study": ("学习", "studying"),
}


def in_language(language: str) -> dict[str, str]:
    """key -> text in "zh" or "en"."""
    return {key: pair[LANGUAGES.index(language)] for key, pair in TEXTS.items()}


def labels_in(language: str) -> dict[str, str]:
    """Label value -> its name in "zh" or "en"."""
    return {value: pair[LANGUAGES.index(language)] for value, pair in LABELS.items()}
