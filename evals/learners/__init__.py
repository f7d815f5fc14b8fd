"""Scripted learners: what they know is known exactly, so that a tutor's hearing can be tested.

They exercise software. That a scripted learner "gets there" says nothing about people learning.
"""

from __future__ import annotations

from evals.learners.learner import Learner, Said, Truth, truth_of
from evals.learners.personas import PERSONAS, Persona
from evals.learners.session import Session, Speaker, play

__all__ = [
    "PERSONAS",
    "Learner",
    "Persona",
    "Said",
    "Session",
    "Speaker",
    "Truth",
    "play",
    "truth_of",
]
