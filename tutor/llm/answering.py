"""Answers from the corpus in a model's words, sentence by sentence verified or dropped.

What is found, whether it answers, and what a question about one patient or the law gets is decided
as without a model. It only words an answer from the passages that were found; what nothing
supports is dropped, and where nothing is left the corpus's own sentences answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from ingest import LANGUAGES, Language, Passage
from ingest.catalogue import Catalogue
from ingest.screening import Finding
from tutor.ask import Answer, AnswerSentence, Consultation, CorpusAnswerer
from tutor.ask.answerer import MOST_SENTENCES
from tutor.citations import cite
from tutor.dialogue.sentences import normalise
from tutor.llm.grounding import Grounding, Source, claims
from tutor.llm.material import quote_sources, usable
from tutor.llm.model import Messages, Model, ModelFailed

PASSAGES, LONGEST = 4, 2_000
"""Passages that a model is given, and characters of each."""
FindingsOf = Callable[[str], Iterable[Finding]]
"""What the scan of a document found, by the document's id."""
_Text = Annotated[str, Field(min_length=1)]


class Prompt(BaseModel):
    """A file `prompts/answer.<language>.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}\.\d+$")]
    answer: _Text


@cache
def answer_prompts() -> Mapping[Language, Prompt]:
    """The prompt of every language, read once."""
    folder = resources.files("tutor.llm.prompts")
    read = YAML(typ="safe", pure=True).load
    return {
        language: Prompt.model_validate(
            read((folder / f"answer.{language}.yaml").read_text(encoding="utf-8"))
        )
        for language in LANGUAGES
    }


def findings_in(index_dir: Path) -> FindingsOf:
    """The findings that an index keeps of its documents."""
    catalogue = Catalogue(index_dir)
    return lambda document: [f for kept in catalogue.kept(document) for f in kept.findings]


class LlmAnswerer:
    """Answers with a model in front of the corpus's own words, which are the fallback."""

    def __init__(self, model: Model, corpus: CorpusAnswerer, findings: FindingsOf) -> None:
        """`findings` keeps flagged passages from the model: `findings_in`."""
        self._model = model
        self._corpus = corpus
        self._findings = findings

    def __call__(self, question: str, language: Language) -> Answer:
        """Verified sentences, or the corpus's own; see `CorpusAnswerer`."""
        found = self._corpus.consult(question, language)
        plain = self._corpus.answer(found)
        # A principle for one patient or a lawsuit is quoted: a paraphrase would sound like advice.
        if not plain.found or found.scope is not None:
            return plain
        sources = self._sources(found)
        if not sources:
            return plain
        prompt = answer_prompts()[language]
        try:
            text = self._model.text(
                asking(prompt, found.asked, sources), purpose="answer", prompt=prompt.version
            )
        except ModelFailed as failure:
            return replace(plain, refused=(failure.reason,))
        sentences, refused = self.verified(text, sources, language)
        if not sentences:
            return replace(plain, refused=refused or ("no-text",))
        return replace(plain, sentences=sentences, worded_by=self._model.name, refused=refused)

    def verified(
        self, text: str, sources: Sequence[Source], language: Language
    ) -> tuple[tuple[AnswerSentence, ...], tuple[str, ...]]:
        """The sentences of a text that its sources support, and why the others are dropped."""
        shelf = self._corpus.shelf
        grounding = Grounding(shelf.likeness, centred=shelf.means(language) is not None)
        kept: list[AnswerSentence] = []
        refused: list[str] = []
        said: set[str] = set()
        for claim in claims(text):
            verdict = grounding.verify(claim, sources, language)
            refused += verdict.faults
            if verdict.faults or normalise(claim.text) in said or len(kept) == MOST_SENTENCES:
                continue
            said.add(normalise(claim.text))
            cited = tuple(cite(sources[n - 1].passage, quote) for n, quote in verdict.support)
            kept.append(AnswerSentence(claim.text, cited))
        return tuple(kept), tuple(refused)

    def _sources(self, found: Consultation) -> list[Source]:
        """The passages that a model may read, with their quotable sentences."""
        documents = dict.fromkeys(p.document_id for p in found.passages)
        findings = [f for document in documents for f in self._findings(document)]
        made = [self._source(p) for p in usable(found.passages, findings)]
        return [source for source in made if source.sentences][:PASSAGES]

    def _source(self, passage: Passage) -> Source:
        return Source(passage, tuple(s.text for s in self._corpus.shelf[passage].sentences))


def asking(prompt: Prompt, question: str, sources: Sequence[Source]) -> Messages:
    """The messages that ask for an answer from numbered sources."""
    told = quote_sources(
        (f"[{number}] {source.passage.source.title}", " ".join(source.sentences)[:LONGEST])
        for number, source in enumerate(sources, 1)
    )
    return [("system", prompt.answer), ("human", f"SOURCES\n{told}\n\nQUESTION\n{question}")]
