"""A session on paper: Markdown in the session's language, or the same as data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from tutor.cases import LoadedCase
from tutor.citations import Citation
from tutor.records.selftests import Form, HandedIn
from tutor.records.store import SessionRecord
from tutor.records.tested import SelfTestForm, SelfTestReport, report_of
from tutor.records.views import Entry, SessionState, View, state_of, text_of
from tutor.records.words import LANGUAGE_NAMES, WORDS, Words

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
_BULLET = re.compile(r"^([-+=])", re.MULTILINE)
_ORDINAL = re.compile(r"^(\d+)([.)])", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class Transcript(View):
    """A session with the case it was about, and what it is evidence of."""

    session: SessionState
    vignette: str
    review: str
    licence: str
    notice: str
    self_test: SelfTestReport | None = None


def transcript_of(
    record: SessionRecord,
    case: LoadedCase | None,
    handed: Mapping[Form, HandedIn] | None = None,
) -> Transcript:
    """The transcript as data; without the vignette where the case has left the corpus."""
    session = state_of(record, case)
    words = WORDS[session.language]
    tested = report_of(session.language, case, handed or {})
    if case is None:
        return Transcript(
            session=session,
            vignette="",
            review="",
            licence="",
            notice=words.closing,
            self_test=tested,
        )
    text = text_of(case, session.language)
    review = words.awaiting
    if text.review.status == "reviewed":
        review = words.reviewed.format(by=text.review.by or "-", on=text.review.on or "-")
    return Transcript(
        session=session,
        vignette=text.vignette,
        review=review,
        licence=text.licence,
        notice=words.closing,
        self_test=tested,
    )


def markdown(transcript: Transcript) -> str:
    """The transcript as Markdown. What people wrote is escaped: it is text, not mark-up."""
    session = transcript.session
    words = WORDS[session.language]
    blocks = [f"# {escape(session.case_title)}", _facts(transcript, words)]
    if transcript.vignette:
        blocks += [f"## {words.vignette}", escape(transcript.vignette)]
    blocks.append(f"## {words.dialogue}")
    titles = {stage.id: stage.title for stage in session.stages}
    stage = None
    for entry in session.transcript:
        if entry.stage != stage and entry.stage in titles:
            blocks.append(f"### {escape(titles[entry.stage])}")
            stage = entry.stage
        blocks.append(_entry(entry, words))
    if transcript.self_test is not None:
        blocks += _self_test(transcript.self_test, words)
    blocks += ["---", transcript.notice]
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it is written."""
    plain = _SPECIAL.sub(r"\\\1", _INDENT.sub("", text))
    return _ORDINAL.sub(r"\1\\\2", _BULLET.sub(r"\\\1", plain))


def _facts(transcript: Transcript, words: Words) -> str:
    session = transcript.session
    outcome = words.outcomes[session.outcome] if session.outcome else words.open_outcome
    rows = [
        (words.case, f"{session.case_id}, {words.version.format(version=session.case_version)}"),
        (words.outcome, outcome),
        (words.opened, _time(session.created_at)),
        (words.last, _time(session.updated_at)),
        (words.language, LANGUAGE_NAMES[session.language]),
        (words.session, session.id),
    ]
    if transcript.review:
        rows.insert(1, (words.review, transcript.review))
    if transcript.licence:
        rows.append((words.licence, transcript.licence))
    return "\n".join(f"- **{name}:** {escape(value)}" for name, value in rows)


def _entry(entry: Entry, words: Words) -> str:
    if entry.role == "system":
        return f"*{_time(entry.at)} · {escape(entry.text)}*"
    who = {"tutor": words.tutor, "learner": words.learner, "case": words.new_facts}[entry.role]
    body = escape(entry.text)
    if entry.role != "tutor":
        body = "\n".join(f"> {line}".rstrip() for line in body.split("\n"))
    lines = [f"**{who}** · {_time(entry.at)}", body]
    if entry.redacted:
        lines.append(f"*{words.redacted}*")
    if entry.citations:
        cited = "\n".join(f"- {_citation(c, words)}" for c in entry.citations)
        lines.append(f"{words.sources}:\n\n{cited}")
    return "\n\n".join(lines)


def _self_test(report: SelfTestReport, words: Words) -> list[str]:
    blocks = [f"## {words.test}"]
    for form in report.forms:
        title = words.test_before if form.form == "pre" else words.test_after
        score = words.test_score.format(score=form.score, total=form.total)
        blocks.append(f"**{title}:** {score} · {_time(form.at)}")
        blocks.append(_tested(form, words))
    return [*blocks, f"*{report.notice}*"]


def _tested(form: SelfTestForm, words: Words) -> str:
    """A line a question: which it was, and whether the best answer was chosen."""
    verdicts = {True: words.test_best, False: words.test_other, None: words.test_revised}
    return "\n".join(
        f"- {' · '.join(escape(part) for part in (q.id, q.stem) if part)} — {verdicts[q.right]}"
        for q in form.questions
    )


def _citation(citation: Citation, words: Words) -> str:
    parts = [f"“{citation.quote}”", citation.title]
    if citation.issuer:
        parts.append(citation.issuer)
    if citation.year:
        parts.append(str(citation.year))
    if citation.section:
        parts.append(" › ".join(citation.section))
    if citation.pages:
        frame = words.page if len(citation.pages) == 1 else words.pages
        parts.append(frame.format(pages=", ".join(map(str, citation.pages))))
    shown = " · ".join(escape(part) for part in parts)
    url = citation.url or ""
    if re.fullmatch(r"https?://[^\s<>]+", url):
        shown += f" · <{url}>"
    return shown


def _time(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
