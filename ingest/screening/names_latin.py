"""Names in Latin script: by title, label or context, and as they are written in full.

Cantonese: "Chan Siu Ming", "CHAN Tai-man, Peter", "Peter Chan". Mandarin: "Wang Xiaoming". Western:
a given name and a surname that are both on the lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.screening.name_lists import (
    AMBIGUOUS,
    GIVEN,
    GIVEN_AMBIGUOUS,
    HK_SURNAMES,
    NOT_NAMES,
    PINYIN,
    PINYIN_SURNAMES,
    PLACES,
    PUBLIC,
    SURNAMES,
    SYLLABLES,
)
from ingest.screening.names_found import Name

_W = r"(?:[A-ZÀ-Þ][a-zà-ÿ]+(?:['’-][A-Za-zà-ÿ]+)*|[A-Z]['’][A-Z][a-z]+|[A-Z]{2,}|[A-ZÀ-Þ]\.?(?=\s))"
_NAME = rf"(?P<name>{_W}(?:,? {_W}){{0,3}})"
_B = r"(?<![\w.\[-])"
_TITLED = re.compile(
    rf"{_B}(?:(?:Mr|Mrs|Ms|Mdm|Mx|Dr|Prof)\.? |(?:Miss|Madam|Professor|Doctor|Sir|Dame|Nurse"
    rf"|Auntie|Aunty|Uncle) )(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?{_NAME}"
)
_TITLED_LOW = re.compile(
    r"(?<![\w.-])(?i:mr|mrs|ms|miss|mdm|madam|dr|prof|professor|doctor|nurse|auntie|uncle)"
    r"\.? (?P<name>[A-Za-z]{2,}(?:-[a-z]+)*)(?![\w-])",
)
_LABELLED = re.compile(
    r"(?<!\w)(?i:(?:patient(?:'s|’s)?|full|client(?:'s)?|next of kin|mother's|father's|guardian's?)"
    r" ?name|name of (?:the )?(?:patient|client)|patient|name|pt)\s?[:：]\s?"
    rf"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?{_NAME}"
)
_INTRODUCED = re.compile(
    r"(?<!\w)(?i:my|his|her|their|the (?:patient|child|mother|father|trainee|nurse|doctor)['’]s)"
    rf" (?i:full )?name(?:'s| is| was) {_NAME}"
)
_KIN = re.compile(rf"(?<!\w)(?i:next of kin|contact person|carer|guardian) (?i:is|was) {_NAME}")
_PERSON = (
    r"(?:patient|pt|client|lady|man|woman|boy|girl|gentleman|child|baby|colleague|trainee|intern"
    r"|consultant|resident|nurse|doctor|surgeon|boss|mother|father|mum|mom|dad|husband|wife|son"
    r"|daughter|sister|brother|grand(?:mother|father|ma|pa|son|daughter)|aunt|uncle|cousin|friend|neighbour|teacher|carer|helper|fianc[eé]e?"
    r"|supervisor|registrar|physio|pharmacist|porter)"
)
_CALLED = re.compile(rf"(?<!\w)(?i:{_PERSON}),? (?i:who is |was |is )?(?i:called|named) {_NAME}")
_BESIDE = re.compile(
    r"(?<!\w)(?i:(?:my|our|his|her|their|the|a|an|one) (?:[a-z-]+ )?"
    rf"{_PERSON}|patient|pt),? {_NAME}"
)
_NURSE = re.compile(rf"{_B}(?:Sister|Matron|Brother|Father) {_NAME}")
_GREETING = re.compile(rf"(?:^|[.!?\"“]\s*|\n)(?:Hi|Hello|Dear)[ ,]+{_NAME}(?=\s*[,!:]|\s*$)")
_SIGNED = re.compile(
    r"(?i:regards|sincerely|best wishes|yours truly|yours faithfully|cheers),?[ ]?\n\s*" + _NAME
)
_RUN = re.compile(rf"{_B}{_W}(?:(?:, | ){_W})*")
_TELLING = re.compile(
    r"['’]s (?!disease|syndrome|test|sign|law|principle|theory|criteria|score|day\b|hospital|rule)"
    r"[a-z]+|,? (?:said|says|told|tells|asked|asks|wants|wanted|refuses|refused|insists|agreed"
    r"|agrees|came|cried|phoned|rang|called|has (?:been|never|asked|told)|does not|doesn['’]t"
    r"|did not|didn['’]t|died|works|lives)(?!\w)"
)
_NO_PERSON_AFTER = re.compile(
    r"['’]?s? (?:syndrome|disease|test|sign|scale|score|criteria|law|principle|case|hospital"
    r"|clinic|cent(?:re|er)|universit|college|school|road|street|foundation|trust|estate|court"
    r"|house|building|declaration|report|code|act|ordinance|award|medical|theorem|rule|line|bay"
    r"|district|terrace|flat|cliff|extension|heart|valley|channel|australia|harbour|peak|station|island|park|library|memorial|institute|v\b|v\.|vs)",
    re.IGNORECASE,
)
_NO_PERSON_BEFORE = re.compile(r"(?<!\w)(?:St\.?|Saint|Queen|King|Prince|Princess) $")
_PART = re.compile(r"[^\s,]+")
_TAIL = re.compile(r"['’]s$|(?<=[a-z]{2})\.$")
_GIVEN_ALONE = re.compile(r"[A-Z][a-z]+-[a-z]+(?:['’]s)?$")
_TWINS = frozenset({"ping-pong", "so-so", "sing-sing", "hong-kong", "yin-yang", "tin-pan"})
_INITIALS = re.compile(r"[A-Z]\.?$")


def find_latin_names(text: str) -> Iterator[Name]:
    """Names in a text; two rules may find the same one."""
    for pattern, private in ((_INTRODUCED, True), (_LABELLED, True), (_CALLED, True), (_KIN, True)):
        if pattern is _LABELLED and ":" not in text and "：" not in text:
            continue
        for match in pattern.finditer(text):
            yield from _trimmed(text, match, private)
    for match in _TITLED.finditer(text):
        yield from _trimmed(text, match, False)
    for match in _TITLED_LOW.finditer(text):
        word = match["name"].lower()
        known = word in SURNAMES or word in GIVEN
        if known and word not in AMBIGUOUS and word not in NOT_NAMES:
            yield Name(*match.span("name"))
    for match in (*_BESIDE.finditer(text), *_NURSE.finditer(text)):
        if _sounds_like_a_name(match["name"]):
            yield from _trimmed(text, match, True)
    for pattern in (_GREETING, _SIGNED):
        for match in pattern.finditer(text):
            yield from _trimmed(text, match, False)
    for match in _RUN.finditer(text):
        yield from _in_run(text, match.start(), match.end())


def _trimmed(text: str, match: re.Match[str], private: bool) -> Iterator[Name]:
    """The words of a match that can be a name: up to the first that cannot."""
    start = match.start("name")
    end = start
    words = 0
    for part in _PART.finditer(text, start, match.end("name")):
        word = part.group().strip(".")
        after_comma = words > 0 and text[end : part.start()].lstrip(" ") != "" or (
            words > 0 and "," in text[end : part.start()]
        )  # fmt: skip
        by_title = not words and _surname_after(text, match.start(), start, word)
        if not (by_title or _can_be_name(word, first=not words)):
            break
        if after_comma and not _is_given(word):
            break
        end = part.end()
        words += 1
    if not words or _NO_PERSON_AFTER.match(text, end):
        return
    parts = [w.strip(".") for w in _PART.findall(text[start:end])]
    # "Dr W" is how a text keeps a name to itself.
    if all(len(w) == 1 for w in parts) or _is_public(parts):
        return
    yield Name(start, start + len(_TAIL.sub("", text[start:end])), private)


def _surname_after(text: str, start: int, end: int, word: str) -> bool:
    """Whether a title makes a name of a word that is none elsewhere: "Miss So", "Mr An"."""
    title = text[start:end].strip()
    return word.lower() in SURNAMES and title in {"Mr", "Mrs", "Ms", "Miss", "Mdm", "Madam"}


def _can_be_name(word: str, *, first: bool) -> bool:
    low = _bare(word)
    if low in NOT_NAMES:
        return False
    if word.isupper() and len(word) > 1:
        return low in SURNAMES or low in SYLLABLES or low in GIVEN or (first and len(word) > 4)
    return True


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word).lower()


def _is_given(word: str) -> bool:
    low = _bare(word)
    return (
        low in GIVEN
        or low in GIVEN_AMBIGUOUS
        or _of_syllables(low)
        or _INITIALS.match(word) is not None
    )


def _of_syllables(word: str) -> bool:
    """Cantonese syllables, alone or joined by a hyphen."""
    return all(part in SYLLABLES for part in word.split("-"))


def _is_public(words: list[str]) -> bool:
    return any(_bare(word) in PUBLIC for word in words)


def _sounds_like_a_name(name: str) -> bool:
    first = _bare(_PART.findall(name)[0].strip("."))
    if first in GIVEN or (first in SURNAMES and first not in AMBIGUOUS):
        return True
    return "-" in first and _of_syllables(first)


def _in_run(text: str, start: int, end: int) -> Iterator[Name]:
    """Names among capitalised words that follow each other."""
    parts = list(_PART.finditer(text, start, end))
    at = 0
    while at < len(parts):
        count = _name_at(text, parts, at)
        if count:
            first, last = parts[at], parts[at + count - 1]
            stop = last.end() - len(re.search(r"(?:['’]s)?$", last.group()).group())  # type: ignore[union-attr]
            if not _NO_PERSON_AFTER.match(text, stop):
                yield Name(first.start(), stop)
            at += count
        else:
            at += 1


def _name_at(text: str, parts: list[re.Match[str]], at: int) -> int:
    """How many words from here on are one name; 0 where none begins."""
    words = [_bare(p.group()) for p in parts[at : at + 5]]
    commas = [
        "," in text[a.end() : b.start()]
        for a, b in zip(parts[at : at + 4], parts[at + 1 : at + 5], strict=False)
    ]
    joined = " ".join(words).replace("-", " ")
    if any(joined == place or joined.startswith(place + " ") for place in PLACES):
        return 0
    if _is_public(words[:3]) or _NO_PERSON_BEFORE.search(
        text, max(0, parts[at].start() - 12), parts[at].start()
    ):
        return 0
    count = _cantonese(words, commas) or _mandarin(words, commas) or _western(words, commas)
    count = count or _given_first(parts[at : at + 4], words, commas)
    if count == 0 and "-" in words[0] and _GIVEN_ALONE.match(parts[at].group()):
        return int(_of_syllables(words[0]) and words[0] not in _TWINS)
    if count == 0 and words[0] in GIVEN - GIVEN_AMBIGUOUS and words[0] not in AMBIGUOUS:
        raw = parts[at].group()
        end = parts[at].end() - (len(raw) - len(words[0]))
        return int(_TELLING.match(text, end) is not None)
    return count


def _cantonese(words: list[str], commas: list[bool]) -> int:
    """Surname, one or two given syllables, perhaps a Western name after a comma."""
    if len(words) < 2 or words[0] not in HK_SURNAMES or (words[0] in AMBIGUOUS and commas[0]):
        return 0
    hyphened = "-" in words[1] and _of_syllables(words[1])
    if hyphened:
        count = 2
    elif (
        len(words) > 2
        and words[1] in SYLLABLES
        and words[2] in SYLLABLES
        and not any(commas[:2])
        and not {words[0], words[1], words[2]} <= AMBIGUOUS
    ):
        count = 3
    else:
        return 0
    if len(words) > count and words[count] in GIVEN:
        count += 1
    return count


def _mandarin(words: list[str], commas: list[bool]) -> int:
    """Surname and a given name of one or two syllables written together."""
    if len(words) < 2 or commas[0]:
        return 0
    surname, given = words[0], words[1]
    if surname not in PINYIN_SURNAMES or surname in AMBIGUOUS:
        return 0
    two = any(given[:i] in PINYIN and given[i:] in PINYIN for i in range(1, len(given)))
    one = given in PINYIN and given not in AMBIGUOUS and len(given) > 1
    return 2 if two or one else 0


def _given_first(parts: list[re.Match[str]], words: list[str], commas: list[bool]) -> int:
    """A given name on the list and a surname that is not: "Janet Burns", "Ken N. Fukuda"."""
    if len(words) < 2 or commas[0] or words[0] not in GIVEN - GIVEN_AMBIGUOUS - AMBIGUOUS:
        return 0
    initial = len(words) > 2 and _INITIALS.match(parts[1].group()) is not None and not commas[1]
    last = 2 if initial else 1
    shown = parts[last].group()
    if not re.match(r"[A-ZÀ-Þ][a-zà-ÿ]{2,}", shown) or words[last] in NOT_NAMES:
        return 0
    return 0 if _NO_PERSON_AFTER.match(" " + shown) else last + 1


def _western(words: list[str], commas: list[bool]) -> int:
    """Given name and surname: "Peter Chan", "Mary Jones", or "Chan, Peter"."""
    if len(words) < 2:
        return 0
    given, surname = words[0], words[1]
    if commas[0]:
        safe = given in SURNAMES and given not in AMBIGUOUS
        return 2 if safe and surname in GIVEN - GIVEN_AMBIGUOUS else 0
    if given in GIVEN and surname in SURNAMES and surname not in GIVEN_AMBIGUOUS:
        weak = given in GIVEN_AMBIGUOUS or given in AMBIGUOUS
        if weak and (surname in AMBIGUOUS):
            return 0
        extra = len(words) > 2 and not commas[1]
        # "Peter Chan Siu Ming"
        if extra and len(words) > 3 and words[2] in SYLLABLES and words[3] in SYLLABLES:
            return 4
        return 3 if extra and "-" in words[2] and _of_syllables(words[2]) else 2
    return 0
