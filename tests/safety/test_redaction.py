"""Identifiers go, clinical text stays. Every number here is invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.safety import redact

SECONDS = 5.0
"""Of the processor: what backtracks takes minutes."""


@pytest.mark.parametrize(
    ("text", "redacted", "kind"),
    [
        ("A123456(3)", "[HKID]", "hkid"),
        ("hkid A1234563 ok", "hkid [HKID] ok", "hkid"),
        ("病人身份證A123456（3）入院", "病人身份證[HKID]入院", "hkid"),
        ("ＡＢ９８７６５４（３）", "[HKID]", "hkid"),
        ("id g 123 456 (7).", "id [HKID].", "hkid"),
        ("HKID: A123456", "[HKID]", "hkid"),
        ("110105 19491231 002X", "[MAINLAND ID]", "mainland_id"),
        ("身份证11010519491231002x。", "身份证[MAINLAND ID]。", "mainland_id"),
        ("1234567(8)", "[MACAO ID]", "macao_id"),
        ("BIR 5/123456/7", "BIR [MACAO ID]", "macao_id"),
        ("MRN 123456", "[HOSPITAL NUMBER]", "hospital_number"),
        ("HN12345678(9)", "[HOSPITAL NUMBER]", "hospital_number"),
        ("AE 12345678(9)", "[HOSPITAL NUMBER]", "hospital_number"),
        ("Hospital no.: HN 0912345(Y)", "Hospital no.: [HOSPITAL NUMBER]", "hospital_number"),
        ("patient ID 0012345", "[HOSPITAL NUMBER]", "hospital_number"),
        ("患者编号：00123456", "[HOSPITAL NUMBER]", "hospital_number"),
        ("住院號 1234567", "[HOSPITAL NUMBER]", "hospital_number"),
        ("call 9123 4567 please", "call [PHONE] please", "phone"),
        ("電話91234567搵佢", "電話[PHONE]搵佢", "phone"),
        ("+852 2345 6789", "[PHONE]", "phone"),
        ("+853 6612 3456", "[PHONE]", "phone"),
        ("手机13812345678", "手机[PHONE]", "phone"),
        ("+86 138-1234-5678", "[PHONE]", "phone"),
        ("010-12345678", "[PHONE]", "phone"),
        ("+44 7700 900123", "[PHONE]", "phone"),
        ("foo.bar@ha.org.hk,", "[EMAIL],", "email"),
        ("電郵abc@x.com謝謝", "電郵[EMAIL]謝謝", "email"),
        ("passport K12345678", "[TRAVEL DOCUMENT]", "travel_document"),
        ("DOB 03/04/1956", "[DATE OF BIRTH]", "birth_date"),
        ("出生日期：1956年3月4日", "[DATE OF BIRTH]", "birth_date"),
        ("4111 1111 1111 1111", "[NUMBER]", "number"),
        ("from 110101900307123 on", "from [NUMBER] on", "number"),
    ],
)
def test_identifiers_go(text: str, redacted: str, kind: str) -> None:
    assert redact(text) == (redacted, (kind,))
    assert redact(redacted)[0] == redacted


@pytest.mark.parametrize(
    "text",
    [
        "A 48-year-old woman, seen in 2019-2024, 2019 2024 and again 2026.",
        "48,500 people; 1,234,567; 25 000 000; 10000000; 7500000 people; HK$12000000",
        "Give 5 mg, then 100 200 300 mg; 5000-2000 kcal; 3512-4821 patients",
        "E1 and G1 before M4; stage 2 of 3; A2 has 12 tasks",
        "BRCA1 c.5266dupC, rs80357906, rs1801133, NM_007294.4, VCV000017661",
        "PMID 12345678, PMC4232483, NCT01234567, doi 10.1056/NEJMoa1234567, 10.1136/bmj.12345678",
        "chr17:43044295, 17:43045678, GRCh38 chr17 43045678",
        "95% CI 0.81-0.94, p=0.0001234567, AUC .946, sensitivity 63% in 27697 patients",
        "HbA1c 7.5%, K 3.5, Na 140, BP 120/80, eGFR 60, 12:30 on 3/4/2024, 20241122",
        "case no. 12, bed 3, patient number 12, Cap. 486 s. 33, GB 11643-1999",
        "她48歲，2022年確診；第1034條；約48,500人；3.5毫升",
        "HN cancer in 2020 patients; ICD-10 C50.9; ratio 1234:5678",
        "https://www.who.int/publications/i/item/9789240029200",
        "write to me @ noon; a@b; half@",
        "",
    ],
)
def test_clinical_text_stays(text: str) -> None:
    assert redact(text) == (text, ())


def test_several_kinds_come_in_the_order_of_the_rules() -> None:
    text, kinds = redact("tel 91234567, mail a@b.hk, A123456(3), tel 91234568")
    assert text == "tel [PHONE], mail [EMAIL], [HKID], tel [PHONE]"
    assert kinds == ("email", "hkid", "phone")


@given(st.text(max_size=400))
def test_any_text_is_taken_and_a_second_time_changes_nothing(text: str) -> None:
    once, kinds = redact(text)
    assert redact(once)[0] == once
    if not kinds:
        assert once == text


@pytest.mark.parametrize(
    "pattern", ["1", "a", "a.", "A1 ", "HN ", "12 ", "a@", "1-", "+1 ", "patient id ", "（"]
)
def test_no_text_takes_long(pattern: str) -> None:
    text = (pattern * 8000)[:8000]
    began = time.process_time()
    redact(text)
    assert time.process_time() - began < SECONDS
