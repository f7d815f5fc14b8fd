"""Names in Han script: a surname with a title, after a label or a word such as 病人, or in full.

A surname is often an ordinary character as well (方, 高, 許, 任), so that a title alone does not
make a name: "對方醫生", "或許醫生", "主任醫生" and "任何醫生" speak of nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.screening.name_lists import HAN_DOUBLE_SURNAMES, HAN_GIVEN, HAN_SURNAMES
from ingest.screening.names_found import Name

TITLES = (
    "先生|女士|太太|小姐|醫生|医生|醫師|医师|大夫|教授|博士|護士|护士|護師|护师|姑娘|婆婆|伯伯|老師|老师"
    "|師傅|师傅|主任|院長|院长|經理|经理|社工|同學|同学|阿姨|叔叔|大爺|大爷|奶奶|先生太太"
)
_S = "(?:" + "|".join(HAN_DOUBLE_SURNAMES) + "|[" + "".join(sorted(HAN_SURNAMES)) + "])"
_G = "[" + "".join(sorted(HAN_GIVEN)) + "]"
_ANY = r"[\u4e00-\u9fff]"
_BEFORE = {
    "任": "主擔担責责信現现時时歷历前後后上委何放",
    "何": "任如為为有奈幾几",
    "謝": "謝多感道致答鳴代凋",
    "谢": "谢多感道致答鸣代凋",
    "許": "或也允容准特期默不少幾稍讚些",
    "许": "或也允容准特期默不少几稍赞些",
    "方": "對对雙双院警校資资己各他她我官多單单三四兩两地處处配藥药家甲乙買卖買方一",
    "高": "提最更較较很偏升過过太不新年身",
    "溫": "體体高低升降",
    "温": "体高低升降",
    "江": "長长珠",
    "石": "結结腎肾膽胆",
    "關": "相有無开開機难難把",
    "关": "相有无开机难把海",
    "顧": "照回不兼",
    "顾": "照回不兼",
    "施": "實实措設设",
    "余": "其業业多剩",
    "單": "簡简名清",
    "區": "地社專病各分港醫",
    "区": "地社专病各分港医",
    "伍": "隊队",
    "全": "安完",
    "史": "病歷历",
    "程": "過过課课流工療疗全進进",
    "范": "規规示模防",
    "付": "支交應应",
    "萬": "千百十幾",
    "万": "千百十几",
    "常": "平日非經经",
    "龍": "九",
    "龙": "九",
    "康": "健",
    "水": "藥药",
    "白": "明蛋表坦",
    "林": "叢丛",
    "曾": "未不",
    "金": "現现基",
    "段": "階阶手片",
    "周": "每上下本一兩两四",
    "房": "病藥药護护產产乳心",
    "葉": "肺额額",
    "叶": "肺额",
    "祝": "慶",
    "董": "校",
    "錢": "金花賺收掏有付",
    "钱": "金花赚收掏有付",
    "嚴": "尊莊森",
    "严": "尊庄森",
    "傅": "師",
}  # fmt: skip
"""By surname, the characters that make a word of it when they stand before it."""
_FOLLOWING = set(
    "的了是有在和與与及或也都就而但不沒没未可能會会要應应該该讓让令使給给對对從从向由被把將将為为於其每各某"
    "些多湖謝谢于受關关幾几兩两個个位名這这那哪時时間间級级資资深問问經经過过上下中內内外前後后科主任管述圍围見见求說说告找請请"
    "跟到去來来看聽听想呢咁咗嘅唔佢點样樣先再又需須须只還还最更很太所以何醫医護护教授同方面家度層层"
)
_TITLED = re.compile(rf"(?P<name>{_S}{_ANY}{{0,2}}?)(?P<title>{TITLES})")
_SAFE = "陳陈李張张黃黄王吳吴劉刘林梁羅罗謝谢鄭郑蔡鄧邓郭馮冯曾葉叶趙赵楊杨"
_CASUAL = re.compile(
    rf"(?:(?<!{_ANY})|(?<=[同和與与跟]))(?P<name>[{_SAFE}])(?P<title>生|太|伯|婆|叔|姨)(?![{''.join('活病物理命產产於于氣气長长存')}])"
    rf"|(?<![\u4e00-\u9fff])(?:阿|老|小)(?P<short>[{_SAFE}])(?={_ANY}|[，,。])"
)
_LABELLED = re.compile(
    r"(?:病人|患者|病者|家[屬属]|[聯联][絡系繫]人|本人|真實|真实)?(?:姓名|名字|全名)\s?(?:[:：]|是|為|为|叫)\s?"
    rf"(?P<name>{_S}(?:{_G}{{1,2}}|{_ANY}{{1,2}}(?!{_ANY}))|[A-Z][A-Za-z ,]{{3,30}})"
    rf"|(?:病人|患者|病者)姓名\s?[:：]\s?(?P<other>[\u4e00-\u9fff·]{{2,5}})"
)
_CALLED = re.compile(
    rf"(?:名字是|個名叫|名叫|叫做|叫作|名為|名为|我叫|[她他佢人者士子女太友事生姐]叫|(?<![\u4e00-\u9fff])叫)(?P<name>{_S}{_G}{{1,2}})"
)
_I_AM = re.compile(rf"(?:我|她|他|佢|病人|患者)姓(?P<name>{_S})(?![{''.join('名氏')}])")
_BESIDE = re.compile(
    rf"(?:病人|患者|病者|病友|產婦|产妇|孕婦|孕妇|女士|同事|學員|学员|家屬|家属|母親|母亲|父親|父亲|媽媽|妈妈|爸爸|丈夫|妻子"
    rf"|太太|先生|兒子|儿子|[仔囡]|女兒|女儿|姐姐|妹妹|哥哥|弟弟|醫生|医生|護士|护士|教授|實習生|实习生|學生|学生|護士長|护士长|社工|義工|护工|護工|聯絡人|联系人)"
    rf"[:：「『“]?(?P<name>{_S}{_G}{_G}|{_S}{_G}(?=[，,。；;、」』”（(\s]|$|今年|現年|现年|患|因|於|于|入院|說|说|是我))"
)
_BARE = re.compile(
    rf"(?:^|(?<=[，,。；;：:、「『“（(\s！？!?同和與与跟找問问請请俾給给仔女的嘅係]))"
    rf"(?P<name>{_S}(?:{_G}{_G}|{_G}(?=[由從从說说]|來自|来自)))"
)
_PUBLIC = frozenset(
    {
        "賀建奎",
        "贺建奎",
        "孫思邈",
        "孙思邈",
        "張仲景",
        "张仲景",
        "李時珍",
        "李时珍",
        "林巧稚",
        "錢學森",
    }
)


def find_han_names(text: str) -> Iterator[Name]:
    """Names in a text; two rules may find the same one."""
    for pattern, private in ((_LABELLED, True), (_CALLED, True), (_I_AM, True), (_BESIDE, True)):
        for match in pattern.finditer(text):
            group = "name" if match["name"] else "other"
            if match[group] not in _PUBLIC:
                yield Name(*match.span(group), private)
    for match in _BARE.finditer(text):
        if match["name"] not in _PUBLIC:
            yield Name(*match.span("name"))
    at = 0
    while (titled := _TITLED.search(text, at)) is not None:
        if _is_person(text, titled):
            yield Name(*titled.span("name"), False, titled.end())
            at = titled.end()
        else:
            at = titled.start() + 1
    for match in _CASUAL.finditer(text):
        group = "name" if match["name"] else "short"
        yield Name(*match.span(group), False, match.end())


def _is_person(text: str, match: re.Match[str]) -> bool:
    name = match["name"]
    double = name[:2] in HAN_DOUBLE_SURNAMES
    given = name[2:] if double else name[1:]
    if name in _PUBLIC or any(character in _FOLLOWING for character in given):
        return False
    if double:
        return True
    before = text[match.start() - 1] if match.start() else ""
    return not (before and before in _BEFORE.get(name[0], ""))
