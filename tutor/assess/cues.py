"""Words by which a piece of an answer states, denies, rejects or hedges: no encoder hears them.

What is counted of a piece is compared with the same of the exemplar nearest to it: "must not be
told" beside "must be told" differs, beside "must never be told" it does not.
"""

from __future__ import annotations

import re

from tutor.dialogue.polarity import CONTRAST, FORBIDDEN, UNNEEDED

NAMES = (
    "polarity_differs",
    "negations",
    "negations_differ",
    "rejections",
    "rejection_differs",
    "unneeded_differs",
    "forbidden_differs",
    "contrasts",
    "hedged",
)
NEGATION = re.compile(
    r"\b(?:not|never|no|don'?t|doesn'?t|didn'?t|cannot|can'?t|won'?t|isn'?t|aren'?t|without|nor|neither|"
    r"shouldn'?t|needn'?t|mustn'?t|nothing|nobody|none|unnecessary|irrelevant|pointless|refuse|"
    r"forget|skip|ignore|avoid|hardly|rather than|instead of)\b|"
    r"不|唔|無|无|冇|沒|没|未|別|别|毋|勿|拒|免",
    re.IGNORECASE,
)
_REJECTION = re.compile(
    r"\b(?:(?:do|did|does|would|could|can|will)(?:n'?t| not)|never|not) (?:\w+ ){0,2}"
    r"(?:buy|accept|agree|think|believe|mean|say(?:ing)?|said|claim(?:ing)?|make|prove|follow|"
    r"settle|guarantee|entitle|oblige|replace|excuse|cancel)|"
    r"\b(?:wrong|mistake|unfair|naive|nonsense|too (?:simple|quick)) |"
    r"\bisn'?t (?:a|an|the|true|safe|enough|proof|about|just)|\bno such|"
    r"\bnot (?:the same|enough|true|an? |safe|proof|about|only|just|by itself)|"
    r"\bfar from|\bhardly|\bmyth|"
    r"不(?:等於|等于|代表|是說|是说|同意|認同|认同|相信|意味|足以|能說|能说|能證明|能证明)|"
    r"唔(?:等於|代表|係|同意|信|認同|可以話)|並非|并非|不是|未必|從來沒|从来没|誤解|误解|錯|错",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|i think|i guess|probably|i suppose|not sure|possibly|might)\b|"
    r"可能|也許|也许|應該|应该|大概|我覺得|我觉得|我諗",
    re.IGNORECASE,
)


def cues(piece: str, exemplar: str) -> list[float]:
    """The figures of `NAMES` for a piece of an answer and the exemplar nearest to it."""
    negations, others = len(NEGATION.findall(piece)), len(NEGATION.findall(exemplar))
    rejections = len(_REJECTION.findall(piece))
    return [
        float(bool(negations) != bool(others)),
        float(min(negations, 3)),
        float(min(abs(negations - others), 3)),
        float(min(rejections, 2)),
        float(bool(rejections) != bool(_REJECTION.search(exemplar))),
        float(bool(UNNEEDED.search(piece)) != bool(UNNEEDED.search(exemplar))),
        float(bool(FORBIDDEN.search(piece)) != bool(FORBIDDEN.search(exemplar))),
        float(bool(CONTRAST.search(piece))),
        float(bool(_HEDGE.search(piece))),
    ]
