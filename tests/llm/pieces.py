"""What the tests of this room share: models, a moment, and a conversation to have."""

from __future__ import annotations

from dataclasses import replace

from ingest import Language
from tests.dialogue.talk import DONT_KNOW, THIN, Talk
from tutor.cases import LoadedCase
from tutor.dialogue import AuthoredWording, Spoken
from tutor.dialogue.moment import Moment
from tutor.dialogue.plan import Say, Turn
from tutor.llm import Model
from tutor.llm.evidence import Evidence, evidence_of
from tutor.llm.scripted import Reply, ScriptedChatModel

NAME = "scripted:test"


def model(reply: Reply, timeout_s: float = 5.0, rest_s: float = 0.0) -> Model:
    """A model that does as it is told, and takes no rest after a failure."""
    return Model(NAME, ScriptedChatModel(reply=reply), timeout_s, rest_s=rest_s)


def script(language: Language) -> tuple[str, ...]:
    """Replies that lead through every kind of move, in any case; marks are heard by `MarkedJudge`.

    A thin answer, a point made, a mistake and its repair, three calls for help, a restatement,
    then thin answers to the end of the first stages and a position.
    """
    thin, help_ = THIN[language], DONT_KNOW[language]
    return (
        thin,
        f"{thin} +E2",
        f"{thin} +M1",
        thin,
        f"{thin} +M1:repair",
        *help_,
        thin,
        f"{thin} +E3 %E4",
        *[thin] * 6,
        f"{thin} +P1",
        *help_,
    )


def moment_of(
    case: LoadedCase, language: Language = "en", move: str = "hint", target: str = "E1"
) -> tuple[Moment, Spoken, Evidence]:
    """The moment after a thin answer to a case's first question, its draft and its evidence."""
    talk = Talk(case, language)
    talk.say(THIN[language])
    state = talk.state
    say = Say(move, target)  # type: ignore[arg-type]
    moment = Moment(case, replace(state, last_said=THIN[language]), Turn(("assertion",)), say)
    authored = AuthoredWording().word(moment)
    return moment, authored, evidence_of(moment, authored)
