"""What the model is told: one file a language, with a version. It sees one move and its texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.abc import Traversable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ingest import LANGUAGES, Language
from tutor.dialogue import Target
from tutor.errors import NotReady
from tutor.llm.evidence import Evidence
from tutor.llm.material import quote_sources
from tutor.llm.model import Messages
from tutor.llm.reasons import REASONS, Reason

ALIKE, UNLIKE = 3, 2
Text = Annotated[str, Field(min_length=1)]


class Prompts(BaseModel):
    """A file of this folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}\.\d+$")]
    language: Language
    speak: Text
    """The task of wording a move."""
    again: Text
    """Asks once more; `{reasons}` stands for why."""
    joint: Text
    """Between two reasons."""
    reasons: dict[Reason, Text]
    mark: Text
    """The task of marking an answer."""
    kinds: dict[Literal["expectation", "misconception", "repair", "position"], Text]
    alike: Text
    unlike: Text
    nothing: Text
    """Where the clinician has not said anything."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.reasons) != set(REASONS):
            raise ValueError(f"reasons must name each of {', '.join(REASONS)}")
        if len(self.kinds) != 4:
            raise ValueError("kinds must name expectation, misconception, repair and position")
        if "{reasons}" not in self.again:
            raise ValueError("again must hold {reasons}")
        absent = [word for word in ("KEEP", "QUOTE") if word not in self.speak]
        if absent:
            raise ValueError(f"speak must explain {' and '.join(absent)}")
        return self


@cache
def load_prompts() -> Mapping[Language, Prompts]:
    """The prompts of every language, read once.

    Raises:
        NotReady: a file is missing or is not what it should be; the message names it.
    """
    folder = resources.files(__package__)
    return {language: read_prompts(folder / f"{language}.yaml", language) for language in LANGUAGES}


def read_prompts(file: Traversable, language: Language) -> Prompts:
    """The prompts of a file, checked.

    Raises:
        NotReady: it is missing or is not what it should be.
    """
    try:
        raw = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
        found = Prompts.model_validate(raw)
        if found.language != language:
            raise ValueError(f"language is {found.language}, and the file is that of {language}")
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, e['loc']))} {e['msg']}".strip() for e in error.errors()]
        raise _unusable(file, "; ".join(faults)) from error
    except (OSError, ValueError, YAMLError) as error:
        raise _unusable(file, " ".join(str(error).split())[:300]) from error
    return found


def _unusable(file: Traversable, why: str) -> NotReady:
    return NotReady(
        f"The prompts of the language model in {file.name} cannot be used: {why}.",
        remedy="Mend tutor/llm/prompts, or unset MAIEUTIC_LLM. See docs/llm.md.",
    )


def marking(text: str, targets: Sequence[Target], language: Language) -> Messages:
    """The messages that ask for marks."""
    told = load_prompts()[language]
    ideas = "\n".join(_idea(target, told) for target in targets)
    return [("system", told.mark), ("human", f"IDEAS\n{ideas}\n\nCLINICIAN\n{text}")]


def _idea(target: Target, told: Prompts) -> str:
    lines = [f"[{target.id}] ({told.kinds[target.kind]}) {target.statement}"]
    lines += [f"  {told.alike}: {text}" for text in target.accept[:ALIKE]]
    lines += [f"  {told.unlike}: {text}" for text in target.near_miss[:UNLIKE]]
    return "\n".join(lines)


def speaking(evidence: Evidence) -> list[tuple[str, str]]:
    """The messages that ask for a turn."""
    told = load_prompts()[evidence.language]
    blocks = [f"DRAFT\n{evidence.authored}"]
    if evidence.keep:
        blocks.append("KEEP\n" + "\n".join(evidence.keep))
    if evidence.quote:
        blocks.append("QUOTE\n" + "\n".join(evidence.quote))
    cited = quote_sources((c.title, c.quote) for c in evidence.citations)
    if cited:
        blocks.append(f"SOURCES of the draft\n{cited}")
    blocks.append(f"CLINICIAN\n{evidence.learner or told.nothing}")
    return [("system", told.speak), ("human", "\n\n".join(blocks))]


def again(text: str, reasons: Sequence[Reason], language: Language) -> list[tuple[str, str]]:
    """The messages that ask once more, after a refusal."""
    told = load_prompts()[language]
    why = told.joint.join(told.reasons[r] for r in reasons)
    return [("ai", text), ("human", told.again.format(reasons=why))]


def instructions(language: Language) -> str:
    """What the model is told about its task, whatever the turn."""
    return load_prompts()[language].speak


def version(language: Language) -> str:
    """The version of the prompts, for the record of a turn: `en 2026-11-26.1`."""
    return f"{language} {load_prompts()[language].version}"
