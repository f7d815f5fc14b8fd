"""Facts that are easily got wrong, each as a rule over everything the corpus teaches.

The rules of a source that the corpus does not speak of yet stand here for the day it does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.real_corpus import CORPUS, Taught

_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")


@dataclass(frozen=True)
class Trap:
    """Something that is so; a pattern of the opposite; and a wrong sentence that it must catch.

    Where `unless` is given, a sentence may match that also matches this: it puts the matter right.
    """

    so: str
    wrong: str
    example: str
    unless: str | None = None

    def catches(self, text: str) -> bool:
        """Whether a sentence of a text teaches the opposite."""
        return any(
            re.search(self.wrong, sentence, re.IGNORECASE)
            and not (self.unless and re.search(self.unless, sentence, re.IGNORECASE))
            for sentence in _SENTENCE.split(text)
        )


TRAPS = [
    Trap(
        "the HLA screening paper is in Neurology",
        r"JAMA Neurol",
        "Screening was studied in JAMA Neurology in 2014.",
    ),
    Trap(
        "the AI Act's dates for high-risk systems moved in 2026",
        r"2 August 202[67]|2026 年 8 月 2 日|2027 年 8 月 2 日",
        "The duties for medical devices apply from 2 August 2027.",
    ),
    Trap(
        "FUTURE-AI has 30 best practices",
        r"\b28 (?:best |recommended )?practices|28 [項项条條]",
        "FUTURE-AI sets out six principles and 28 best practices.",
    ),
    Trap(
        "ABC did not create a duty to disclose",
        r"duty to (?:warn|disclose|tell)\b|(?:警告|披露|告知)(?:親屬的責任|亲属的义务)",
        "Since ABC clinicians have had a duty to warn relatives.",
        r"\b(?:not|no|nor|never|neither)\b|n't\b|不|沒有|没有|並非|考慮|考虑",
    ),
    Trap(
        "the Code's amendments of 2022 are about publicity, not AI",
        r"2022.{0,40}(?:amend|修[訂订]).{0,120}(?:artificial intelligence|人工智能|\bAI\b)",
        "The October 2022 amendments brought in rules on AI.",
        r"\bnot\b|不|未",
    ),
    Trap(
        "the American gene list does not bind Hong Kong laboratories",
        r"ACMG.{0,80}(?:mandatory|binding|must)",
        "The ACMG list is mandatory in Hong Kong.",
        r"\b(?:not|no|never|nobody)\b|n't\b",
    ),
    Trap(
        "the skin-image study found 27 to 36 per cent",
        r"\b29\s*(?:-|–|to)\s*40\b",
        "Accuracy fell by 29-40 % on darker skin.",
    ),
    Trap(
        "the privacy ordinance protects the living only",
        r"\b(?:deceased|dead)\b.{0,60}(?:Ordinance|PDPO|personal data)|死者.{0,20}(?:私隱|私隐)",
        "Data of the deceased are protected by the Ordinance.",
        r"\b(?:not|no|only)\b|不|只",
    ),
    Trap(
        "the Greater Bay Area contract clears neither samples nor genomes",
        r"\bcontract\b.{0,40}\b(?:covers?|covered|clears?|allows?|permits?|includes?|settles?)\b.{0,60}"
        r"\b(?:samples|genom\w+|genetic)\b|"
        r"合同.{0,20}(?:涵蓋|涵盖|包括|覆蓋|覆盖|適用|适用).{0,20}(?:樣本|样本|基因)",
        "The contract now covers genomic data and samples.",
        r"\b(?:not|no|never|separate|neither)\b|n't\b|不|並非|并非|沒有|没有",
    ),
    Trap(
        "the speech study is of interviews, not of clinics",
        r"(?:Whisper|Koenecke|speech study).{0,80}\b(?:clinics?|consultations|patients)\b",
        "The Whisper study found inventions in 1 % of consultations.",
        r"\bnot\b",
    ),
    Trap(
        "the recommendations of position papers are not counted",
        r"\b(?:10|11|ten|eleven) recommendations|(?:10|11|十|十一)[項项]建[議议]",
        "The position paper of 2023 makes 11 recommendations.",
    ),
    Trap(
        "Cap. 625 was renamed on 1 December 2025",
        r"Health Record Sharing System Ordinance|(?:紀錄|记录)互通系[統统][條条]例",
        "See the Electronic Health Record Sharing System Ordinance.",
    ),
    Trap(
        "the insurers' practice is voluntary and binds members only",
        r"(?:HKFI|Federation of Insurers).{0,80}(?:\blaw\b|\bbans?\b|prohibit|all insurers)",
        "The HKFI bans insurers from asking for genetic tests.",
    ),
    Trap(
        "the tutor awards nothing",
        r"(?:CME|CPD) (?:points|credits) (?:are|will be) (?:awarded|given)|accredited by",
        "Two CME points are awarded for this case.",
        r"\bno\b",
    ),
]
"""One for each trap that a pattern can see; those of a source that the corpus does not speak of
yet stand here for the day it does. The others are the tests after these."""


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.so)
def test_it_is_nowhere_taught_otherwise(trap: Trap, taught: list[Taught]) -> None:
    assert [t.where for t in taught if trap.catches(t.text)] == []


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.so)
def test_the_trap_would_catch_it(trap: Trap) -> None:
    assert trap.catches(f"All is well. {trap.example}")


def digest(name: str) -> str:
    """The text of a digest."""
    return (CORPUS / "guidelines" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("abc-st-georges.en", "did not create a free-standing duty to disclose"),
        ("abc-st-georges.zh-Hant", "並沒有確立一項獨立的責任"),
        ("abc-st-georges.zh-Hans", "没有创设"),
        ("future-ai.en", "30 best practices"),
        ("eu-ai-act-14.en", "2 December 2027"),
        ("eu-ai-act-14.en", "2 August 2028"),
        ("mchk-code.en", "amendments concern publicity"),
        ("hkam-genomic-bpg.en", "a local project's list is to be read before a foreign one"),
        ("wong-2021.en", "version 2 was studied elsewhere in 2026"),
        ("epic-v2-2026.en", "version 2"),
        ("pdpo.en", "protects living individuals only"),
        ("pdpo.zh-Hant", "只保障在世的人"),
        ("pdpo.zh-Hans", "在世"),
        ("gba-contract.en", "a separate regime"),
        ("gba-contract.en", "does not cover samples"),
        (
            "koenecke-2024.en",
            "interviews of people with and without aphasia, and not clinic visits",
        ),
        ("koenecke-2024.zh-Hant", "訪談"),
        ("koenecke-2024.zh-Hans", "访谈"),
    ],
)
def test_a_digest_says_what_is_so(name: str, says: str) -> None:
    assert says in digest(name)


def test_the_speech_study_is_never_told_as_a_study_of_clinics(taught: list[Taught]) -> None:
    """Wherever its findings are told, it is also said that interviews were studied."""
    finding = re.compile(
        r"\b(?:study|segments)\b.{0,200}(?:aphasia|invented phrases)"
        r"|研究.{0,60}(?:失語|失语|虛構|虚构|编造)",
        re.IGNORECASE | re.DOTALL,
    )
    told = [t for t in taught if "a2-" in t.where and finding.search(t.text)]
    assert len(told) >= 6
    for text in told:
        assert re.search("interview|訪談|访谈", text.text), text.where


def test_the_first_sepsis_model_is_never_told_without_the_second(taught: list[Taught]) -> None:
    """Where the tutor says how many cases version 1 missed, it says that version 2 was studied."""
    missed = re.compile(r"(?:version 1|first Epic).{0,30}missed|第一版.{0,20}漏", re.IGNORECASE)
    told = [t for t in taught if missed.search(t.text) and "accept" not in t.where]
    assert len(told) >= 6
    for text in told:
        assert re.search("version 2|second|第二版", text.text), text.where


def test_what_is_contested_in_law_is_said_to_be_unconfirmed() -> None:
    for name, words in (
        ("pdpo.en", "section 59"),
        ("pdpo.en", "Section 33"),
        ("gba-contract.en", "our inference"),
        ("pipl.en", "is not confirmed; ask"),
    ):
        line = next(line for line in digest(name).splitlines() if words in line)
        assert line.endswith("[U]"), line
