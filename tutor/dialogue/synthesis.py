"""The summary that closes a case: what the learner said, what was supplied, what was left."""

from __future__ import annotations

from tutor.cases.loaded import LoadedCase
from tutor.citations import Citation
from tutor.dialogue.phrases import Phrases
from tutor.dialogue.sentences import shorten
from tutor.dialogue.state import State


def synthesis(case: LoadedCase, state: State, phrases: Phrases) -> tuple[str, tuple[Citation, ...]]:
    """The summary as Markdown, and the passages for further reading.

    Every expectation is named in full, the credited ones with the words that earned the credit; it
    ends in one question for reflection.
    """
    text, words = case.texts[state.language], phrases.synthesis
    quote = "“{}”" if state.language != "zh-Hant" else "「{}」"
    colon = ": " if state.language == "en" else "："
    own, supplied, left = [], [], []
    for expectation in text.expectations:
        by = state.covered.get(expectation.id)
        bare = expectation.statement.rstrip(".。")
        if by is not None:
            mark = {"confirmed": words["confirmed_mark"], "contested": words["contested_mark"]}
            span = quote.format(shorten(state.spans.get(expectation.id, ""), 24))
            note = f" ({mark[by]})" if by in mark else ""
            own.append(f"{bare}{colon}{span}{note}")
        elif expectation.id in state.tutored:
            restated = state.tutored[expectation.id]
            note = f" ({words['restated_mark']})" if restated else ""
            supplied.append(f"{bare}{note}")
        else:
            left.append(bare)
    lines = [f"**{words['title']}**"]
    if state.outcome == "ended_early":
        lines.append(words["ended_early"])
    lines += _section(words["own"], own or [words["nothing"]])
    lines += _section(words["supplied"], supplied)
    lines += _section(words["left"], left)
    lines += _section(words["positions"], _positions(case, state, phrases))
    lines += _section(words["misconceptions"], _misconceptions(case, state, phrases))
    lines += [f"**{words['thought']}**", text.debrief.synthesis]
    citations = tuple(
        found
        for reading in text.debrief.reading
        if (found := case.reading.get((state.language, reading.doc))) is not None
    )
    lines += _section(
        words["reading"],
        [
            f"{found.title}: {reading.why}"
            for reading in text.debrief.reading
            if (found := case.reading.get((state.language, reading.doc))) is not None
        ],
    )
    question = text.debrief.questions[state.learner_turns % len(text.debrief.questions)]
    lines += [f"**{words['reflection']}**", question]
    return "\n\n".join(lines), citations


def _section(heading: str, items: list[str]) -> list[str]:
    return [f"**{heading}**", "\n".join(f"- {item}" for item in items)] if items else []


def _positions(case: LoadedCase, state: State, phrases: Phrases) -> list[str]:
    words = phrases.synthesis
    return [
        f"{p.statement.rstrip('.。')} ({words['stands_mark' if now == 'stands' else 'held_mark']})"
        for p in case.texts[state.language].positions
        if (now := state.positions.get(p.id)) is not None
    ]


def _misconceptions(case: LoadedCase, state: State, phrases: Phrases) -> list[str]:
    words = phrases.synthesis
    marks = {
        "repaired": words["repaired_mark"],
        "contested": words["contested_misconception_mark"],
    }
    return [
        f"{m.corrected.rstrip('.。')} ({marks.get(now, words['unrepaired_mark'])})"
        for m in case.texts[state.language].misconceptions
        if (now := state.misconceptions.get(m.id)) is not None
    ]
