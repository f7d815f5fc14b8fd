"""What a running tutor holds: cases, judge, answerer, wording and the index, built once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest import E5, MINILM, Encoder, Language, Passage, Searcher, load_encoder, open_searcher
from tutor.ask import CorpusAnswerer
from tutor.assess import EncoderJudge, HeadMismatch, heads_of
from tutor.assess.remember import RememberingEncoder, remembering
from tutor.cases import LoadedCase, load_case
from tutor.cases.load import CaseError, PassagesOf
from tutor.dialogue import Answerer, AuthoredWording, Judge, Target, Wording, targets_of
from tutor.errors import NotReady
from tutor.settings import Settings

if TYPE_CHECKING:
    from tutor.llm import Model

_log = logging.getLogger(__name__)


class Hearing:
    """The embedded judge, and encoders that remember a case's exemplars: one more is quickly made.

    Args:
        judge: the embedded one, whoever judges in front of it.
        encoders: by name.
    """

    def __init__(self, judge: EncoderJudge, encoders: Mapping[str, RememberingEncoder]) -> None:
        self.judge = judge
        self._encoders = encoders
        self._past: dict[tuple[str, Language], tuple[Target, ...]] = {}

    def prepare(self, case: LoadedCase, before: LoadedCase | None) -> None:
        """Make the vectors of a case that is taught differently from now on.

        Those of `before` are kept for the turns that are under way; what was before that goes.
        """
        for language in case.languages:
            now = targets_of(case, language)
            was = targets_of(before, language) if before else None
            if now == was:
                continue
            self.judge.warm(now, language, self._encoders)
            past = self._past.pop((case.id, language), None)
            if past is not None and past != now:
                self.judge.forget(past, language)
            if was is not None:
                self._past[case.id, language] = was


@dataclass(frozen=True)
class Runtime:
    """Everything a turn needs."""

    cases: Mapping[str, LoadedCase]
    judge: Judge
    answerer: Answerer
    wording: Wording
    searcher: Searcher
    left_out: Mapping[str, CaseError] = field(default_factory=dict)
    """Cases that cannot be taught as they are, by slug, and why."""
    encoders: Mapping[str, Encoder] = field(default_factory=dict)
    """The encoders that the index was made with, by name; without them nothing is added to it."""
    model: Model | None = None
    """The chat model in front of judge and wording, where one is configured."""
    hearing: Hearing | None = None
    """The embedded judge, for what must neither wait for a chat model nor cost anything."""

    def turn_of(self, user_id: str, session_id: str) -> AbstractContextManager[None]:
        """What a model is asked inside is of one turn: one time limit, and one account."""
        return nullcontext() if self.model is None else self.model.turn(user_id, session_id)


def build_runtime(
    settings: Settings,
    progress: Callable[[str], None] | None = None,
    taught: Callable[[LoadedCase], LoadedCase] = lambda case: case,
) -> Runtime:
    """Load models, index and cases, and warm what a first turn would have to wait for.

    Args:
        settings: where all of it lies.
        progress: told, in a few words, what is being done.
        taught: what educators have added to a case; the runtime holds it as its author wrote it.

    Raises:
        IngestError: a model or the index is missing, damaged or of another kind.
        CaseError: there are cases, and not one of them can be taught.
        NotReady: a chat model is configured and its package is missing or refuses the settings; or
            the judging heads that were trained here do not fit this version.
    """
    say = progress or (lambda _: None)
    model = _model(settings)
    say("Checking and loading the models")
    encoders = load_encoders(settings)
    say("Opening the index")
    searcher = open_search(settings, encoders)
    say("Reading the cases")
    cases, left_out = load_cases(settings, passages_of(searcher), encoders[E5])
    # A case's exemplars are encoded once in the life of an installation, not at every start.
    with remembering(encoders, settings.home / "exemplars", versions(settings)) as kept:
        judge = _judge(settings, encoders)
        for case in cases.values():
            for language in case.languages:
                say(f"Preparing {case.id} ({language})")
                judge.warm(targets_of(taught(case), language), language, kept)
        say("Preparing the library")
        answerer = CorpusAnswerer(searcher, encoders[E5])
        answerer.warm(kept[E5])
    heard, worded = _seams(model, judge, encoders)
    answers = _answers(model, answerer, settings)
    hearing = Hearing(judge, kept)
    return Runtime(cases, heard, answers, worded, searcher, left_out, encoders, model, hearing)


def _judge(settings: Settings, encoders: Mapping[str, Encoder]) -> EncoderJudge:
    """The embedded judge, with the heads that this installation has trained where it has."""
    try:
        return EncoderJudge(encoders, heads_of(settings.home))
    except HeadMismatch as error:
        raise NotReady(f"The judge cannot start. {error}", remedy=error.remedy) from error


def _model(settings: Settings) -> Model | None:
    """The chat model, if one is configured. LangChain is imported for one and for nothing else."""
    if settings.llm is None:
        return None
    from tutor.llm import connect

    return connect(settings)


def _seams(
    model: Model | None, judge: Judge, encoders: Mapping[str, Encoder]
) -> tuple[Judge, Wording]:
    """Who judges and who words: the embedded two, or a model in front of them."""
    if model is None:
        return judge, AuthoredWording()
    from tutor.llm import assist

    return assist(model, judge, AuthoredWording(), encoders)


def _answers(model: Model | None, answerer: CorpusAnswerer, settings: Settings) -> Answerer:
    """Who answers questions: the corpus in its own words, or a model in front of it."""
    if model is None:
        return answerer
    from tutor.llm.answering import LlmAnswerer, findings_in

    return LlmAnswerer(model, answerer, findings_in(settings.index_dir))


def versions(settings: Settings) -> dict[str, str]:
    """By encoder, a hash of its files' checksums: another model never gets this one's vectors."""
    manifests = {n: settings.models_dir / n / "manifest.json" for n in (E5, MINILM)}
    return {n: hashlib.sha256(path.read_bytes()).hexdigest() for n, path in manifests.items()}


def load_encoders(settings: Settings) -> dict[str, Encoder]:
    """The shipped encoders, by name."""
    return {name: load_encoder(settings.models_dir / name) for name in (E5, MINILM)}


def open_search(settings: Settings, encoders: Mapping[str, Encoder]) -> Searcher:
    """The search of the corpus, with the shipped encoders.

    Raises:
        IngestError: see `open_searcher`.
    """
    return open_searcher(
        settings.index_dir,
        encoders[E5],
        english=encoders[MINILM],
        vectors_url=settings.vectors_url,
    )


def load_cases(
    settings: Settings, passages: PassagesOf, encoder: Encoder | None
) -> tuple[dict[str, LoadedCase], dict[str, CaseError]]:
    """Every case of the corpus that can be taught, by slug, and why the others cannot.

    One author's slip must not close the library to everybody.

    Raises:
        CaseError: there are cases, and not one of them can be taught.
    """
    cases: dict[str, LoadedCase] = {}
    left_out: dict[str, CaseError] = {}
    for folder in sorted(p.parent for p in (settings.corpus / "cases").glob("*/case.yaml")):
        try:
            cases[folder.name] = load_case(folder, passages, encoder)
        except CaseError as error:
            left_out[folder.name] = error
            _log.warning("The case %s is left out. %s", folder.name, error)
    if left_out and not cases:
        raise CaseError([fault for error in left_out.values() for fault in error.faults])
    return cases, left_out


def passages_of(searcher: Searcher) -> PassagesOf:
    """The passages of a document by id; none, instead of an error, where there is no such one."""
    known = {info.id for info in searcher.documents()}

    def find(document_id: str) -> Sequence[Passage]:
        return searcher.passages(document_id) if document_id in known else ()

    return find
