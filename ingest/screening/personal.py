"""Personal data in a document: identifiers, accounts, addresses, and names after a title or label.

A name without title or label is not found: that takes a model that recognises names, and none is
part of this product.

What is serious: a guideline prints the switchboard and the office of its issuer, and its authors
with their titles; these are **low**. They are **high** where they point at a private person:

- an identifier that belongs to one person (identity card, record, passport, date of birth,
  account), or a name labelled as a patient's, is always high;
- an e-mail address of a consumer's provider, a mobile number of Hong Kong or the mainland, and a
  flat or a home address are high;
- any contact detail, name or address in a passage that holds one of the first kind is high.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.screening.checksums import compact, is_iban, is_payment_card
from ingest.screening.findings import Severity, Span
from ingest.screening.identifiers import find_identifiers, has_long_number

_OF_ONE_PERSON = frozenset(
    {
        "mainland_id",
        "hospital_number",
        "hkid",
        "macao_id",
        "travel_document",
        "birth_date",
        "account",
    }
)
_CONSUMER = re.compile(
    r"@(?:[\w-]+\.)*(?:gmail|googlemail|hotmail|outlook|live|yahoo|ymail|icloud|me|aol|proton"
    r"|protonmail"
    r"|gmx|netvigator|qq|163|126|sina|foxmail|139|yeah)\.",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?:(?:\+|00)?85[23])?[4-79]\d{7}|(?:(?:\+|00)?86)?1[3-9]\d{9}")
_ACCOUNT = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,4})?"
    r"(?![A-Za-z0-9])"
    r"|(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])"
)
_DIGIT = re.compile(r"\d")
_TWO_LETTERS = re.compile(r"[A-Z]{2}[ -]?\d{3} ?\d{3} ?[\dA]$")
_SAYS_CARD = re.compile(r"hkid|card|\bid\b|身[份分][證证]", re.IGNORECASE)
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{2,6}[ -]?$")
_IP = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)"
)
_VERSION = re.compile(r"(?:version|release|section|chapter|EC|v|§|第)\W{0,2}$", re.IGNORECASE)
_SAYS_PHONE = (
    r"(?:tel(?:ephone)?|phone|fax|mobile|cell|whatsapp|hotline|call(?: (?:me|us))?(?: (?:at|on))?"
    r"|contact number|電話|电话|手機|手机|傳真|传真|熱線|热线|聯絡電話|联系电话|查詢|查询)"
)
_PHONE = re.compile(
    rf"(?:(?<![a-z]){_SAYS_PHONE}(?: ?(?:no|number|num|#))?[\s.:：#是]{{0,4}}"
    r"(?P<labelled>[+(]{0,2}\d[\d ().-]{5,17}\d))"
    r"|(?<![\w.,+/-])(?P<free>\+?1?[ .-]?\(\d{3}\) ?\d{3}[ .-]\d{4}|(?:\+?1[ .-])?\d{3}"
    r"([.-])\d{3}\3\d{4}"
    r"(?:x\d{1,5})?|\d\d(?:-\d\d){3}|0\d{2,4} \d{2,4} ?\d{2,4}(?: ?\d{2,4})?|\+\d{1,3}[ .-]?"
    r"(?:\(\d{1,4}\)[ .-]?)?\d[\d .-]{6,13}\d)"
    r"(?![\w/-])(?!\.\d)",
    re.IGNORECASE,
)
_STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Terrace|Crescent|Boulevard"
    r"|Blvd|Way|Square|Close|Path|Highway|Parkway|Estate|Praya|Circle|Trail)"
)
_STREET_WORD = re.compile(rf"(?<!\w)(?:{_STREET}|Flat|Apt|Suite|Unit|Room|Rm)(?!\w)")
_STREET_ADDRESS = re.compile(
    r"(?<![\w.,])\d{1,5}[A-Z]?(?:-\d{1,5})?,? (?:(?:[NSEW]\.?|[A-Z][\w'’.-]*) ){1,4}"
    rf"{_STREET}(?!\w)\.?(?:,? ?(?:Apt|Suite|Unit|Flat|Room)\.? ?#?\w{{1,6}})?"
    r"|(?<!\w)(?:Flat|Apt|Suite|Unit|Room|Rm)\.? ?#?[A-Z]?\d{1,4}[A-Z]?"
    r"(?=,|\s*\n|\s\d|,? ?\d{1,2}/F)(?:,? ?\d{1,2}/F)?"
    r"|(?<!\w)(?:Flat|Apt|Suite)\.? \d{1,4}(?!\w)"
)
_HAN_ADDRESS = re.compile(
    r"(?:[\u4e00-\u9fff]{1,8}[區区市縣县鎮镇])?[\u4e00-\u9fff]{1,10}(?:大道|[路街道巷里])"
    r"(?:[一二三四五六七八九十\d]{1,4}(?:段|巷|弄))?\d{1,5}(?:-\d{1,5})?[號号](?!文|令|公告)"
    r"(?:[^\s，。；,;]{0,16}?\d{1,3}[樓楼層层](?:[A-Z\d]{1,4}[室座])?)?"
    r"|[\u4e00-\u9fff]{2,8}(?:[邨苑]|花園|花园|大廈|大厦|小區|小区)[^\s，。；,;]{0,10}?"
    r"(?:\d{1,3}|[A-Z])[座棟栋樓楼][^\s，。；,;]{0,8}?[A-Z\d]{1,5}[室號号]"
)
_HOME = re.compile(
    r"(?:home address|residential address|住址|家庭地址|居住地址|通訊地址"
    r"|通讯地址)\s?[:：是]\s?(?P<value>[^\n。;；]{6,100})"
    r"|(?<![a-z])address\s?[:：]\s?(?P<plain>\d[^\n。;；]{6,100})",
    re.IGNORECASE,
)
_FLAT = re.compile(r"\b(?:flat|apt|room|rm)\b|[室邨苑座棟栋]", re.IGNORECASE)
_WORD = r"(?:[A-Z][a-zà-ÿ'’]+(?:-[A-Za-zà-ÿ'’]+)*|[A-Z]{2,}|[A-ZÀ-Þ]\.?(?=\s))"
_NAME = rf"{_WORD}(?:,? {_WORD}){{0,3}}"
_TITLED = re.compile(
    rf"(?<![\w.])(?:Mr|Mrs|Ms|Miss|Mdm|Madam|Mx|Dr|Prof|Professor|Doctor|Sir|Dame"
    rf"|Nurse)\.? (?P<name>{_NAME})"
)
_LABELLED = re.compile(
    r"(?<!\w)(?i:(?:patient(?:'s|’s)?|full|client(?:'s)?|next of kin|mother's|father's|guardian's?)"
    rf" ?name|name of (?:the )?(?:patient|client)|patient|name)\s?[:：]\s?(?:(?:Mr|Mrs|Ms|Miss"
    rf"|Dr)\.? )?(?P<name>{_NAME})"
    r"|(?:病人|患者|病者|家[屬属]|[聯联][絡系繫]人)?(?:姓名|名字)\s?[:：]\s?"
    r"(?P<han>[\u4e00-\u9fff·]{2,5}|[A-Z][A-Za-z ,]{3,30})"
)
_INTRODUCED = re.compile(
    rf"(?<!\w)(?i:my|his|her|their|the (?:patient|child|mother|father)['’]s) name is "
    rf"(?P<name>{_NAME})"
)
_SURNAMES = (
    "陳陈李張张黃黄王吳吴劉刘林何鄭郑梁羅罗謝谢周葉叶馮冯曾鄧邓彭蔡蘇苏余"
    "盧卢許许趙赵朱楊杨徐孫孙胡郭潘"
    "呂吕鍾钟譚谭江蕭萧唐韓韩曹廖石姚方袁戴莫關关溫温區区麥麦伍容蔣蒋魏沈韋韦龍龙崔"
)
_HAN_TITLED = re.compile(
    rf"(?<![任如幾几為为上下每本對对院雙双相有或允也其])"
    rf"(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?)(?:先生|女士|太太|小姐"
    rf"|[醫医]生|教授|[護护]士)"
)
_NOT_NAMES = frozenset(
    {
        "The",
        "And",
        "Or",
        "Of",
        "In",
        "No",
        "Is",
        "At",
        "If",
        "May",
        "Will",
        "Yes",
        "She",
        "He",
        "It",
        "This",
        "That",
        "They",
        "We",
        "You",
        "But",
        "When",
        "Should",
        "What",
        "Who",
        "How",
        "Why",
        "Does",
        "Did",
        "Can",
    }
)


def find_personal(text: str) -> list[Span]:
    """Every finding in a text, in order; of two that overlap the longer is kept."""
    spans = list(_without_overlaps(_found(text)))
    if any(s.rule in _OF_ONE_PERSON or (s.rule == "name" and s.severity == "high") for s in spans):
        return [replace(s, severity="high") for s in spans]
    return spans


def _without_overlaps(spans: Iterator[Span]) -> list[Span]:
    kept: list[Span] = []
    # A checked identifier says more of the same digits than the forms that come after it.
    order = {"low": 1, "high": 0}
    for span in sorted(spans, key=lambda s: (s.start, order[s.severity], s.start - s.end)):
        if kept and span.start < kept[-1].end:
            continue
        kept.append(span)
    return kept


def _found(text: str) -> Iterator[Span]:
    digits = _DIGIT.search(text) is not None
    if digits or "@" in text:
        for start, end, kind in find_identifiers(text):
            if not _is_compound(text, start, end, kind):
                yield _span(kind, start, end, _severity(kind, text[start:end]))
    if digits:
        if has_long_number(text):
            yield from _numbers(text)
        yield from _addresses(text)
    if "ddress" in text or "址" in text:
        for match in _HOME.finditer(text):
            yield _span("address", *match.span("value" if match["value"] else "plain"), "high")
    yield from _names(text)


def _is_compound(text: str, start: int, end: int, kind: str) -> bool:
    """Whether a number is the name of a substance: LY2811376, PD 0332991.

    A Hong Kong identity card number of two letters without its brackets looks the same, and one
    such name in eleven has its check digit; it counts where a label or the brackets say so.
    """
    value = text[start:end]
    if kind == "hkid":
        return (
            bool(_TWO_LETTERS.match(value))
            and "(" not in value.replace("（", "(")
            and not (_SAYS_CARD.search(text, max(0, start - 30), start))
        )
    return kind == "number" and bool(_CODE.search(text, max(0, start - 8), start))


def _severity(kind: str, value: str) -> Severity:
    if kind in _OF_ONE_PERSON:
        return "high"
    if kind == "email":
        return "high" if _CONSUMER.search(value) else "low"
    if kind == "phone":
        return "high" if _MOBILE.fullmatch(re.sub(r"[^\d+]", "", value)) else "low"
    return "high" if is_payment_card(value) else "low"


def _numbers(text: str) -> Iterator[Span]:
    for match in _ACCOUNT.finditer(text):
        if "-" in match.group() or is_iban(match.group()):
            yield _span("account", *match.span(), "high")
    if text.count(".") > 2:
        for match in _IP.finditer(text):
            if not _VERSION.search(text, max(0, match.start() - 12), match.start()):
                yield _span("ip_address", *match.span(), "low")
    for match in _PHONE.finditer(text):
        name = "labelled" if match["labelled"] else "free"
        value = match[name]
        if 7 <= len(compact(value)) <= 15:
            yield _span("phone", *match.span(name), _severity("phone", value))


def _addresses(text: str) -> Iterator[Span]:
    patterns = [_STREET_ADDRESS] if _STREET_WORD.search(text) else []
    for pattern in (*patterns, *([] if text.isascii() else [_HAN_ADDRESS])):
        for match in pattern.finditer(text):
            level: Severity = "high" if _FLAT.search(match.group()) else "low"
            yield _span("address", *match.span(), level)


def _names(text: str) -> Iterator[Span]:
    for match in _INTRODUCED.finditer(text):
        yield _span("name", *match.span("name"), "high")
    if ":" in text or "：" in text:
        for match in _LABELLED.finditer(text):
            yield _span("name", *match.span("name" if match["name"] else "han"), "high")
    for match in _TITLED.finditer(text):
        words = [w.strip(",.") for w in match["name"].split()]
        first = next((w for w in words if len(w) > 1), None)
        # "Dr W" is how a text keeps a name to itself; what follows is the next sentence.
        if first is not None and first not in _NOT_NAMES:
            yield _span("name", *match.span("name"), "low")
    if not text.isascii():
        for match in _HAN_TITLED.finditer(text):
            yield _span("name", *match.span(), "low")


def _span(rule: str, start: int, end: int, severity: Severity) -> Span:
    return Span("personal_data", rule, start, end, severity)
