"""To deny an idea is not to state it."""

from __future__ import annotations

import pytest

from tutor.dialogue.polarity import denies

TELL = (
    "Patients should be told that a recorder is running, and be able to decline.",
    "Tell the patient that it records.",
    "告訴病人正在錄音，病人可以拒絕。",
)
MINIMUM = (
    "Share only the minimum, and do not name him.",
    "leave out his name and his illness",
    "不要寫他的名字，只說家族有風險。",
)
CONCERN = (
    "Clinical concern outranks a low score: the tool may add suspicion but must never remove it.",
    "護士的擔心高於低分，分數不能令人放心。",
)


@pytest.mark.parametrize(
    ("span", "stated"),
    [
        ("Patients need not be told that a recorder is running", TELL),
        ("There is no need to tell the patient", TELL),
        ("Patients must not be told that a recorder is running", TELL),
        ("We don't have to tell patients it records", TELL),
        ("不用告訴病人正在錄音", TELL),
        ("毋須告訴病人", TELL),
        ("不要告訴病人正在錄音", TELL),
        ("Clinical concern must not outrank a low score", CONCERN),
        ("clinical concern should never outrank a low score", CONCERN),
        ("護士的擔心不應高於低分", CONCERN),
    ],
)
def test_calling_it_unneeded_or_forbidding_it_denies_it(span: str, stated: tuple[str, ...]) -> None:
    assert denies(span, stated)


@pytest.mark.parametrize(
    ("span", "stated"),
    [
        ("Patients should be told that a recorder is running", TELL),
        ("Never record without telling the patient first", TELL),
        ("告訴病人正在錄音", TELL),
        ("There is no need to name him", MINIMUM),
        ("do not name him", MINIMUM),
        ("信中不用寫他的名字", MINIMUM),
        ("The tool must never remove concern", CONCERN),
        ("A low score alone must not settle it", CONCERN),
        ("分數不能令人放心", CONCERN),
        ("能不能告訴病人呢", TELL),
        ("別人會告訴病人", TELL),
    ],
)
def test_stating_it_in_negative_words_does_not(span: str, stated: tuple[str, ...]) -> None:
    assert not denies(span, stated)


def test_a_denial_in_a_long_answer_may_belong_to_anything() -> None:
    long = "There is no need to hurry, and while he thinks it over " * 3
    assert not denies(long + "I would tell the patient that it records.", TELL)


def test_nothing_denies_nothing() -> None:
    assert not denies("", TELL)
    assert not denies("no need", TELL)
    assert not denies("There is no need to tell the patient", ())
