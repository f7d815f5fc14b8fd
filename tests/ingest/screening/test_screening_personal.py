"""Personal data is found and masked, the numbers of the field are left alone. All is invented."""

from __future__ import annotations

import pytest

from ingest.screening.excerpts import excerpt
from ingest.screening.findings import EXCERPT, mask
from ingest.screening.personal import find_personal


def found(text: str) -> list[tuple[str, str, str]]:
    return [(s.rule, text[s.start : s.end], s.severity) for s in find_personal(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HKID: A123456(3)", [("hkid", "A123456(3)", "high")]),
        ("身份证11010519491231002X", [("mainland_id", "11010519491231002X", "high")]),
        ("MRN 12345 seen", [("hospital_number", "MRN 12345", "high")]),
        ("DOB 3/4/56", [("birth_date", "DOB 3/4/56", "high")]),
        ("write to info@example.org.hk", [("email", "info@example.org.hk", "low")]),
        ("write to wong88@gmail.com", [("email", "wong88@gmail.com", "high")]),
        ("Hotline 2300 6555", [("phone", "2300 6555", "low")]),
        ("Mobile 9123 4567", [("phone", "9123 4567", "high")]),
        ("手机13812345678", [("phone", "13812345678", "high")]),
        ("Tel: (020) 7946 0018", [("phone", "(020) 7946 0018", "low")]),
        ("call 541-714-1388 or", [("phone", "541-714-1388", "low")]),
        ("pay GB82WEST12345698765432 now", [("account", "GB82WEST12345698765432", "high")]),
        ("her number is 460-89-9847", [("account", "460-89-9847", "high")]),
        ("card 4111111111111111", [("number", "4111111111111111", "high")]),
        ("from 81.2.69.142 at", [("ip_address", "81.2.69.142", "low")]),
        ("at 12 Nathan Road,", [("address", "12 Nathan Road", "low")]),
        ("Flat 5, 3/F", [("address", "Flat 5, 3/F", "high")]),
        ("住址：九龍某街1號", [("address", "九龍某街1號", "high")]),
        ("香港灣仔軒尼詩道130號", [("address", "香港灣仔軒尼詩道130號", "low")]),
        ("Patient: CHAN Tai Man", [("name", "CHAN Tai Man", "high")]),
        ("My name is Anna Roe.", [("name", "Anna Roe", "high")]),
        ("call 21-33-52-22", [("phone", "21-33-52-22", "low")]),
        ("姓名：陳大文", [("name", "陳大文", "high")]),
        ("asked Mrs Chan why", [("name", "Chan", "low")]),
        ("問陳太太", [("name", "陳太太", "low")]),
    ],
)
def test_personal_data_is_found(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "BRCA1 c.5266dupC, rs80357906, NM_007294.4, LY2811376, PD 0332991 and CK-2017357",
        "Cap. 486 s. 33, PMID 12345678, NCT01234567, doi 10.1056/NEJMoa1234567",
        "In 2019-2024, 48,500 people took 5 mg of 3001-3500 grams; version 1.2.3.4; EC 1.14.16.2",
        "Dr. W asked Dr B. The patient: a woman of 48. Name the principle.",
        "第1034條；約48,500人；醫生和先生；第三街道辦",
        "Room for doubt; Unit of analysis; Suite of tests; 3 Way matching",
        "",
    ],
)
def test_what_is_no_personal_data_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_contact_details_beside_an_identifier_are_serious() -> None:
    alone = "Dr Chan, 12 Nathan Road, tel 2300 6555, a@example.org"
    assert {s.severity for s in find_personal(alone)} == {"low"}
    beside = f"{alone}. Patient's HKID A123456(3)"
    assert {s.severity for s in find_personal(beside)} == {"high"}


def test_an_excerpt_masks_what_it_holds() -> None:
    assert mask("foo.bar@ha.hk") == "f**.b**@h*.h*"
    assert excerpt("A123456(3)", personal=True) == "A******(3)"
    assert excerpt("Ignore this,\nMRN 123456") == "Ignore this, M** 1*****"
    assert len(excerpt("word " * 100)) <= EXCERPT
    assert excerpt("a\x00b\u202ec") == "a b c"
