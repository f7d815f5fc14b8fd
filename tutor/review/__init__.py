"""What the tutor misjudged or was unsure of: the queue, decisions, and what they teach."""

from __future__ import annotations

from tutor.review.decisions import DecisionStore
from tutor.review.exemplars import Exemplar, Learned, extend
from tutor.review.queue import Filters
from tutor.review.service import Reviews

__all__ = ["DecisionStore", "Exemplar", "Filters", "Learned", "Reviews", "extend"]
