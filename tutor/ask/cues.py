"""Words by which a question about one patient, or about one's own position in law, is known.

One line of a pattern is one way of saying it. Spaces in a Latin pattern stand for themselves.
"""

from __future__ import annotations

import re


def _any(*ways: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{way})" for way in ways), re.IGNORECASE)


_KIN = (
    r"(?:mother|father|mum|mom|dad|wife|husband|son|daughter|sister|brother|baby|child|kid|aunt"
    r"|uncle|gran|grandmother|grandfather)"
)
_SOMEBODY = r"(?:patient|lady|man|woman|gentleman|girl|boy|chap|child|couple|family|baby|person)"
_KIN_HAN = (
    r"(?:媽|妈|阿媽|爸|阿爸|母親|母亲|父親|父亲|太太|老婆|老公|丈夫|妻子|女兒|女儿|兒子|儿子|仔|囡|孩子|小孩"
    r"|寶寶|宝宝|BB|哥|弟|姐|姊|妹|阿嫲|奶奶|爺爺|爷爷|婆婆|外婆|岳母|岳父)"
)
_SOMEBODY_HAN = (
    r"(?:病人|患者|病友|夫婦|夫妇|夫妻|孩子|小朋友|小孩|伯伯|婆婆|大爷|大妈|女士|先生"
    r"|產婦|产妇|老人)"
)
_SURNAME = r"(?:[陳陈李張张王黃黄林何梁吳吴劉刘周趙赵楊杨徐孫孙馬马朱胡郭高羅罗鄭郑]|\[NAME\])"
PERSON = _any(
    rf"\b(?:my|our) (?:own )?(?:[\w-]+ ){{0,2}}(?:patients?|{_KIN}|couple|client)\b",
    r"\b(?:bed|room|bay|cubicle|ward) (?:no\.? ?)?\d+\b",
    rf"\b(?:the|a|this|that) {_SOMEBODY} (?:i|we)(?:'ve|'m)?\b",
    rf"\b(?:the|this) {_SOMEBODY} (?:in|under|on|with|here|before)\b",
    rf"\bthis {_SOMEBODY}\b",
    r"\b(?:i|we)(?:'ve| have| had|'m seeing| am seeing| saw| got)(?: got)? (?:a|an|this|one) "
    rf"(?:[\w-]+ ){{0,3}}(?:{_SOMEBODY}|\d+[- ]year[- ]old)\b",
    r"\b(?:we|i) have an? \d+[- ]?(?:year|month|week|day)s?[- ]old\b",
    r"\bunder my care\b",
    r"\bon my (?:ward|list|round)\b",
    r"(?-i:\b(?:Mr|Mrs|Ms|Miss|Madam)\.? (?:[A-Z]\w+|\[NAME\]))",
)
PERSON_HAN = _any(
    r"(?:我|我們|我们|我哋|咱|咱们)(?:的|嘅|[個个位]|有|這|这|呢|管|跟|進|进|手上|剛|刚|今|收|睇|緊"
    r"|咗|了|診|诊|症|[一二兩两三四五六七八九十\d]|年前|天|那|對|对){0,8}"
    rf"(?:{_SOMEBODY_HAN}|{_KIN_HAN})",
    rf"我(?:床上|手上|病房|跟進|跟进|負責|负责|管|睇|看)的?.{{0,6}}{_SOMEBODY_HAN}",
    r"[\d一二三四五六七八九十]+\s?(?:號|号)?(?:床|病床|房)",
    rf"(?:這|这|呢|嗰|那)(?:一)?[位個个名對对].{{0,4}}{_SOMEBODY_HAN}",
    rf"(?:我們|我们|我哋)?(?:科|病房)(?:有|裏|里|這|这|入)?[個个位]?.{{0,3}}{_SOMEBODY_HAN}",
    rf"{_SURNAME}(?:先生|女士|太太|小姐|伯|婆婆|大爷|某)",
)
_WE = r"(?:i|we|he|she|they|it)"
DECISION = _any(
    rf"\b(?:should|shall|must|can|could|may|do|does|would|need|ought|dare) {_WE}\b",
    r"\b(?:should|can|could|must|may|does) (?:my|our|the|this) (?:[\w-]+ ){0,2}"
    rf"(?:{_SOMEBODY}|{_KIN})\b",
    r"\bwhat (?:should|shall|would|can|do|does|dose|drug|antibiotic|next|to)\b",
    r"\bwhich (?:drug|dose|antibiotic|treatment|embryo|test|one|option)\b",
    r"\bis it (?:safe|ok|okay|fine|all right|alright|right|time)\b",
    r"\bok(?:ay)? to\b",
    rf"\bhow (?:should|do|would|much|long|often) {_WE}\b",
    r"\bwould you\b",
    r"\bis (?:he|she|my|our)\b",
)
DECISION_HAN = _any(
    r"[應应][不唔][應应]|[該该]不[該该]|應否|应否|[應应][該该](?:用|點|点|怎|給|给|如何|做|要|開|开)",
    r"要[不唔]要|需[不唔]需要|使唔使|用不用|能不能|可[不唔]可以|[給给]不[給给]|好[不唔]好|得唔得|行不行|[應应]不[應应]",
    r"(?:可以|能|需要).{0,12}[嗎吗么？?]",
    r"[怎點点](?:麼|么|樣|样)?(?:辦|办|做|處理|处理|治|醫|医|算)|[該该]怎",
    r"用(?:什麼|什么|甚麼|咩|哪|邊)|[哪邊][個个種种款隻].{0,6}(?:藥|药|方案|胚胎)",
    r"(?:打|開|开)(?:幾多|多少)",
    r"[該该](?:幫|帮|選|选|移植).{0,6}哪",
)
_LIABLE = r"(?:liable|negligent|at fault|criminally|guilty|in breach)"
LAW = _any(
    r"\b(?:be|get|getting|being) (?:sued|prosecuted|struck off|disciplined|charged|fined|jailed"
    r"|arrested|suspended|held (?:liable|negligent))\b",
    r"\bsue (?:me|us|my|the (?:doctor|hospital|nurse))\b",
    r"\b(?:am|are|is|would|will|could) (?:i|we|my \w+|our \w+|the (?:doctor|nurse|hospital|trainee"
    rf"|resident)) (?:be )?(?:legally )?{_LIABLE}\b",
    r"\b(?:i|we|me|us)\b[^.?!]{0,60}\b(?:struck off|prosecuted|to (?:jail|prison)|malpractice"
    r"|criminal offence|liable)\b",
    r"\bwho (?:gets|will be|would be|is) (?:sued|prosecuted)\b",
    r"\b(?:lose|keep|revoke|take away) (?:my|our|his|her) (?:medical )?"
    r"(?:licen[cs]e|registration)\b",
    r"\btake (?:me|us|my \w+) to court\b",
    r"\bend up in court\b",
    r"\b(?:my|our) (?:indemnity|insurer|defence|lawyer|solicitor|legal \w+)\b",
    r"\blegal (?:defen[cs]e|advice|action)\b",
    r"\blegally (?:watertight|protected|covered|safe|responsible)\b",
    r"\b(?:am|are|was|were) (?:i|we) (?:breaking|committing|violating|allowed by law)\b",
    r"\b(?:is|was) (?:it|that|this) (?:a )?(?:crime|criminal|illegal|against the law|malpractice"
    r"|negligence|legal for me)\b",
    r"\b(?:that|this|it) a criminal offence\b",
    r"\bheld negligent\b",
    r"\b(?:damages|compensation)\b[^?]{0,30}\b(?:i|we)\b",
    r"\b(?:i|we)\b[^?]{0,20}\b(?:damages|compensation)\b",
    r"\b(?:letter|summons|writ|claim)\b[^.?]{0,20}\b(?:solicitor|lawyer|court)\b",
    r"\bcan we appeal\b",
)
LAW_HAN = _any(
    r"[吃食惹打]官司",
    r"(?:告|控告|起訴|起诉|投訴|投诉)(?:我|我們|我们|我哋|醫院|医院)",
    r"被(?:人|病人|家屬|家属)?(?:告|控|起訴|起诉|釘牌|吊銷|吊销|處分|处分|追究|檢控|检控|裁定|認定|认定"
    r"|除牌|停牌|拘捕)",
    r"釘牌|吊銷|吊销|除牌|坐監|坐牢|犯(?:唔犯|不犯)?法|觸犯|触犯",
    r"(?:算|是)(?:唔算|不算|不是)?(?:違法|违法|犯罪)",
    r"我(?:們|们|哋)?.{0,6}(?:負|负|承擔|承担).{0,4}(?:責任|责任)",
    r"(?:法律|刑事|民事)(?:責任|责任)",
    r"律師信|律师函|傳票|传票|勝算|胜诉|(?:會|会)(?:輸|输)[嗎吗]",
    r"彌償|弥偿|(?:責任|责任)(?:險|险)|[賠赔](?:幾多|多少|償|偿|錢|钱)|[處处]分我",
    r"(?:話係|说是|推[給给]|賴[給]?|赖[给]?)(?:廠商|厂商|供應商|供应商).{0,8}(?:責任|责任|無關|无关)?",
    r"(?:責任|责任).{0,4}推[給给](?:廠商|厂商|供應商|供应商)",
)
