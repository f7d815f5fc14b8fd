"""Rules on the self-test: two parallel forms whose keys cannot be guessed from their looks."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.cases.load import Fault
from tutor.cases.schema import ChoiceQuestion
from tutor.cases.sheet import Sheet
from tutor.dialogue.sentences import normalise, words

LETTERS = "abcde"
STEM, OPTION, RATIONALE = 80, 35, 60
"""The most words of each; a Chinese character counts 0.6 of a word."""
LONGEST = 4
"""In so many of the eight questions the best answer may be the longest option: half of them."""
OFTEN = 4
"""So often may the same letter be the key."""


def self_test_faults(sheet: Sheet) -> Iterator[Fault]:
    """Every fault of the self-test in one language; a warning where the case has none."""
    test = sheet.case.self_test
    if test is None:
        if sheet.language == "en":
            yield sheet.warning(
                ("id",),
                "self-test",
                "The case has no self-test, so nobody can see what changed.",
                "Write `self_test` with four `pre` and four `post` questions.",
            )
        return
    for question in test.questions:
        yield from _wording(sheet, question)
        yield from _letters(sheet, question)
    if sheet.language == "en":
        yield from _targets(sheet)
        yield from _keys(sheet)
    longest = [q.id for q in test.questions if _is_longest(q)]
    if len(longest) > LONGEST:
        yield sheet.warning(
            ("self_test",),
            "self-test-cue",
            f"The best answer is the longest option of {', '.join(longest)}.",
            "Make the options of a question alike in length; length must not give the key away.",
        )


def _wording(sheet: Sheet, question: ChoiceQuestion) -> Iterator[Fault]:
    place = ("self_test", question.id)
    limits = [("stem", question.stem, STEM), ("rationale", question.rationale, RATIONALE)]
    limits += [("options", option, OPTION) for option in question.options]
    for name, text, limit in limits:
        if words(text) > limit:
            yield sheet.fault(
                (*place, name),
                "too-long",
                f"{question.id} {name} has {words(text)} words.",
                f"Keep it to {limit}.",
            )
    if not question.stem.rstrip().endswith(("?", "？")):
        yield sheet.fault(
            (*place, "stem"),
            "one-question",
            f"The stem of {question.id} does not end in a question.",
            "Tell the situation, then ask one question at the very end.",
        )


def _letters(sheet: Sheet, question: ChoiceQuestion) -> Iterator[Fault]:
    place = ("self_test", question.id)
    if LETTERS.index(question.key) >= len(question.options):
        yield sheet.fault(
            (*place, "key"),
            "self-test-key",
            f"The key of {question.id} is {question.key}; it has {len(question.options)} options.",
            "Name the letter of one of the options; a is the first.",
        )
    flat = [normalise(option) for option in question.options]
    if len(set(flat)) < len(flat):
        yield sheet.fault(
            (*place, "options"),
            "self-test-key",
            f"{question.id} offers the same option twice.",
            "Word one of them differently.",
        )


def _targets(sheet: Sheet) -> Iterator[Fault]:
    test = sheet.case.self_test
    assert test is not None
    known = {item.id for item in sheet.case.graded}
    ids = [q.id for q in test.questions]
    for question in test.questions:
        place = ("self_test", question.id)
        if question.target not in known:
            yield sheet.fault(
                (*place, "target"),
                "self-test",
                f"{question.id} asks about {question.target}, which the case has not.",
                f"Choose among {', '.join(sorted(known))}.",
            )
        if ids.count(question.id) > 1:
            yield sheet.fault(place, "id", f"{question.id} is used twice.", "Renumber the second.")
    for before, after in zip(test.pre, test.post, strict=True):
        if before.target != after.target:
            yield sheet.fault(
                ("self_test", after.id, "target"),
                "self-test",
                f"{after.id} asks about {after.target}, its partner {before.id} about "
                f"{before.target}.",
                "Keep the forms parallel: the same targets in the same order.",
            )


def _keys(sheet: Sheet) -> Iterator[Fault]:
    keys = [q.key for q in sheet.case.choices]
    for letter in sorted(set(keys)):
        if keys.count(letter) > OFTEN:
            yield sheet.warning(
                ("self_test",),
                "self-test-cue",
                f"The best answer is {letter} in {keys.count(letter)} of {len(keys)} questions.",
                "Spread the best answers over the letters.",
            )


def _is_longest(question: ChoiceQuestion) -> bool:
    at = LETTERS.index(question.key)
    if at >= len(question.options):
        return False
    lengths = [len(option) for option in question.options]
    rest = lengths[:at] + lengths[at + 1 :]
    return lengths[at] > max(rest)
