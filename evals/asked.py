"""What becomes of a question to the corpus, in this process or at a running service."""

from __future__ import annotations

from typing import Any, get_args

from evals.remote import Remote
from ingest import LANGUAGES, Language, Searcher
from tutor.ask import Scope
from tutor.ask.scope import notes
from tutor.citations import squeeze
from tutor.dialogue import Answerer


def answered_here(
    answerer: Answerer, searcher: Searcher, question: str, language: Language
) -> dict[str, Any]:
    """Whether something was found, how probable that was, and every citation with its check."""
    answer = answerer(question, language)
    cited = [(c.document_id, c.passage_id, c.quote) for c in answer.citations]
    texts = [searcher.passage(passage).text for _, passage, _ in cited]
    return {
        "found": answer.found,
        "chance": round(answer.chance, 6),
        "scope": answer.scope,
        **_checked(cited, texts),
    }


def answered_there(remote: Remote, question: str, language: Language) -> dict[str, Any]:
    """The same over HTTP. The probability is not told: None; the scope is read from the note."""
    answer = remote.post("/ask", {"question": question, "language": language})
    cited = list(
        dict.fromkeys(
            (c["document_id"], c["passage_id"], c["quote"])
            for sentence in answer["sentences"]
            for c in sentence["citations"]
        )
    )
    # Of what is declined the note is the whole text.
    said = answer["note"] or answer["text"]
    return {
        "found": answer["found"],
        "chance": None,
        "scope": _scope_of(said, answer["language"]),
        **_checked(cited, [remote.get(f"/passages/{p}")["text"] for _, p, _ in cited]),
    }


def language_of(document_id: str) -> str:
    """`guidelines/pdpo.zh-Hant` is in Traditional Chinese; what names no language is English."""
    _, _, last = document_id.rpartition(".")
    return last if last in LANGUAGES else "en"


def key_of(document_id: str) -> str:
    """`guidelines/pdpo.zh-Hant` is a version of the digest `pdpo`."""
    return document_id.rsplit("/", 1)[-1].split(".", 1)[0]


def _checked(cited: list[tuple[str, str, str]], texts: list[str]) -> dict[str, Any]:
    """The citations, and by each whether its quote occurs in the text of its passage."""
    return {
        "cited": [[document, quote] for document, _, quote in cited],
        "verbatim": [
            squeeze(quote) in squeeze(text)
            for (_, _, quote), text in zip(cited, texts, strict=True)
        ],
    }


def _scope_of(note: str, language: Language) -> Scope | None:
    scopes: tuple[Scope, ...] = get_args(Scope)
    told = notes()[language]
    return next((s for s in scopes if note in {told[s], told[f"{s}_silent"]}), None)
