"""Whether words deny an idea instead of stating it: "must tell her" and "need not tell her".

Likeness of meaning, by which answers are judged, hardly sees a "not"; so what is said plainly is
read here, whoever judged. Two ways of denying are recognised: calling a thing unneeded, and
forbidding it in nearly the words in which others ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from tutor.dialogue.sentences import is_cjk, words

LONGEST = 24
"""Words up to which a span is one thought; in a longer one a denial may belong to anything."""
NEARLY, RELATED = 0.6, 0.15
"""Share of its content that what is forbidden, or called unneeded, has in common with a way of
asking for it."""
UNNEEDED = re.compile(
    r"\bno need\b|\bneeds? not\b|\bneedn'?t\b"
    r"|\b(?:do|does)(?:n'?t| not) (?:need|have) to (?!know\b)"
    r"|\bnot (?:necessary|needed|required)\b|\bunnecessary\b|\bpointless\b"
    r"|\bno (?:point|reason) (?:in|to)\b"
    r"|不用|不必|不需要?|毋須|毋需|無須|无须|無需|无需|唔使|唔需要|[冇沒没]有?(?:需要|必要)|多餘|多余|使乜",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(
    r"\b(?:must|should|shall|ought|may|can|do|does)(?: not|n'?t)\b|\bcannot\b|\bnever\b"
    r"|不應該?|不应该?|不該|不该|不可|不得|不要|(?<!能)不能|唔好|唔應該?|唔可以|[別别](?!人|的)|切勿|絕不|绝不",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|no|never|without|nobody|none|nothing|leave out|avoid|refuse|stop|cannot|rather than)"
    r"\b|n't\b|\b(?:do|does|did|is|are|was|ca|wo|should|would|could|must|need)nt\b|不|唔|無|无|冇|沒|没|未|別|别|勿|毋|免",
    re.IGNORECASE,
)
CONTRAST = re.compile(
    r"\b(?:but|unless|until|only|just|alone|instead|rather|by itself)\b"
    r"|但|除非|只|單靠|单靠|單憑|单凭|而是",
    re.IGNORECASE,
)
_PART = re.compile(r"[,;:.!?，、；：。！？]\s*")
_TOKEN = re.compile(r"[a-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_EMPTY = re.compile(
    r"a|an|and|are|as|at|be|been|being|by|do|does|for|from|had|has|have|he|her|him|his|i|if"
    r"|in|is|it|its|me|my|of|on|or|our|she|so|that|the|their|them|there|they|this|to|us|was"
    r"|we|what|which|who|will|with|would|you|your|must|should|shall|may|can|could|not|no"
    r"|never|need|needs|any|all"
)


def denies(span: str, stated: Iterable[str]) -> bool:
    """Whether a span denies an idea.

    Args:
        span: the learner's words that are said to state it.
        stated: ways of stating it.
    """
    span = span.replace("’", "'")
    if not (FORBIDDEN.search(span) or UNNEEDED.search(span)):
        return False
    if words(span) > LONGEST or CONTRAST.search(span):
        return False
    parts = [part for way in stated for part in _PART.split(way) if part.strip()]
    negated = {_next(part, m) for part in parts for m in _NEGATED.finditer(part)} - {""}
    return _denied(span, FORBIDDEN, NEARLY, parts, negated) or any(
        _denied(part, UNNEEDED, RELATED, parts, negated) for part in _PART.split(span)
    )


def _denied(
    text: str, way: re.Pattern[str], enough: float, stated: Sequence[str], negated: Set[str]
) -> bool:
    """Whether a text denies in a certain way what one of the parts of an idea states."""
    against = {_next(text, m) for m in way.finditer(text)}
    rest = way.sub(" ", text)
    content = _content(rest)
    # Two negations, "never without", deny nothing; nor does who says "need not name him" where
    # others say "do not name him".
    if not against or against & negated or _NEGATED.search(rest) or not content or not stated:
        return False
    nearest = max(stated, key=lambda other: _share(content, other))
    return not _NEGATED.search(nearest) and _share(content, nearest) >= enough


def _next(text: str, match: re.Match[str]) -> str:
    """The first word with content after a negation, or pair of Chinese characters."""
    for token in _TOKEN.finditer(text.lower(), match.end()):
        if is_cjk(token.group()):
            return token.group()[:2]
        if not _EMPTY.fullmatch(token.group()):
            return _stem(token.group())
    return ""


def _stem(token: str) -> str:
    return re.sub(r"(?:ing|ed|es|s|y|ies)$", "", token)[:7]


def _share(content: frozenset[str], way: str) -> float:
    return len(content & _content(way)) / len(content)


def _content(text: str) -> frozenset[str]:
    """Words without endings, or pairs of Chinese characters."""
    found: set[str] = set()
    for token in _TOKEN.findall(text.lower()):
        if is_cjk(token):
            found |= {token[i : i + 2] for i in range(len(token) - 1)}
        elif not _EMPTY.fullmatch(token):
            found.add(_stem(token))
    return frozenset(found)
