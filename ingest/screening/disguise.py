"""How a text is made to read otherwise for a program than for a person.

Characters without width, letters of a look-alike script, encoded text, the marks of chat models
and images whose address carries data. Joiners in emoji and in Persian, soft hyphens, Greek letters
in names of genes and Arabic direction marks are ordinary and pass.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.screening.findings import Span, shorten
from ingest.screening.wordings import find_wordings

_CYRILLIC = "аеорсухіјѕԁһӏԛԝАВЕКМНОРСТХІЈЅ"
_LATIN = "aeopcyxijsdhlqwABEKMHOPCTXIJS"
_ALIKE = str.maketrans(_CYRILLIC, _LATIN)
_FOLD = str.maketrans(
    {chr(c): chr(c - 0xFEE0) for c in range(0xFF21, 0xFF5B)}
    | {chr(0xE0000 + c): chr(c) for c in range(0x20, 0x7F)}
    | {"\u3000": " ", "\u00a0": " ", "\u2028": "\n", "\u2029": "\n"}
    | dict(zip(_CYRILLIC, _LATIN, strict=True))
)
"""To one plain letter each, so that places stay; full-width punctuation is Chinese and stays."""
_NO_WIDTH = "\u200b\u200c\u200d\u2060-\u2064\ufeff\u180e\u00ad\u034f"
_DIRECTION = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
_DROPPED = re.compile(f"[{_NO_WIDTH}{_DIRECTION}]")
_NO_WIDTH_RUN = re.compile(f"[{_NO_WIDTH}\ufe00-\ufe0f\U000e0100-\U000e01ef]{{4,}}")
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_FLAG = "\U0001f3f4"
"""The black flag, which tags turn into the flag of England, Scotland or Wales."""
_OVERRIDE = re.compile("[\u202d\u202e]")
_HAS_ALIKE = re.compile(f"[{_CYRILLIC}]")
_MIXED = re.compile(
    rf"(?<!\w)(?=\w*[{_CYRILLIC}])(?=(?:\w*[A-Za-z]){{2}})[A-Za-z{_CYRILLIC}]{{4,}}(?!\w)"
)
_ROLE = re.compile(
    r"<\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|end_of_text|begin_of_text"
    r"|start_header_id|end_header_id|eot_id|endofprompt)\|>"
    r"|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|</?(?:system|assistant)(?:[ _-]?prompt)?>"
    r"|^[ \t]*#{2,4}\s*(?:system|assistant|human|user)\s*(?::|prompt\b|message\b|$)"
    r"|^[ \t]*#{2,4}\s*(?:new )?instructions?:.{0,400}?^[ \t]*#{2,4}\s*response:"
    r"|^(?:human|user):[^\n]{1,400}\n+(?:assistant|ai):|\bbegin (?:system|admin) (?:prompt"
    r"|message)\b",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_ROLE_MAY_OCCUR = re.compile(r"<[|/<saSA]|_turn>|INST\]|##|(?:uman|ser|UMAN|SER):|(?i:begin )")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{24,4000}={0,2}(?![A-Za-z0-9+/=_-])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[ ,]?){16,2000}(?![0-9A-Za-z])")
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2}|[A-Za-z0-9.]){24,4000}")
_ESCAPES = 3
"""Escaped characters of a text that is worth decoding: a sentence has as many blanks."""
_READABLE = 0.9
"""Share of printable characters from which decoded bytes count as text."""
_IMAGE = re.compile(
    r"(?:!\[[^\]\n]{0,200}\]\(|<img\b[^>]{0,200}?\bsrc\s*=\s*[\"']?)\s*"
    r"(?P<url>https?://[^\s)\"'>]{4,2000})",
    re.IGNORECASE,
)
_CARRIES = re.compile(
    r"[?&/=](?:\{[^}]*\}|\[[^\]]*\]|<[^>]*|\$\{?\w+|%7B|%5B|\{\{)"
    r"|[?&](?:q|query|data|d|c|chat|history|secret|prompt|content|info|payload|leak|conversation"
    r"|messages?)=(?:$|[A-Z_]{4,}$|(?:your|the|insert|user)[_+%-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as a program may read it: without invisible characters, in plain letters."""

    text: str
    places: tuple[int, ...] | None
    """By character of `text`, its place in the original; None where they are the same."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Start and end in the original."""
        if self.places is None or not self.places or end <= start:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """See `Folded`."""
    if text.isascii():
        return Folded(text, None)
    plain = text.translate(_FOLD)
    if _DROPPED.search(plain) is None:
        return Folded(plain, None)
    kept = [i for i, character in enumerate(plain) if _DROPPED.match(character) is None]
    return Folded("".join(plain[i] for i in kept), tuple(kept))


def find_disguises(text: str) -> Iterator[Span]:
    """What is disguised in a text, but for plain wordings behind invisible characters."""
    if not text.isascii():
        yield from _invisible(text)
        for match in _MIXED.finditer(text) if _HAS_ALIKE.search(text) else ():
            shown = f"{match.group()} = {match.group().translate(_ALIKE)}"
            yield Span("instruction", "mixed-script", match.start(), match.end(), "low", shown)
    for match in _ROLE.finditer(text) if _ROLE_MAY_OCCUR.search(text) else ():
        yield Span("instruction", "role-marker", match.start(), match.end())
    for match in _IMAGE.finditer(text) if "http" in text else ():
        if _CARRIES.search(match["url"]):
            yield Span("instruction", "image-link", match.start(), match.end())
    yield from _encoded(text)


def _invisible(text: str) -> Iterator[Span]:
    for match in _NO_WIDTH_RUN.finditer(text):
        points = " ".join(f"U+{ord(c):04X}" for c in match.group()[:4])
        shown = f"{len(match.group())} × {points} …"
        yield Span("hidden_text", "zero-width", match.start(), match.end(), shown=shown)
    for match in _TAGS.finditer(text):
        flag = match.start() and text[match.start() - 1] == _FLAG and len(match.group()) <= 7
        if not flag:
            shown = match.group().translate(_FOLD).strip("\U000e0000-\U000e007f")
            yield Span("hidden_text", "tag-characters", match.start(), match.end(), shown=shown)
    for match in _OVERRIDE.finditer(text):
        end = min(len(text), match.end() + 40)
        yield Span("hidden_text", "bidi-override", match.start(), end)


def _encoded(text: str) -> Iterator[Span]:
    """Encoded text that speaks to a model; other encoded text is nobody's business."""
    for pattern, decode in ((_BASE64, _from_base64), (_HEX, _from_hex), (_ESCAPED, _from_url)):
        if pattern is _ESCAPED and text.count("%") < _ESCAPES:
            continue
        for match in pattern.finditer(text):
            plain = decode(match.group())
            if plain and next(find_wordings(plain), None):
                yield Span(
                    "instruction", "encoded", match.start(), match.end(), shown=shorten(plain)
                )


def _from_base64(text: str) -> str:
    body = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        body = body[:-1]
    return _as_text(base64.b64decode(body + "=" * (-len(body) % 4)))


def _from_hex(text: str) -> str:
    digits = re.sub(r"0x|\\x|[ ,]", "", text)
    return _as_text(binascii.unhexlify(digits[: len(digits) // 2 * 2]))


def _from_url(text: str) -> str:
    if text.count("%") < _ESCAPES:
        return ""
    found = re.sub(r"%([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), text)
    return _as_text(found.encode("latin-1", "ignore"))


def _as_text(data: bytes) -> str:
    """Decoded, or nothing where it is no text."""
    text = data.decode("utf-8", "replace")
    printable = sum(c.isprintable() and c != "\ufffd" or c in "\n\t" for c in text)
    return text if text and printable / len(text) >= _READABLE else ""
