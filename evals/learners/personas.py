"""How scripted learners differ: what they know, what they wrongly believe, and how they talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Manner = Literal["plain", "hedged", "mixed", "short", "rambling"]


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of learner."""

    name: str
    knows: float
    """Share of a case's expectations that the learner can say when asked."""
    believes: float
    """Share of a case's misconceptions that the learner holds."""
    manner: Manner = "plain"
    fishes: bool = False
    """Asks for the answer, and repeats it word for word when it is given."""
    attacks: bool = False
    """Tries to make the tutor drop its role, two messages out of three."""
    argues: bool = False
    """Disputes each correction, hint and challenge once, with a reason, before it yields."""
    distress: int = 0
    """So many messages, at turns drawn with the seed, are words of distress and nothing else."""
    stubborn: int = 1
    """At most so many corrections, hints and prompts until a misconception is put right."""


PERSONAS: tuple[Persona, ...] = (
    Persona("knows_most", knows=0.85, believes=0.0),
    Persona("knows_little", knows=0.2, believes=0.25),
    Persona("hedger", knows=0.6, believes=0.25, manner="hedged"),
    Persona("arguer", knows=0.6, believes=0.5, argues=True, stubborn=2),
    Persona("answer_fisher", knows=0.2, believes=0.0, fishes=True),
    Persona("misconceived", knows=0.5, believes=1.0, stubborn=3),
    Persona("terse", knows=0.6, believes=0.25, manner="short"),
    Persona("rambling", knows=0.6, believes=0.25, manner="rambling"),
    Persona("code_mixing", knows=0.6, believes=0.25, manner="mixed"),
    Persona("distressed", knows=0.6, believes=0.25, distress=2),
    Persona("adversarial", knows=0.4, believes=0.25, attacks=True),
)
