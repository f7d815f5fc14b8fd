"""The tutor under test, built when a task first needs it and shared by all tasks of a run."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from evals.faults import Fault
from ingest import E5, MINILM, Encoder, Searcher, load_encoder
from tutor.ask import CorpusAnswerer
from tutor.dialogue import Answerer
from tutor.runtime import Runtime, build_runtime, open_search
from tutor.safety import redact
from tutor.settings import Settings


class Resources:
    """The tutor under test.

    Args:
        settings: where models, index and corpus lie.
        runtime: one that is built already.
        fault: planted into what is handed out; see `evals.faults`.
    """

    def __init__(
        self, settings: Settings, runtime: Runtime | None = None, fault: Fault | None = None
    ) -> None:
        self.settings = settings
        self.fault = fault
        self._given = runtime
        self.memo: dict[Any, Any] = {}
        """What tasks have found out already in this process, by keys of their own."""

    @cached_property
    def runtime(self) -> Runtime:
        """See `tutor.runtime.build_runtime`, for what it raises too."""
        built = self._given or build_runtime(self.settings)
        return self.fault.into(built) if self.fault and self.fault.into else built

    def redact(self, text: str) -> tuple[str, tuple[str, ...]]:
        """See `tutor.safety.redact`."""
        return self.fault.redact(text) if self.fault and self.fault.redact else redact(text)

    @cached_property
    def encoder(self) -> Encoder:
        """The retrieval encoder, for tasks that need no more."""
        return load_encoder(self.settings.models_dir / E5)

    @cached_property
    def english(self) -> Encoder:
        """The second encoder of English, for tasks that need no more."""
        return load_encoder(self.settings.models_dir / MINILM)

    @cached_property
    def searcher(self) -> Searcher:
        """The index of the corpus, for tasks that need no case."""
        if self._whole:
            return self.runtime.searcher
        return open_search(self.settings, {E5: self.encoder, MINILM: self.english})

    @cached_property
    def answerer(self) -> Answerer:
        """What answers questions from the corpus, for tasks that need no case."""
        if self._whole:
            return self.runtime.answerer
        return CorpusAnswerer(self.searcher, self.encoder)

    @property
    def _whole(self) -> bool:
        """The whole tutor is there, or has to be since a fault is planted in it."""
        built = self._given is not None or "runtime" in self.__dict__
        return built or self.fault is not None or self.settings.llm is not None
