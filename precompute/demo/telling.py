"""Descriptions of drawn stickers in Chinese: what the small LLaVA learns to say, and how its answers are read back.

A description is "1. <what is seen> | 2. <what is felt>", the format of the paper's general prompt. Every part has
several phrasings, chosen at random, so that there is no single sentence to learn by heart. Reading back is the inverse:
find the values whose phrasings an answer contains. A phrasing belongs only to the values that list it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from precompute.demo.situations import SITUATIONS
from precompute.demo.spec import StickerSpec


@dataclass(frozen=True, slots=True)
class Scene:
    """The phrasings of one situation as it is drawn: face, pose, things and signs around, and the intended feeling."""

    looks: tuple[str, ...]
    poses: tuple[str, ...]
    things: tuple[str, ...]
    feels: tuple[str, ...]


#: Parts of a description, in the order of an answer. Each is a name of `truth` and of what `read` finds.
PARTS = ("style", "character", "looks", "poses", "things", "feels")

STYLE_PHRASES: Mapping[str, tuple[str, ...]] = {
    "flat": ("粉彩风格", "柔和粉彩画风", "淡雅粉彩色调"),
    "manga": ("黑白漫画风格", "漫画线条画风", "日式漫画笔触"),
    "pixel": ("像素风格", "复古像素画风", "方格像素点阵"),
    "ink": ("水墨风格", "国风水墨画风", "毛笔水墨笔触"),
    "crayon": ("蜡笔手绘风格", "儿童蜡笔画风", "粗糙蜡笔笔触"),
    "glossy": ("立体玩具风格", "光滑立体质感", "圆润立体画风"),
    "papercut": ("剪纸风格", "层叠剪纸画风", "手工剪纸质感"),
    "neon": ("霓虹灯风格", "发光霓虹画风", "夜色霓虹线条"),
}

CHARACTER_PHRASES: Mapping[str, tuple[str, ...]] = {
    "cat": ("小猫", "猫咪"),
    "dog": ("小狗", "狗狗"),
    "slime": ("史莱姆", "果冻团子"),
    "panda": ("熊猫", "大熊猫宝宝"),
    "rabbit": ("兔子", "长耳兔"),
    "chick": ("小鸡", "黄毛鸡仔"),
    "frog": ("青蛙", "绿色小蛙"),
    "seal": ("海豹", "圆滚滚海豹"),
    "capybara": ("水豚", "卡皮巴拉"),
    "dino": ("恐龙", "恐龙宝宝"),
}

#: situation: looks; poses; things; feels, on two lines. Phrasings are apart by a blank.
_SCENES = """
laugh: 眯着眼张大嘴笑 笑得合不拢嘴; 坐着捧住肚子 笑得捂着肚子坐下;
  眼角飞出泪花 旁边有抖动的线; 表达被逗得大笑 觉得太好笑了 笑得停不下来
cry: 张大嘴哇哇哭 闭眼号啕大哭; 坐在地上摊开手 瘫坐着摊手;
  泪水流成水洼 眼泪像瀑布一样; 表达伤心大哭 心里难过极了 悲痛得哭出来
wronged: 泪汪汪地撅着嘴 眼含泪水嘟起嘴; 抱着膝盖蜷坐 缩成一团抱膝;
  头顶一朵下雨的云 上方飘着小雨云; 表达受了委屈 觉得自己好可怜 被冤枉很难受
angry: 怒目咬牙 皱眉露出牙齿; 双手叉腰站着生气 叉着腰瞪人;
  背后燃起火焰 头上冒青筋和蒸汽; 表达非常生气 心里怒火中烧 气得要爆炸
shocked: 瞪大眼睛倒吸气 圆睁双眼张着嘴; 双手捂住脸颊愣住 捧着脸僵住;
  背后是爆炸形闪光 旁边有闪电符号; 表达十分震惊 不敢相信看到的 惊讶得说不出话
scared: 睁大眼歪着嘴发慌 眼神惊恐嘴巴发颤; 躲在箱子后探头 扒着纸箱边缘;
  有个大纸箱和阴影线 纸箱旁滴着冷汗; 表达害怕和恐惧 吓得只想躲起来 心里非常恐慌
love: 眼睛变成爱心 双眼冒爱心张嘴笑; 双手举着爱心 把心捧在胸前;
  一颗大红心和小爱心 大大的红心飘出爱心; 表达喜欢和爱意 满心都是爱 向对方表白
kiss: 嘟着嘴闭眼送吻 长睫毛撅起嘴唇; 手放胸前凑上来 歪着身子送上吻;
  嘴边飞出一串爱心 越飞越大的爱心; 表达亲亲和甜蜜 想要亲你一口 送出一个飞吻
hug: 弯着眼睛开怀笑 笑眼弯弯嘴张开; 跳起来张开双臂 张开手要抱;
  两旁有小爱心和弧线 周围是拥抱的线条; 表达想要抱抱 给人温暖的拥抱 用拥抱安慰对方
miss: 抬眼望着上方撅嘴 眼睛向上看有点难过; 坐着抱住东西 坐着把相框抱紧;
  梦境泡泡里有爱心 怀里一张相片; 表达想念对方 心里思念着你 盼着早点见面
shy: 垂着睫毛脸通红 低垂眼睛抿着嘴; 双手捧着发烫的脸 捂着脸颊扭捏;
  脸旁冒热气和小爱心 红脸上冒着蒸汽; 表达害羞 觉得很不好意思 羞得脸都红了
speechless: 半睁眼面无表情 眯着死鱼眼嘴一条线; 垂着手站着不动 呆站着垂下手;
  气泡里是省略号 省略号气泡和汗滴; 表达无语 不知道该说什么 觉得一言难尽
awkward: 豆豆眼咧着嘴尬笑 小眼睛露牙干笑; 挠着后脑勺 抬手抓头;
  头边一大滴汗和竖线 挂着大汗珠; 表达尴尬 气氛让人下不来台 尬得想找地缝
confused: 一只眼大一只眼小 两眼大小不一皱着嘴; 摊开双手耸肩 歪头耸着肩膀;
  旁边有大问号 头上冒出问号; 表达疑惑不解 完全没听懂 满脑子问号
thinking: 眼睛朝上嘴抿着 抬眼皱着一边眉; 手托着下巴 摸着下巴琢磨;
  思考泡泡里有灯泡 泡泡中亮着灯泡; 表达正在思考 认真地想问题 心里在琢磨
praise: 眨一只眼笑着 俏皮地眨眼; 竖起大拇指 伸手比大拇指;
  周围闪着亮光 身旁有闪亮星光; 表达称赞 觉得对方真棒 给人点赞
cheer: 星星眼张大嘴喊 眼里有星大声喊; 跳起来举起双手 高举双手跳跃;
  拿着彩球撒彩纸 手上是啦啦队彩球; 表达加油鼓劲 给人打气 鼓励对方坚持
letsgo: 星星眼热血大喊 斗志满满张着嘴; 举着拳头奔跑 握拳往前冲;
  披风飘起扬着尘土 红披风和速度线; 表达冲劲十足 马上出发往前冲 热血沸腾要行动
smug: 斜眼坏笑 挑眉勾起嘴角; 叉着腰歪头站 昂头叉腰;
  背后放射光芒 身后有一圈光; 表达得意洋洋 为自己感到骄傲 忍不住炫耀
cool: 戴着墨镜勾嘴角 墨镜遮眼微微笑; 双臂交叉抱胸 抱着胳膊站立;
  戴金链子闪着光 脖子上有金链; 表达自己很酷 自信又拉风 摆出耍帅的样子
happy: 笑弯了眼张开嘴 开心地眯眼笑; 举着手跳舞 手舞足蹈;
  身边飘着音符 周围有跳动的音符; 表达开心快乐 心情特别好 高兴得想跳舞
congrats: 扬眉大笑 眉眼上扬笑得灿烂; 跳起来举手庆祝 单手高举跳起;
  礼炮喷出彩纸 拉响礼花筒; 表达恭喜祝贺 为好消息庆祝 替对方高兴
birthday: 小圆眼张嘴笑着 睁着圆眼兴奋地笑; 站在桌子后面吹蜡烛 趴在桌边看蛋糕;
  有蛋糕气球和派对帽 桌上插蜡烛的蛋糕; 表达生日祝福 祝你生日快乐 陪你过生日
newyear: 眯眼微笑 弯眼笑着张口; 双手合十拜年 作揖拜年;
  有灯笼鞭炮和红帽 挂着红灯笼与鞭炮; 表达新年祝福 祝大家过年好 喜气洋洋迎新春
redpacket: 星星眼惊喜地笑 两眼放光大笑; 双手举着红包 把红包拿在胸前;
  红包和飞舞的金币 金币四处蹦出; 表达收到红包的期待 盼着发财 祝恭喜发财
thanks: 眯眼感动微笑 弯眼露出猫嘴笑; 双手献上花束 捧花送给你;
  一束鲜花和小爱心 怀里抱着花束; 表达感谢 心里充满感激 向对方道谢
sorry: 闭眼垂眉难过 紧闭双眼嘴角向下; 趴在地上磕头 跪地低头认错;
  头边有汗滴和鞠躬线 旁边是磕头的线条; 表达歉意 认错请求原谅 真心说对不起
please: 泪光闪闪张小嘴 水汪汪的眼睛哀求; 双手合十恳求 合掌站着拜托;
  四周有恳求的光点 眼前闪着小光; 表达拜托请求 求求对方答应 恳切地想要帮忙
hello: 睁眼扬眉大笑 圆眼睛热情地笑; 挥手打招呼 抬手摇一摇;
  手边有晃动线和小花 头上有一朵花; 表达友好问候 热情地打招呼 向大家说你好
bye: 弯眼含笑 眯眼浅浅地笑; 提着行李迈步走 边走边拎箱子;
  拖着行李箱挥手帕 有行李箱和手帕; 表达告别 和你说再见 有点不舍地离开
goodmorning: 眨着眼精神地笑 刚睡醒眨眼笑; 高高伸懒腰 举臂伸展身体;
  有太阳和小鸟 太阳升起鸟儿飞; 表达早上问候 祝你早安 迎接新的一天
goodnight: 闭眼安静微笑 闭着眼睛睡着了; 盖被躺在床上睡 在被窝里睡觉;
  月亮睡帽和枕头 戴睡帽枕着枕头; 表达晚安祝福 祝你做个好梦 安心入睡
sleepy: 眼皮打架打哈欠 睡眼惺忪张嘴哈欠; 坐着抱着抱枕 抱枕头坐着点头;
  鼻子冒睡泡 飘着瞌睡泡泡; 表达困倦 困得睁不开眼 好想睡一觉
tired: 眼睛转圈吐舌头 两眼打转伸出舌头; 趴倒在地上 四肢瘫软趴着;
  灵魂飘了出来 头上飞出灵魂; 表达疲惫 累得不想动 身心都被掏空
offwork: 星星眼笑着大叫 兴奋地张大嘴; 提着公文包奔跑 拎包飞奔;
  公文包领带和尘土 系着领带扬起灰; 表达下班的喜悦 终于可以回家 轻松地收工
overtime: 耷拉眼皮嘴发抖 眼睛快睁不开; 坐在桌前打字 趴在桌前工作;
  电脑挂钟和夜窗 夜晚窗边的电脑; 表达加班的辛苦 工作到深夜 苦闷地干活
slack: 斜眼偷偷坏笑 眼睛瞟向一旁; 躺着玩手机 趴着翘脚看手机;
  旁边有小鱼和泡泡 鱼儿吐泡泡; 表达摸鱼偷懒 上班悠闲划水 悄悄混时间
received: 目光坚定微笑 认真地抿嘴笑; 举手敬礼 立正敬礼;
  戴军帽有绿色对勾 头戴帽子旁边打勾; 表达收到命令 明白并会照办 认真答应任务
ok: 眯眼轻松地笑 笑眯眯张着嘴; 手比圈圈手势 举手比圆圈;
  手势旁有光线 指圈旁闪着光; 表达同意 说没问题 爽快地答应
no: 皱眉撇嘴 竖眉瞪眼嘴角下撇; 双臂交叉打叉 两手比叉;
  旁边有禁止标志 红色禁止牌; 表达拒绝 坚决不要 不同意对方
hungry: 两眼放光吐舌头 馋得伸出舌头; 坐在饭桌前 守在桌前等饭;
  热腾腾米饭和筷子 一碗米饭冒热气; 表达肚子饿了 想马上吃饭 期待开饭
milktea: 弯眼嘬着吸管 眯眼小口喝; 双手捧杯喝饮料 端着杯子喝;
  一杯珍珠奶茶 奶茶里有珍珠; 表达喝奶茶的惬意 好想喝奶茶 享受下午茶
melon: 瞟着旁边嚼东西 斜眼鼓着腮咀嚼; 坐着捧瓜吃 坐着啃西瓜;
  一片西瓜和瓜子 手里红色西瓜; 表达吃瓜看热闹 好奇围观八卦 等着听后续
waiting: 斜眼嘴抿成线 无聊地看向一边; 坐着托腮 坐着用手撑脸;
  有时钟和沙漏 沙漏旁边挂着钟; 表达等待的焦急 等了好久不耐烦 盼着对方快来
shush: 豆眼皱眉闭嘴 小圆眼严肃抿嘴; 手指放在嘴前 伸手指比嘘;
  两边有静音弧线 头旁是声波线; 表达让人安静 叫对方闭嘴 别再说了
sick: 眼神迷糊嘴发抖 发昏地歪着嘴; 躺在病床上 卧床盖着被;
  敷冰袋含体温计 冰袋和温度计; 表达生病难受 身体不舒服 发烧没精神
cold: 紧闭眼牙齿打颤 眯眼哆嗦着牙; 抱着自己发抖 缩着身子哆嗦;
  戴毛线帽围巾飘雪 雪花围巾和鼻涕; 表达好冷 冻得受不了 冷得直发抖
study: 圆眼皱眉浅笑 专注地盯着看; 在书桌前读书 坐在桌前看书;
  书堆眼镜和头带 戴眼镜旁边一摞书; 表达努力学习 专心备考 认真读书
"""


def _scene(entry: str) -> tuple[str, Scene]:
    name, _, rest = entry.partition(":")
    looks, poses, things, feels = (tuple(part.split()) for part in rest.split(";"))
    return name, Scene(looks, poses, things, feels)


SCENES: Mapping[str, Scene] = dict(_scene(entry) for entry in _SCENES.strip().replace("\n  ", " ").splitlines())

#: Sentences of the seen parts; {style} and {character} come first, so that all that follows can rely on them.
SENTENCES = (
    "一只{style}的{character}，{looks}，{poses}，{things}",
    "{style}的{character}，{looks}，{things}，{poses}",
    "这是{style}的{character}，{poses}，{looks}，{things}",
)


@cache
def phrasings() -> dict[str, dict[str, tuple[str, ...]]]:
    """Part -> value -> its phrasings. The values of every part except style and character are situations."""
    scenes = {part: {name: getattr(scene, part) for name, scene in SCENES.items()} for part in PARTS[2:]}
    return {"style": dict(STYLE_PHRASES), "character": dict(CHARACTER_PHRASES), **scenes}


def truth(spec: StickerSpec) -> dict[str, str]:
    """Part -> the sticker's value."""
    return {part: getattr(spec, part if part in ("style", "character") else "situation") for part in PARTS}


def describe(spec: StickerSpec, rng: np.random.Generator) -> str:
    """Draw one of the many possible answers to the general prompt for a sticker: "1. <seen>。 | 2. <felt>。"."""
    told = {part: _one(phrasings()[part][value], rng) for part, value in truth(spec).items()}
    seen = _one(SENTENCES, rng).format(**told)
    return f"1. {seen}。 | 2. {told['feels']}。"


def formal_keywords(spec: StickerSpec, rng: np.random.Generator) -> str:
    """The terms of a catalogue for a sticker: keywords as a cataloguer, not a searcher, would write them."""
    situation = SITUATIONS[spec.situation]
    told = (_one(STYLE_PHRASES[spec.style], rng), _one(CHARACTER_PHRASES[spec.character], rng))
    return "，".join((*told, situation.zh, situation.emotion_zh))


def read(answer: str) -> dict[str, frozenset[str]]:
    """Part -> the values whose phrasings the answer contains. A phrasing inside a longer found one does not count."""
    return {part: _found(answer, values) for part, values in phrasings().items()}


def _found(answer: str, values: Mapping[str, Sequence[str]]) -> frozenset[str]:
    present = [(phrase, value) for value, phrases in values.items() for phrase in phrases if phrase in answer]
    return frozenset(v for p, v in present if not any(p != other and p in other for other, _ in present))


def texts() -> tuple[str, ...]:
    """Texts of descriptions and formal keywords, which a tokenizer has to spell."""
    parts = [phrase for values in phrasings().values() for phrases in values.values() for phrase in phrases]
    terms = [term for situation in SITUATIONS.values() for term in (situation.zh, situation.emotion_zh)]
    return (*parts, *terms, *(sentence.format(**dict.fromkeys(PARTS, "")) for sentence in SENTENCES), "1. 2. | 。，")


def meaning(phrase: str, situation: str, rng: np.random.Generator) -> str:
    """A line of a dictionary: the meaning of a typed phrase in plain words."""
    told = SITUATIONS[situation]
    return f"“{phrase}”的意思是{told.zh}，{_one(SCENES[situation].feels, rng)}。"


def _one(choices: Sequence[str], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]
