"""Wording to choose settings by: messages that nobody types in the drawn world, and that judge nothing.

What is learnt from is the world's own (`situations`) or beside it (`messages`); what is judged by is held out
(`messages`). A setting chosen on wording that was learnt would be too sure of itself, so this is a third kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from precompute.demo.messages import Language

# situation = said in Chinese; said in English; calling for it in Chinese; calling for it in English
_OF_SITUATIONS = """
laugh = 我笑到停不下来了; i can't stop giggling
cry = 鼻子一酸就掉泪了; i wept the whole evening; 分手了，他把照片全删了; our old dog did not wake up
wronged = 我真的没做那件事; i get punished for what others did
angry = 我现在一肚子火; i am so furious right now; 楼上半夜还在装修; the neighbour parked in my spot again
shocked = 这怎么可能呢; no way that is real; 我同桌考了全校第一还保送了; they sold the company overnight
scared = 胆都吓破了; that gave me the creeps; 电梯突然停了灯也灭了; somebody is knocking and it is 3 am
love = 我的心都归你; you make my heart melt
kiss = 脸凑过来让我香一个; give me a little smooch
hug = 过来让我抱一抱; hold me for a while
miss = 什么时候才能见到你呀; i keep thinking about you all day
shy = 人家都不敢抬头了; i am blushing so hard
speechless = 我真不知道说什么好; i have got nothing to say to that
awkward = 恨不得钻进地缝里; well that was embarrassing
confused = 这到底是啥意思; i do not get it at all
thinking = 容我好好琢磨一下; let me mull it over
praise = 干得漂亮你最牛; you did that brilliantly
cheer = 别放弃再坚持一下; hang in there, you can do this
letsgo = 说走就走马上开动; off we go right now
smug = 看吧还是我有本事; told you i was the best
cool = 戴上墨镜最拉风; look at my swag
happy = 今天心情好得不得了; feeling so joyful today; 明天放假一整天; we won the school match
congrats = 给你道喜了; well done on your big news; 我拿到驾照了; i finally got my degree
birthday = 祝寿星又长一岁; hope your special day has a big cake; 过了今晚我就满十八了; blowing out the candles at noon
newyear = 祝大家新春大吉; best wishes for the coming year
redpacket = 快发个大红包给我; give me some lucky money
thanks = 太感激你了; much obliged to you; 我帮你把作业打印好了; i saved you a seat and a coffee
sorry = 请你原谅我的过错; please forgive me; 你把我的书弄湿了; you missed my concert yesterday
please = 求你答应我吧; i beg you, help me out
hello = 嗨大家最近好吗; hey there everyone; 新邻居今天搬进来了; a new classmate joined us today
bye = 我先撤了回头见; see you next time; 车快开了，我得上去了; the taxi is outside
goodmorning = 清晨好起来啦; wakey wakey, the sun is up
goodnight = 早些休息做个美梦; sweet dreams, see you in the morning; 快一点了，我去躺下了; i am off to bed now
sleepy = 眼睛都睁不开了; i need a nap so badly
tired = 累到不想动; i am worn out; 我们走了三万步; i carried boxes all day
offwork = 终于可以回家了; done with work for today
overtime = 又要熬夜干活; working late again
slack = 趁老板不在偷个懒; i am goofing off at work
received = 明白了马上去办; got it, will do
ok = 行就这么定了; sure, fine by me
no = 我才不答应; i refuse to do that
hungry = 饿得前胸贴后背; i am starving, let's eat; 妈妈在炖排骨; the pizza just came out of the oven
milktea = 来杯珍珠奶茶解馋; i want some bubble tea
melon = 坐等看好戏; grabbing popcorn for the drama
waiting = 你怎么还没到啊; how much longer do i have to wait
shush = 别吵了安静点; stop talking please
sick = 发烧咳嗽好难受; caught a bad flu
cold = 冻得直哆嗦; it is freezing in here; 水管都冻裂了; my fingers are numb from the snow
study = 今晚通宵复习功课; cramming for the exam; 后天期末考还没看书; the finals start on monday
"""

SMALL_TALK: Mapping[Language, tuple[str, ...]] = {
    "zh": (
        "会员卡放哪了",
        "二号窗口几点关",
        "这趟车经过图书馆吗",
        "报名费是六十块",
        "螺丝在蓝色盒子里",
        "下节课换到三零二教室",
        "水电表在门后面",
        "押金什么时候退",
        "样品寄到仓库去",
        "充电线是哪种接口",
        "说明书第四页有图",
        "周三下午有体检",
    ),
    "en": (
        "where is the spare charger",
        "window two closes at noon",
        "does this bus pass the library",
        "the fee is sixty in total",
        "the screws are in the blue box",
        "next lesson is in room three oh two",
        "the meter is behind the door",
        "when is the deposit paid back",
        "send the samples to the warehouse",
        "what kind of cable does it take",
        "there is a diagram on page four",
        "the checkup is on wednesday afternoon",
    ),
}

TEMPLATES: Mapping[Language, tuple[str, ...]] = {
    "zh": ("挑一张说{what}的图", "有合适的贴纸吗，{what}那种", "发我个{what}的动态表情"),
    "en": ("got a sticker about {what}", "pick a gif that shows {what}", "any meme for {what}"),
}

ERRANDS: Mapping[Language, tuple[str, ...]] = {
    "zh": ("帮我找一下会议室的遥控器", "给我查下这个分机号", "来三个信封", "发我一份通讯录"),
    "en": ("find me a taxi for six", "show me the opening hours", "looking for a lost umbrella", "give me a receipt"),
}


@cache
def phrases_of(situation: str, language: Language) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Phrases by which a person expresses a situation, and phrases by another person that call for it, none for some
    situations.
    """
    return _parsed()[situation][language]


@cache
def _parsed() -> dict[str, dict[Language, tuple[tuple[str, ...], tuple[str, ...]]]]:
    found: dict[str, dict[Language, tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for line in _OF_SITUATIONS.strip().split("\n"):
        name, _, rest = line.partition(" = ")
        said_zh, said_en, *cues = (part.strip() for part in rest.split(";"))
        cue_zh, cue_en = ((part,) for part in cues) if cues else ((), ())
        found[name] = {"zh": ((said_zh,), cue_zh), "en": ((said_en,), cue_en)}
    return found
