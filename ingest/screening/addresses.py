"""Postal addresses in a text: Hong Kong, Macao, the mainland, and Latin-script forms elsewhere.

An address is made of parts that stand beside each other: flat, floor, block, building, street,
district. A street with its number, a home by its flat, or two parts of a building make one; a ward
("Room 5", 3樓) or a city that stands alone does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.screening.name_lists import PLACES

_STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Terrace|Crescent|Boulevard"
    r"|Blvd|Way|Square|Close|Path|Highway|Parkway|Estate|Praya|Circle|Trail)"
)
_STREET_WORD = re.compile(
    rf"(?<!\w)(?:{_STREET}|Flat|Apt|Apartment|Suite|Unit|Room|Rm|Rua|Rue|Avenida|Estrada|Travessa"
    r"|Largo|Calle|Via|ul\.|P\.?O\.?|Block|Blk|Tower|House|Mansions?|Chuen|Tsuen|Gardens?)(?!\w)"
    r"|\d/F|(?i:gata?n|gade|vej|weg|laan|straat|stra(?:ss|ß)e|katu|kuja|vägen) \d"
)
_NUMBER_STREET = re.compile(
    rf"(?<![\w.,])(?:No\. ?)?\d{{1,5}}[A-Z]?(?:-\d{{1,5}})?,? (?:(?:[NSEW]\.?|[A-Z][\w'’.-]*) )"
    rf"{{1,4}}{_STREET}(?!\w)\.?(?:,? ?(?:Apt|Suite|Unit|Flat|Room)\.? ?#?\w{{1,6}})?"
    r"|(?<!\w)(?:Rua|Rue|Avenida|Av\.|Estrada|Travessa|Largo|Calçada|Pátio|Beco|Calle|Via|ul\.)"
    r"(?: (?:d[aeo]s?|del?|la|el|do|[A-ZÀ-Þ][\wÀ-ÿ'’.-]*)){1,5},? ?(?:n\.?[.º°o]{0,2} ?)?\d{1,4}"
    r"[A-Z]?(?:-[A-Z\d]{1,4})?(?:,? ?\d{1,2}\.?[º°o] ?andar ?[A-Z]?)?"
    r"|(?<![\w-])[A-ZÀ-Þ][\wÀ-ÿ]{2,}(?:gatan?|gade|vej|weg|laan|straat|stra(?:ss|ß)e|katu|kuja|vägen)"
    r" \d{1,4}[A-Z]?(?!\w)"
    r"|(?<!\w)P\.?O\.? ?Box \d{1,6}(?!\w)"
)
_FLAT = r"(?:Flat|Flt|Apt|Apartment)\.? ?#?(?:[A-Z]?\d{1,4}[A-Z]?|[A-Z])(?![\w-])"
_ROOM = r"(?:Suite|Unit|Room|Rm)\.? ?#?[A-Z]?\d{1,4}[A-Z]?(?![\w-])"
_FLOOR = r"(?:\d{1,2}|G|LG|UG)/F(?!\w)\.?|\d{1,2}(?:st|nd|rd|th) [Ff]loor"
_BLOCK = r"(?:Block|Blk|Tower|Phase) ?(?:\d{1,2}[A-Z]?|[A-Z])(?!\w)"
_BUILDING = (
    r"(?:[A-Z][\w'’-]* ){1,4}(?:House|Mansions?|Building|Bldg|Court|Estate|Gardens?|Villas?|Lodge"
    r"|Chuen|Tsuen|Terrace|Heights|Towers?)(?!\w)"
)
_PART = re.compile(
    rf"(?<![\w/])(?:(?P<flat>{_FLAT})|(?P<room>{_ROOM})|(?P<floor>{_FLOOR})|(?P<block>{_BLOCK})"
    rf"|(?P<building>{_BUILDING}))"
)
_LIVES = re.compile(
    rf"(?i:(?:lives?|living|lived|resides?|home is|stays?) (?:at|in|on)) (?P<place>{_BUILDING})"
)
_JOIN = re.compile(r",?\s{0,2}")
_DISTRICT = "|".join(place.title() for place in PLACES)
_TAIL = re.compile(
    rf"(?:,\s?(?:[A-Z][\w'’-]* ){{1,3}}{_STREET}(?!\w))?"
    rf"(?:,\s?(?:{_DISTRICT}|Tsz Wan Shan)(?!\w))?"
    r"(?:(?:,\s?(?:[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3}))??,?\s?(?:Kowloon|New Territories|N\.T\."
    r"|Hong Kong|Macau|Macao|Taipa|Coloane)(?!\w))?"
)
_HAN = "\u4e00-\u9fff"
_N = r"(?:\d{1,5}|[一二三四五六七八九十百廿卅]{1,5})"
_ADMIN = re.compile(
    "特別行政區|特别行政区|自治[區区州]|[省市區区縣县鎮镇鄉乡]|香港島?|九龍|九龙|新界|澳門|澳门|氹仔|路環|路环"
)
_WAY = (
    rf"(?:大馬路|大马路|[路街道巷里坊徑径圍围])(?:[東西南北中东]|{_N}段)?(?:{_N}(?:巷|弄))?"
    rf"{_N}(?:-\d{{1,5}})?[號号](?!文|令|公告|碼|码)"
)
_ESTATE = (
    rf"[{_HAN}]{{2,9}}?(?:[邨苑閣阁]|新村|花園|花园|大廈|大厦|小區|小区|公寓|廣場|广场"
    r"|豪庭|山莊|山庄)"
)
_TOWER = rf"(?:第?(?:{_N}|[A-Z])(?:[座棟栋幢期]|[單单]元)|[{_HAN}]{{2,3}}樓(?=\s?(?:{_N}|[A-Z])))"
_STOREY = rf"{_N}(?:[樓楼層层]|/F)"
_DOOR = r"(?:[A-Z]?\d{1,5}[A-Z]?|[A-Z])(?:號?室|号?室|[號号]?房|單位|单位)"
_HAN_PART = re.compile(
    rf"(?P<way>{_WAY})|(?P<tower>{_TOWER})|(?P<storey>{_STOREY})|(?P<door>{_DOOR})"
    rf"|(?P<estate>{_ESTATE})"
)
_RUN = re.compile(rf"[{_HAN}]*$")
_LEADS = re.compile(
    r".*(?:住在|住喺|居於|居于|住於|位於|位于|地址|址[是為为]?|[在於于喺住到去返是係的嘅])"
)
_BEFORE, _STREET_NAME = 24, 10
"""Characters before a street's number that are looked at, and that its name may have."""
_HOME = re.compile(
    r"(?:home address|residential address|住址|家庭地址|居住地址|通訊地址"
    r"|通讯地址)\s?[:：是]\s?(?P<value>[^\n。;；]{6,100})"
    r"|(?<![a-z])address\s?[:：]\s?(?P<plain>\d[^\n。;；]{6,100})",
    re.IGNORECASE,
)
_PRIVATE = re.compile(r"\b(?:flat|apt|apartment|room|rm)\b|[室邨苑座棟栋]", re.IGNORECASE)
Place = tuple[int, int, bool]
"""Start, end, and whether it is somebody's home by its form."""


def find_addresses(text: str) -> list[Place]:
    """Every address in a text, in order; of two that overlap the longer one."""
    found: list[Place] = []
    if "ddress" in text or "址" in text:
        for match in _HOME.finditer(text):
            found.append((*match.span("value" if match["value"] else "plain"), True))
    if _STREET_WORD.search(text):
        found += (_place(text, *_with_tail(text, *m)) for m in _latin(text))
    if not text.isascii():
        found += (_place(text, start, end) for start, end in _han(text))
    kept: list[Place] = []
    for place in sorted(found, key=lambda p: (p[0], -p[1])):
        if not kept or place[0] >= kept[-1][1]:
            kept.append(place)
    return kept


def _place(text: str, start: int, end: int) -> Place:
    return start, end, _PRIVATE.search(text, start, end) is not None


def _latin(text: str) -> Iterator[tuple[int, int]]:
    streets = {m.start(): m.end() for m in _NUMBER_STREET.finditer(text)}
    for match in _LIVES.finditer(text):
        yield match.span("place")
    at = 0
    while (begun := _first(text, at, streets)) is not None:
        start, end = begun, begun
        kinds: list[str] = []
        here = begun
        while True:
            step = _step(text, here, streets)
            if step is None:
                break
            kind, end = step
            kinds.append(kind)
            join = _JOIN.match(text, end)
            here = join.end() if join else end
        if "street" in kinds or "flat" in kinds or _of_a_building(kinds):
            yield start, end
        at = max(end, begun + 1)


def _of_a_building(kinds: list[str]) -> bool:
    """Two parts of a building; "Tower 2, Block C" alone is a way through a hospital."""
    return len(set(kinds)) > 1 and ("building" in kinds or {"room", "floor"} <= set(kinds))


def _first(text: str, at: int, streets: dict[int, int]) -> int | None:
    match = _PART.search(text, at)
    places = [s for s in streets if s >= at] + ([match.start()] if match else [])
    return min(places, default=None)


def _step(text: str, at: int, streets: dict[int, int]) -> tuple[str, int] | None:
    if at in streets:
        return "street", streets[at]
    match = _PART.match(text, at)
    return (str(match.lastgroup), match.end()) if match else None


def _with_tail(text: str, start: int, end: int) -> tuple[int, int]:
    """With the district and Kowloon, or Hong Kong, behind it."""
    tail = _TAIL.match(text, end)
    return start, tail.end() if tail else end


def _han(text: str) -> Iterator[tuple[int, int]]:
    at = before = 0
    while (match := _HAN_PART.search(text, at)) is not None:
        start, end = match.span()
        kinds = [str(match.lastgroup)]
        if kinds[0] == "estate" and (skip := _LEADS.match(text[start : end - 1])) is not None:
            start += skip.end()
        while (following := _HAN_PART.match(text, end + text[end : end + 1].isspace())) is not None:
            kinds.append(str(following.lastgroup))
            end = following.end()
        kind = set(kinds)
        at = max(end, match.start() + 1)
        if "way" in kind or (kind >= {"storey", "door"}) or ("estate" in kind and len(kind) > 1):
            yield _begin(text, start, before, street=kinds[0] == "way"), end
            before = end


def _begin(text: str, start: int, before: int, *, street: bool) -> int:
    """Where an address begins: its district, and the name of its street, stand before `start`.

    "住在深圳市": what leads to an address is no part of it.
    """
    run = _RUN.search(text, max(before, start - _BEFORE), start)
    lead = run.group() if run else ""
    if (skip := _LEADS.match(lead)) is not None:
        lead = lead[skip.end() :]
    placed = list(_ADMIN.finditer(lead))
    if street:
        return start - (len(lead) if placed else min(len(lead), _STREET_NAME))
    return start - (len(lead) if placed and placed[-1].end() == len(lead) else 0)
