"""Decisions in force as JSON Lines: out of one installation, into a case file or another one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest import Language
from tutor.cases import Case, LoadedCase
from tutor.dialogue import REPAIR
from tutor.errors import InvalidRequest, ServiceError
from tutor.review.decisions import Decision, DecisionStore, Verdict, text_hash
from tutor.review.exemplars import Role
from tutor.review.wording import exemplar_text
from tutor.sessions import now


class Line(BaseModel):
    """An exemplar on its way. `list` is the list of the case file that it belongs to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    case: Annotated[str, Field(min_length=1, max_length=200)]
    language: Language
    target: Annotated[str, Field(pattern=r"^(E\d+|M\d+(:repair)?)$", max_length=40)]
    list: Literal["accept", "near_miss", "exemplars", "repair"]
    text: Annotated[str, Field(min_length=1, max_length=8000)]
    text_hash: str
    """sha256 of the text."""
    verdict: Verdict
    by: Annotated[str, Field(min_length=1, max_length=200)]
    at: str
    subject: str = ""
    """The judgement it was decided on, in the installation it comes from."""
    version: int = 1


def exported(decisions: Iterable[Decision]) -> Iterator[str]:
    """A line for each decision that teaches something, the oldest first."""
    for decision in decisions:
        if decision.role is None or decision.text is None or decision.verdict == "revoked":
            continue
        line = Line(
            case=decision.case_id,
            language=decision.language,
            target=decision.target,
            list=_list(decision.target, decision.role),
            text=decision.text,
            text_hash=decision.text_hash or text_hash(decision.text),
            verdict=decision.verdict,
            by=decision.by,
            at=decision.at.isoformat(),
            subject=decision.subject,
            version=decision.version,
        )
        yield line.model_dump_json()


def imported(
    lines: Iterable[str],
    store: DecisionStore,
    cases: Mapping[str, Mapping[Language, Case]],
    by: str,
) -> tuple[int, int]:
    """Take exemplars in, all or none; what is in force already is left alone.

    Args:
        lines: as `exported` gives them; empty lines are passed over.
        store: where they go.
        cases: every case in its languages, to see that each idea is there.
        by: who takes them in; who decided stays in the name: "A (imported by B)".

    Returns:
        How many were taken in, and how many were there already.

    Raises:
        InvalidRequest: a line cannot be taken; the message says which and why, and nothing was.
        Conflict: somebody else was importing the same.
    """
    there = {(d.case_id, d.language, d.target, d.role, d.text) for d in store.newest()}
    new: list[Decision] = []
    known = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        decision = _decision(line, number, cases, by)
        words = (decision.case_id, decision.language, decision.target, decision.role, decision.text)
        opposite = "near_miss" if decision.role == "accept" else "accept"
        if (*words[:3], opposite, decision.text) in there:
            raise _refused(number, "the very same words count for the opposite already")
        if words in there:
            known += 1
            continue
        there.add(words)
        newest = next(iter(store.versions(decision.subject)), None)
        new.append(replace(decision, version=(newest.version if newest else 0) + 1))
    store.add(new)
    return len(new), known


def _decision(
    line: str, number: int, cases: Mapping[str, Mapping[Language, Case]], by: str
) -> Decision:
    try:
        read = Line.model_validate(json.loads(line))
        case = cases.get(read.case)
        text = exemplar_text(read.text, LoadedCase(case).told if case else "")
    except json.JSONDecodeError as error:
        raise _refused(number, f"it is not JSON ({error.msg})") from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(p) for p in fault["loc"]) or "the line"
        raise _refused(number, f"{place}: {fault['msg']}") from error
    except ServiceError as error:
        raise _refused(number, str(error).rstrip(".")) from error
    if read.text_hash != text_hash(read.text):
        raise _refused(number, "the text is not the one that its hash was made of")
    role: Role = "near_miss" if read.list == "near_miss" else "accept"
    if read.list != _list(read.target, role):
        raise _refused(number, f"{read.target} has no list {read.list!r} that can be added to")
    texts = cases.get(read.case, {})
    if read.language not in texts:
        raise _refused(number, f"there is no case {read.case!r} in {read.language}")
    ideas = {idea.id for idea in texts[read.language].graded}
    if read.target.removesuffix(REPAIR) not in ideas:
        raise _refused(number, f"the case {read.case!r} has no idea {read.target}")
    name = "\x1f".join((read.case, read.language, read.target, role, text))
    return Decision(
        subject=f"import:{text_hash(name)}",
        version=1,
        verdict=read.verdict,
        case_id=read.case,
        target=read.target,
        language=read.language,
        by=f"{read.by} (imported by {by})"[:200],
        at=now(),
        role=role,
        text=text,
        text_hash=text_hash(text),
    )


def _list(target: str, role: Role) -> Literal["accept", "near_miss", "exemplars", "repair"]:
    """The list of the case file."""
    if target.endswith(REPAIR):
        return "repair"
    if role == "near_miss":
        return "near_miss"
    return "accept" if target.startswith("E") else "exemplars"


def _refused(number: int, why: str) -> InvalidRequest:
    return InvalidRequest(
        f"Line {number} cannot be taken: {why}. Nothing was imported.",
        remedy="Mend the line or leave it out, then import the file again.",
    )
