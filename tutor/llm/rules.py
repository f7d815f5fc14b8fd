"""Words that a generated turn may not have of its own, in three languages.

Rules see form: they stop what is said in the usual ways, and refuse some harmless turns as well.
That is cheap, because the authored turn stands ready.
"""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


TOLD = _any(
    r"\b(?:you|we|one|he|she|they|the (?:clinician|doctor|nurse|trainee|team)) "
    r"(?:need to|needs to|have to|has to|had better)\b",
    r"\b(?:should|must|ought to)\b",
    r"(?:^|[,;:.!]\s+)(?:then |so |please )?(?:start|stop|give|order|book|prescribe|refer|"
    r"call|write|offer|explain|send|tell (?!me)|take (?!a |your time)|go (?!back|on))\b",
    r"(?:馬上|马上|立即|立刻|盡快|尽快|就)(?:去|給|给|停|服|用)",
    r"\bit (?:is|'s) (?:best|essential|important|necessary|mandatory) (?:to|that)\b",
    r"(?:你|您|我們|我们|醫生|医生|護士|护士)(?:應該|应该|應當|应当|必須|必须|一定要|最好|需要)",
)
"""Directions, where they are stated and not asked for."""
ADVICE = _any(
    r"\b(?:i|we|i'd|we'd)(?: would| do)?(?: strongly)? (?:recommend|advise|suggest|prescribe|"
    r"diagnose)\b",
    r"\b(?:your|the|this) patient (?:should|must|needs?|has to|ought to|requires?)\b",
    r"\b(?:start|stop|increase|reduce|decrease|prescribe|administer|give)\s+"
    r"(?:him|her|them|(?:the|your) patient)\b",
    r"\b\d+(?:\.\d+)?\s?(?:g|mg|mcg|µg|ml|mmol|units?)\b",
    r"\byour (?:own )?(?:patient|case|situation)\b[^.?!]{0,40}\b(?:diagnosis|dose|treatment) is\b",
    r"(?:建議|建议)(?:你|您|患者|病人)|(?:我|我們|我们)(?:會|会)?(?:建議|建议|推薦|推荐)",
    r"(?:患者|病人)(?:應|应|須|须|必須|必须|需要|最好)",
    r"\d+\s?(?:毫克|微克|毫升|單位|单位)|(?:開|开)(?:始)?(?:服|用|處方|处方|藥|药)|診斷為|诊断为",
)
PROMISE = _any(
    r"\byou (?:(?:will|would|can|could) ?(?:not|never)|won'?t|can'?t) be "
    r"(?:sued|liable|prosecuted|blamed|disciplined|struck|held|reported)\b",
    r"\bguarantee|\bi (?:can )?promise\b|\brest assured\b|\bno court\b|\bno (?:legal )?liability\b",
    r"\b(?:perfectly|completely|entirely|always|fully) "
    r"(?:legal|lawful|safe|fine|protected|covered)\b",
    r"\byou(?:'re| are| will be) (?:legally )?(?:protected|covered|safe|in the clear|immune)\b",
    r"\blegally (?:safe|protected|covered|entitled|fine)\b",
    r"保證|保证|擔保|担保|你?放心|(?:完全|絕對|绝对|一定)(?:合法|安全|沒有?問題|没有?问题|受保護|受保护)",
    r"(?:不會|不会|絕不|绝不|無須|无须|不用|不必)(?:被|再)?(?:起訴|起诉|控告|告上|追究|承擔|承担|負責|负责|"
    r"處分|处分|追責|追责)|(?:沒有|没有|無|无)(?:任何)?(?:法律)?(?:責任|责任|風險|风险)",
)
VERDICT = _any(
    r"\b(?:you(?:'ve| have)|that) (?:covered|said|found|named|mentioned|listed) "
    r"(?:everything|it all|all)\b",
    r"\b(?:correct|perfect|exactly|flawless|full marks|well done|good job|great job|passed)\b",
    r"\b(?:full|complete|right|correct) answer\b|\bnothing (?:is )?(?:missing|left)\b",
    r"(?:完全|非常|十分|全部|全)(?:正確|正确|對|对|完整)|(?:滿分|满分|完美|無懈可擊|无懈可击|答對了|答对了)",
    r"(?:全部|全都|都)(?:已經|已经)?(?:說|说|答|提|講|讲)(?:到|齊|齐|全)(?:了)?|(?:沒有|没有|毫無|毫无)(?:任何)?(?:遺漏|遗漏)",
)
"""A verdict on the answer: whether something was credited is said in the draft, or nowhere."""
SOURCE = _any(
    r"(?-i:\b(?:Act|Code|Convention|Declaration|Article|Section|Cap|WHO|Council|Authority)\b)",
    r"\b(?:ordinances?|regulations?|guidelines?|statut\w+|case law|courts?|rulings?|laws?|legal\w*|"
    r"illegal|lawful\w*|unlawful\w*|stud(?:y|ies)|trials?|surveys?|research\w*|"
    r"evidence shows|experts?|according to|published|journal|et al|per ?cent|majority of|"
    r"wma|unesco|gmc|mchk|pdpo|pipl|gdpr)\b|%",
    r"條例|条例|法律|法例|法規|法规|法典|民法|刑法|守則|守则|指引|指南|準則|准则|公約|公约|宣言|法院|法官|判例|"
    r"判決|判决|合法|違法|违法|犯法|研究(?:顯示|显示|表明|發現|发现|指出)|根據|根据|依據|依据|"
    r"百分之[〇零一二三四五六七八九十百點点\d]*|(?<![完變变養养形])[一二兩两三四五六七八九]成|"
    r"世衞|世卫|世界衞生|世界卫生|衞健委|卫健委|(?:規定|规定)|(?:試驗|试验|調查|调查)(?:都|均)?(?:證明|证明|顯示|显示)|醫務委員會|医务委员会|醫管局|医管局|專家|专家|第[一二三四五六七八九十百\d]+[條条]|《[^》]*》",
)
"""Claims of a source or of a share; each must stand in the draft or its sources."""
INSTRUCTIONS = _any(
    r"(?-i:\b(?:[EMP]\d{1,2}|DRAFT|KEEP|QUOTE|CLINICIAN)\b)",
    r"\b(?:system|hidden|developer) (?:prompt|message|instructions?)\b",
    r"\b(?:my|these|your|the) (?:instructions?|prompt|guardrails?)\b",
    r"\brubric\b|\bmark(?:ing)? scheme\b|\banswer (?:key|sheet)\b|\bi am now\b",
    r"\bas an? (?:ai|language model|assistant|llm)\b|\b(?:language model|chatbot)\b",
    r"\bi (?:was|am|have been) (?:told|instructed|asked|programmed|not allowed)\b",
    r"(?:系統|系统)(?:提示|指令|訊息|信息)|提示[詞词]|我的指[令示]|(?:作為|作为|身為|身为)(?:一個|一个|一名)?\s?"
    r"(?:AI|人工智[能慧]|語言模型|语言模型|助手)|(?:語言|语言)模型|(?:評分|评分)(?:標準|标准|準則|准则)",
)
"""Talk about the task instead of the case."""
LINK = re.compile(
    r"https?:\S+|\bwww\.\S+|\b[\w-]+\.(?:com|org|net|gov|edu|hk|cn|mo|io|info)\b", re.IGNORECASE
)
FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
MARKUP = re.compile(r"[<>{}\[\]［］【】〔〕`#|*\\]|_{2,}|^\s*(?:[-•]|\d+[.)])\s", re.MULTILINE)
ENGLISH = re.compile(
    r"\b(?:the|of|to|and|is|are|you|your|what|would|that|it|this|for|with|how|do|does|have|if|but|"
    r"not|be|might|could|her|his|he|she|they|their|from|who|why|which|about|when|where|an|can|"
    r"was|were|did|had|has|in|on|at|as|by|so|or|no|there|then|than|too|out|up|i|we|me|him|them|"
    r"your|my|our|some|any|most|all|one|now|still|will|should|been|its|said|say)\b",
    re.IGNORECASE,
)
"""Words that no other language of Latin script has so many of."""
