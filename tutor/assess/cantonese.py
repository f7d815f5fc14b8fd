"""Written Cantonese into standard written Chinese, word by word, for comparing and nothing else.

Hong Kong's clinicians write as they speak, exemplars are mostly in standard written Chinese, and
the encoders have read little Cantonese: the same thought was heard far less often in it (`maieutic
eval run fairness`). Only words that have one plain counterpart are exchanged; what the learner
wrote is stored and quoted as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ingest.language import to_simplified

WORDS: Mapping[str, str] = {
    "唔該": "請",
    "唔使": "不用",
    "唔好": "不要",
    "唔係": "不是",
    "係咪": "是不是",
    "係唔係": "是不是",
    "有冇": "有沒有",
    "冇": "沒有",
    "未試過": "沒試過",
    "唔": "不",
    "我哋": "我們",
    "你哋": "你們",
    "佢哋": "他們",
    "佢": "他",
    "嘅": "的",
    "咗": "了",
    "喺": "在",
    "呢個": "這個",
    "呢啲": "這些",
    "呢度": "這裏",
    "呢件": "這件",
    "呢種": "這種",
    "嗰陣": "那時",
    "嗰個": "那個",
    "嗰啲": "那些",
    "嗰度": "那裏",
    "嗰": "那",
    "有啲": "有些",
    "啲": "些",
    "點解": "為甚麼",
    "點樣": "怎樣",
    "乜嘢": "甚麼",
    "乜": "甚麼",
    "邊個": "誰",
    "邊度": "哪裏",
    "幾時": "甚麼時候",
    "而家": "現在",
    "依家": "現在",
    "同埋": "和",
    "淨係": "只是",
    "仲有": "還有",
    "仲要": "還要",
    "仲": "還",
    "一齊": "一起",
    "話俾": "告訴",
    "話畀": "告訴",
    "俾": "給",
    "畀": "給",
    "睇": "看",
    "講": "說",
    "諗": "想",
    "搵": "找",
    "攞": "拿",
    "嚟": "來",
    "嘢": "東西",
    "啱": "對",
    "瞓": "睡",
    "屋企": "家",
    "細路": "孩子",
    "阿媽": "媽媽",
    "阿爸": "爸爸",
    "老豆": "父親",
    "梗係": "當然",
    "即係": "即是",
    "定係": "還是",
    "如果唔": "如果不",
    "先至": "才",
    "唔止": "不止",
    "成日": "經常",
    "睇病": "看病",
    "孭": "承擔",
    "晒": "完",
    "吖": "",
    "㗎": "",
    "喇": "",
    "囉": "",
    "啫": "",
}
_MARKS = re.compile(
    "[嘅咗唔喺冇哋嗰啲嘢嚟佢乜睇諗谂搵揾攞畀俾瞓嘥㗎]|點解|点解|而家|屋企|係咪|系咪"
)
"""What standard written Chinese does not have; a text without any is left alone."""
_IS = re.compile("(?<![關确確聯联體体干])係(?![數数統统列])")
_IS_SIMPLIFIED = re.compile(
    "(?<![关關联聯体體干维維院科学學派直旁父母世谱譜家语語阳陽星菌水谱])系(?![数數统統列主谱譜别別里裡内])"
)
"""In Simplified script the word for "is" is written like the word for "system"."""


def to_standard(text: str) -> str:
    """The text with its Cantonese words exchanged, in either script; the same without any."""
    if not _MARKS.search(text):
        return text
    words, pattern = _both_scripts()
    text = pattern.sub(lambda found: words[found.group()], text)
    return _IS_SIMPLIFIED.sub("是", _IS.sub("是", text))


@cache
def _both_scripts() -> tuple[Mapping[str, str], re.Pattern[str]]:
    words = {**{to_simplified(a): to_simplified(b) for a, b in WORDS.items()}, **WORDS}
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return words, re.compile("|".join(longest_first))
