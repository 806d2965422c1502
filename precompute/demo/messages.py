"""Messages between people of the drawn world: those to which a sticker is the answer, and small talk.

All of it is written by hand for this world, beside what its people type into the search (`situations`). Of a situation,
`said` is how somebody says it in words that no sticker carries and nobody searched for, and `cues` are what somebody
else writes that calls for it. Whatever learns from conversations may see the first cues (`Messages.learnt`); the last
cue of each language, everything in `said`, and the second half of the small talk are for judging only
(`Messages.held`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

Language = Literal["zh", "en"]

LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of one situation in one language. said: in one's own words; cues: of somebody else."""

    said: tuple[str, ...]
    cues: tuple[str, ...]

    @property
    def learnt(self) -> tuple[str, ...]:
        """The cues that may be learnt from."""
        return self.cues[:-1]

    @property
    def held(self) -> tuple[str, ...]:
        """The cue for judging."""
        return self.cues[-1:]


# situation = said in Chinese; said in English; cues in Chinese; cues in English
_OF_SITUATIONS = """
laugh = 乐得直不起腰 | 这也太逗了吧; cracking up over here | that joke got me good;
  他把老板的猫当成快递签收了 | 我刚才对着镜子练演讲被邻居看见 | 他上台领奖结果拿错了别人的奖杯;
  he waved back at a mannequin | the dog stole the turkey and hid it in my shoe | grandpa put the remote in the fridge
cry = 眼泪根本止不住 | 心都碎成渣了; bawling my eyes out | my heart is broken;
  我们养了十年的狗走了 | 电影结局男主没能回来 | 她最后还是没有等到他;
  my goldfish died this morning | they cancelled our favourite show for good | she moved away without a goodbye
wronged = 明明是他弄的却怪我 | 谁都不帮我说话; they blamed me for nothing | nobody takes my side;
  碗是谁打碎的，是不是你 | 你又把大家的零食吃光了吧 | 老师说作业是你抄的;
  who broke the vase, you did it right | everyone thinks you ate the last slice | mum says you started the fight
angry = 肺都要气爆了 | 这口气咽不下去; my blood is boiling | i am fuming;
  他又把我的名字从方案里删了 | 快递被人拆开还扔在楼道里 | 那个人插队还骂我;
  someone scratched my car and drove off | he took credit for my work again | they lost my luggage and hung up on me
shocked = 我都不敢相信自己的耳朵 | 这消息太劲爆了; my jaw hit the floor | i can't believe what i hear;
  小李中了五百万 | 他俩居然是亲兄弟 | 隔壁公司一夜之间没了;
  your old teacher became a rapper | they found a whale in the lake | he quit and bought an island
scared = 我汗毛都竖起来了 | 心脏要跳出嗓子眼; shaking like a leaf | i am terrified of this;
  半夜衣柜自己开了 | 地下室有脚步声 | 窗外好像有张脸在看我们;
  there is something under your bed | the lights went out and the door creaked | a shadow just crossed the hallway
love = 你是我的心上人 | 一看到你就脸发烫心里甜; head over heels for you | you are my favourite person;
  我给你织了一条围巾 | 我想跟你过一辈子 | 遇见你是我最幸运的事;
  i wrote you a song | you make every day better | i kept the first flower you gave me
kiss = 让我啄一下你的小脸蛋 | 嘴巴凑过来; smooch for you | peck on the cheek;
  出门前是不是忘了什么，脸都凑过来了 | 视频要挂了，嘟个嘴再走 | 今天的嘴唇抹了蜜等着你;
  pucker up before you leave | my cheek is waiting for your lips | lips on the screen before we hang up
hug = 让我紧紧搂住你 | 靠在我肩膀上吧; come into my arms | wrap your arms around me;
  今天被骂了，想找个肩膀靠靠 | 我现在就需要有人搂一搂 | 心里空落落的，借个怀抱;
  rough day, i need your arms | could use a shoulder right now | hold on to me for a minute
miss = 多久没看到你的脸了 | 夜里老是梦见你; wish you were here | it's lonely without you;
  你出差都三个星期了 | 你走以后房间好空 | 异地的第一百天;
  you have been abroad for a month | the house is empty since you left | day ninety of long distance
shy = 被夸得想钻进被子里 | 别盯着人家看嘛; my cheeks are burning | stop staring at me like that;
  全班都听到我夸你好看了 | 他说你笑起来特别甜 | 有人偷偷打听你的名字;
  he said you are cute in front of everyone | someone has a crush on you | they put your baby photo on the big screen
speechless = 我一个字都不想回 | 这操作我看傻了没脾气; i have no words | i can't even;
  他说迟到是因为地球转太快 | 甲方要五彩斑斓的黑 | 他借钱请我吃饭还要我夸他大方;
  he microwaved fish at work again | the client wants it bigger but smaller | he asked what year the 1990 song is from
awkward = 恨不得当场消失 | 空气都凝固了; i want to vanish right now | that silence was painful;
  我把吐槽领导的话发到领导群里了 | 认错人还聊了十分钟 | 我对着前台喊了一声妈;
  i called my boss mum | i waved at a stranger for a full minute | sent the screenshot to the person in it
confused = 我脑袋里一团浆糊 | 你能再讲一遍吗没懂; you lost me there | makes no sense to me;
  量子纠缠就是两只袜子的关系 | 先减后加再把上面的反过来就行 | 你把左边的右边对到右边的左边;
  flip the inverse of the opposite one | it is like a sandwich but for time zones |
    the form needs form b which needs this form
thinking = 容我盘算盘算 | 得好好斟酌一下; weighing my options | give me a moment to figure it out;
  你说搬去海边好还是山里好 | 三个方案你倾向哪个 | 如果能重来一次你会选什么专业;
  which of the two jobs would you take | what shall we name the baby | where would you go with a time machine
praise = 你也太有才了吧 | 这波操作满分; you nailed it | hats off to you;
  我一个人把新系统上线了 | 我今天跑完了人生第一个马拉松 | 这幅画是我画的;
  i built this table myself | my code passed every test at once | look at the cake i baked
cheer = 咬咬牙就过去了别怕 | 我给你当啦啦队; we believe in you | you have got this;
  我明天要上台比赛，好紧张 | 还差最后五公里 | 下一轮面试就在十分钟后;
  my match starts in ten minutes | i am so nervous about the audition | two more laps to go
letsgo = 马上动身别磨蹭 | 油门踩到底; full speed ahead | off we go;
  车到楼下了，人齐了 | 比赛开始了，大家跟我上 | 行李都装好了，走不走;
  the van is here and everyone is in | the race is on, follow me | bags are packed, shall we leave now
smug = 这点小事难不倒本大王 | 快夸我，我厉害吧; told you i would win | too easy for me;
  没想到还真被你猜中了 | 你怎么又是第一名 | 这题全班只有你做出来;
  you were right all along | how did you beat me again | you are the only one who solved it
cool = 气场两米八 | 本少爷出场自带音乐; too slick for this world | shades on, walking in;
  新买的机车配皮衣，感觉怎么样 | 今晚你走红毯 | 你这身打扮像电影主角;
  new leather jacket, how do i look | you are walking the red carpet tonight | that outfit looks like a movie star
happy = 心里像开了花 | 高兴得想跳起来; over the moon today | this made my day;
  明天春游，老师说不用写作业 | 你等的包裹到了 | 我们抢到演唱会门票了;
  we got the concert tickets | it is sunny and we have the day free | the parcel you waited for is here
congrats = 这么大的喜事得贺一贺 | 为你的好消息干杯; cheers to your success | what great news for you;
  我拿到录取通知书了 | 我升经理了 | 我们要结婚啦;
  i got the job | we are getting married | she passed the bar exam
birthday = 又到了你的大日子长尾巴啦 | 蜡烛点上，吹一口气; many happy returns | another trip around the sun;
  今天我满二十五岁 | 今天是妈妈的大日子，六十大寿 | 我比昨天老了一岁;
  i turn thirty today | it's my son's big day, he is five | i am one year older than yesterday
newyear = 辞旧迎新万事顺 | 一起倒数迎接元旦; ring in january together | out with the old year;
  还有十秒就到零点了，倒数 | 饺子下锅，春晚开始了 | 一月一号凌晨的钟声响了;
  ten seconds to midnight on the 31st | fireworks over the harbour tonight, the year is over |
    the lunar calendar starts again tomorrow
redpacket = 手气最佳是我，快转账 | 老板撒点钱吧; shower me with cash | send some cash my way;
  群里要下钱雨了，手速准备 | 爷爷口袋里鼓鼓的，给小孩准备的 | 年终奖到账了，谁要沾沾喜气;
  grandpa has envelopes for the kids | bonus day, who wants a share | lucky draw with cash in the group chat
thanks = 你帮了我大忙 | 这份情我记下了; i owe you one | you are a lifesaver;
  你的报告我顺手帮你改好了 | 伞给你放门口了 | 我把最后一张票让给你;
  i finished your shift for you | i left soup at your door | i fixed your laptop for free
sorry = 都怪我一时糊涂 | 是我不对给你认罚; it was all my fault | i feel terrible about it;
  你又放我鸽子了 | 你把我的杯子摔碎了 | 说好八点到，我等了一个小时;
  you forgot our anniversary | you broke my favourite mug | i waited an hour for you in the rain
please = 就这一次，行个方便 | 好人一生平安，借我抄抄; i am on my knees here | do me this one favour;
  我考虑一下要不要借你游戏机 | 票只剩一张了，给谁呢 | 这个忙我可不一定帮;
  why should i lend you my car | there is only one ticket left, who gets it | not sure i will help you move
hello = 报个到，新人一枚 | 幸会幸会各位; greetings everybody | nice to meet you all;
  新同事进群了，叫小王 | 好久没人说话了，有活人吗 | 你是新来的邻居吧;
  a new member joined the group | anybody here | you must be the new neighbour
bye = 后会有期，各位保重 | 天色不早我得走啦; catch you later | time for me to head out;
  我的车来了，要进站了 | 聚会到这儿吧，散了散了 | 飞机要起飞了，关机了;
  my train is here | that's all for today's call, everyone | boarding now, phone off
goodmorning = 新一天从阳光开始 | 公鸡都叫了你醒了没; rise with the sun | top of the day to you;
  七点了，窗帘拉开 | 闹钟响过三遍了 | 天亮了，豆浆油条买好了;
  it's seven, coffee is ready | the alarm rang three times | sunrise outside your window
goodnight = 枕头在召唤，明天聊 | 祝你一夜香甜; sleep tight | off to dreamland;
  都十二点了，我关灯了 | 今天聊到这，被子盖好 | 星星都出来了，闭上眼睛吧;
  it's midnight, lights off | talk tomorrow, tuck yourself in | the stars are out, close your eyes
sleepy = 上下眼皮在打架 | 我站着都能睡着; can't keep my eyes open | yawning all day;
  昨晚三点才躺下，现在开会 | 下午两点的课，老师的声音像催眠曲 | 咖啡喝了三杯还是点头;
  i slept two hours and have class now | third coffee and my head still drops | this lecture is like a lullaby
tired = 骨头都散架了 | 一根手指都抬不起来; running on empty | my whole body aches;
  今天搬了一整天家 | 爬了六个小时的山，腿不是我的了 | 健身教练让我做了一百个深蹲;
  we moved house all day | hiked six hours, my legs are gone | the trainer made me do a hundred squats
offwork = 钟一响我就冲出办公室 | 关电脑走人啦; clocking out now | laptop closed, see ya office;
  六点整了，还坐着干嘛 | 周五傍晚，任务清零 | 领导说今天可以早点撤;
  it's six sharp, why are you still at your desk | friday evening and the list is done |
    the boss lets us leave early today
overtime = 今晚又得陪电脑到深夜 | 活干不完根本走不了; stuck at the office tonight | still at my desk at midnight;
  需求刚改，明早九点要交 | 晚上十一点了你怎么还在公司 | 客户说今晚必须上线;
  they changed the spec, due at nine tomorrow | eleven pm and your office light is on |
    the client wants the launch tonight
slack = 眼睛看屏幕心在海边 | 上着班刷着剧; pretending to work | watching videos on the clock;
  领导出差了，今天没人管 | 你的表格做完了吗，怎么在看剧 | 一个下午你去了五趟茶水间;
  the boss is away today | is that a spreadsheet or a game on your screen |
    five trips to the coffee machine in one afternoon
received = 这就去落实，请放心 | 指令清楚，立即执行; message understood | on it, boss;
  下午三点前把表格交给我 | 大家把附件打印两份带来 | 今晚务必锁好机房的门;
  send me the report by three | please bring two printed copies | make sure the server room is locked tonight
ok = 就照你说的来 | 我这边没意见; sounds good to me | works for me;
  那周六十点老地方见行不行 | 我订靠窗的位置了，可以吗 | 奶油换成巧克力的你看成吗;
  saturday at ten, same place, alright | i booked the table by the window, fine with you |
    shall we take the blue one then
no = 门都没有 | 别指望我会点头; not in a million years | hard pass;
  周日你替我加个班呗 | 借我一万块，明年还 | 陪我去蹦极吧;
  swap shifts with me on sunday | lend me a thousand till next year | come bungee jumping with me
hungry = 肚子咕咕叫 | 我能吞下一头牛; my stomach is growling | i could eat a horse;
  楼下新开的烤肉店香味飘上来了 | 早上到现在一口没吃 | 妈妈端上来一盘红烧肉;
  the smell of barbecue from downstairs | nothing since breakfast | mum just put a roast on the table
milktea = 想嘬一口珍珠 | 三分糖加椰果走起; craving tapioca pearls | something sweet with a straw;
  下午三点，拼单吗，加椰果的那家 | 路口那家新店买一送一，要几分糖 | 这杯的芋圆超软糯，给你带一杯;
  the tapioca place has two for one | half sugar, extra pearls, do you want one |
    i am at the drinks shop with the long straws
melon = 搬好小板凳听故事 | 快展开讲讲细节; pull up a chair for this | i need every detail;
  听说财务和销售在走廊吵起来了 | 你知道吗，那个明星离婚了 | 楼上两口子的事我跟你讲;
  two managers are shouting in the hallway | guess which star got divorced | let me tell you about the couple upstairs
waiting = 脖子都伸长了 | 我在门口站半天啦; been standing here for ages | any minute now, i hope;
  我再化个妆就出门 | 外卖还有八百米，骑手没动 | 堵在高架上了，还要半小时;
  just let me do my hair first | the courier has not moved for half an hour | stuck on the bridge, thirty more minutes
shush = 嘴巴拉上拉链 | 让耳朵清净会儿; zip your lips | keep it down over there;
  啊啊啊啊啊啊啊啊我要唱歌了 | 我跟你说我跟你说我跟你说 | 剧透一下，凶手就是那个;
  la la la la la i will sing all night | blah blah blah and then and then | spoiler, the killer is the
sick = 鼻涕流个不停，浑身没劲 | 体温计显示三十九度; running a temperature | my nose won't stop running;
  我今天去医院挂水了 | 医生让我在家躺一周 | 昨天淋了雨，喉咙像刀割;
  i am at the clinic with a drip | the doctor says a week in bed | got soaked yesterday, throat like knives
cold = 牙齿直打架，手指没知觉 | 我裹了三条毯子; my teeth are chattering | wrapped in three blankets;
  外面零下十五度 | 暖气坏了，屋里能哈出白气 | 湖面结冰了，风像刀子;
  it's minus fifteen outside | the heating broke, i can see my breath | the lake froze and the wind bites
study = 埋头刷题中，勿扰 | 单词书翻烂了; hitting the books | buried in textbooks;
  明天第一场是高数 | 论文还有三千字没写 | 自习室占到座位了，你来吗;
  calculus is the first paper tomorrow | three thousand words of my essay left | got us two seats in the reading room
"""

#: Messages that want no sticker: questions and answers about things. The first half may be learnt from.
_SMALL_TALK: Mapping[Language, str] = {
    "zh": """
会议室在几楼 | 文件在共享盘的第二个文件夹里 | 快递单号发我一下 | 地铁几号线到你那边 | 打印机在走廊左手边
明天的会改到三点半 | 发票抬头写公司全称 | 这个表格第三列是什么单位 | 服务器的端口是多少 | 钥匙在前台抽屉里
药一天吃几次 | 你家门牌号多少 | 停车场入口在东门 | 合同第五条写的是三十天 | 身份证复印件要几份
航班是几点的 | 米在柜子第二层 | 这个字怎么读 | 我的座位是十二排 | 密码是八位数字
水费是每两个月交一次 | 洗衣机的说明书在抽屉里 | 附件的格式是表格还是文档 | 预算大概是多少 | 学校的校车七点十分到站
投影仪的线接哪个口 | 盐放一勺还是两勺 | 护照还有半年到期 | 银行周六上午开门 | 尺寸是四十二码的
电梯在修，走楼梯吧 | 这个链接要登录才能打开 | 货到付款还是先付 | 会议纪要放在邮件里了 | 图书证在哪里补办
插座在桌子下面 | 第二页的日期要改成周四 | 邮编是多少 | 高铁在哪个站台 | 配送地址改到公司
""",
    "en": """
which floor is the meeting room on | the file is in the second folder | can you send me the tracking number
what line do i take to your place | the printer is down the hall on the left | the meeting moved to half past three
put the full company name on the invoice | what unit is the third column in | which port does the server use
the keys are in the front desk drawer | how many times a day is this pill | what is your house number
the car park entrance is on the east side | clause five says thirty days | how many copies of the form are needed
what time is the flight | the rice is on the second shelf | how do you spell that street | my seat is in row twelve
the code has eight digits | the water bill comes every two months | the manual is in the top drawer
is the attachment a sheet or a document | what is the budget roughly | the school bus stops at ten past seven
which socket does the projector cable go to | one spoon of salt or two | the passport expires in half a year
the bank opens on saturday mornings | the size is forty two | the lift is being repaired, take the stairs
this link needs a login | is it pay on delivery or in advance | the minutes are in the email
where do i renew a library card | the power outlet is under the desk | change the date on page two to thursday
what is the postcode there | which platform does the train leave from | change the delivery address to the office
""",
}


@cache
def messages_of(situation: str, language: Language) -> Messages:
    """The messages of a situation. KeyError where there is none of that name."""
    return _parsed()[situation][language]


def situations() -> tuple[str, ...]:
    """The situations that have messages, in the order of the world's list."""
    return tuple(_parsed())


@cache
def small_talk(language: Language, *, held: bool) -> tuple[str, ...]:
    """Messages that want no sticker: the second half for judging (`held`), the first to learn from."""
    told = tuple(part for line in _SMALL_TALK[language].strip().split("\n") for part in _items(line))
    half = len(told) // 2
    return told[half:] if held else told[:half]


@cache
def _parsed() -> dict[str, dict[Language, Messages]]:
    found: dict[str, dict[Language, Messages]] = {}
    for block in re.split(r"\n(?=\w+ = )", _OF_SITUATIONS.strip()):
        name, _, rest = " ".join(block.split()).partition(" = ")
        said_zh, said_en, cues_zh, cues_en = map(_items, rest.split(";"))
        found[name] = {"zh": Messages(said_zh, cues_zh), "en": Messages(said_en, cues_en)}
    return found


def _items(line: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in line.split("|") if item.strip())
