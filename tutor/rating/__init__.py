"""Ratings by people: a written rubric, items that do not say where they came from, what differs."""

from __future__ import annotations

from tutor.rating.items import AnswerContent, Item, Line, Origin, Quote, Sentence, TurnContent
from tutor.rating.marks import Mark, Score, Scores, disputed, order
from tutor.rating.rubric import Dimension, Kind, Rubric, load_rubric

__all__ = [
    "AnswerContent",
    "Dimension",
    "Item",
    "Kind",
    "Line",
    "Mark",
    "Origin",
    "Quote",
    "Rubric",
    "Score",
    "Scores",
    "Sentence",
    "TurnContent",
    "disputed",
    "load_rubric",
    "order",
]
