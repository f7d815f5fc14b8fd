"""Text recognition by the real program, on pictures that the tests draw."""

import os
from pathlib import Path

import pytest

from ingest import ocr
from ingest.errors import NeedsOcr
from ingest.limits import Limits
from ingest.ocr import PACKAGES, OcrEngine, available, recognise, unwrapped
from ingest.readers import read_document
from ingest.readers.pdf import read_pdf
from tests.ingest.readers.drawing import lines, pdf, scan

ENGLISH = ("The patient refused to tell her sister.", "The clinician asked for the reason.")
CHINESE = ("病人拒絕告訴妹妹檢測結果", "醫生應先了解病人的理由")


@pytest.fixture
def engine() -> OcrEngine:
    """The installed program; `make test` installs it."""
    found = available()
    assert found is not None, "run scripts/install_ocr.sh"
    return found


def test_a_scan_in_english_becomes_text(engine: OcrEngine, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    told: list[tuple[int, int]] = []
    path.write_bytes(pdf(lines("A letter with an annex."), scan(*ENGLISH)))
    document = read_document(
        path, root=tmp_path, ocr=True, announce=lambda *counts: told.append(counts)
    )
    assert [(page.number, page.recognised) for page in document.pages] == [(1, False), (2, True)]
    assert document.pages[1].text.split() == " ".join(ENGLISH).split()
    assert document.unread == ()
    assert told == [(2, 0), (2, 1)]
    assert engine.version


def test_a_scan_in_traditional_chinese_becomes_text(engine: OcrEngine) -> None:
    assert {"chi_tra", "chi_sim"} <= set(engine.languages)
    data = pdf(scan(*CHINESE, chinese=True))
    extract = recognise(engine, data, read_pdf(Path("a.pdf"), data))
    (page,) = extract.pages
    wanted = "".join(CHINESE)
    found = sum(char in page.text for char in wanted)
    assert found >= 0.9 * len(wanted)
    assert " " not in page.text


def test_without_the_program_the_remedy_names_its_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf(scan(*ENGLISH)))
    monkeypatch.setenv("PATH", str(tmp_path))
    available.cache_clear()
    try:
        with pytest.raises(NeedsOcr) as caught:
            read_document(path, root=tmp_path, ocr=True)
    finally:
        available.cache_clear()
    assert PACKAGES in caught.value.remedy
    assert caught.value.pages == (1,)


def test_a_page_that_takes_too_long_or_comes_too_late_stays_unread(tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    data = pdf(scan(*ENGLISH), scan(*ENGLISH))
    extract = read_pdf(Path("a.pdf"), data)
    stuck = OcrEngine(str(slow), ("eng",), "none")
    assert recognise(stuck, data, extract, Limits(seconds_per_scan=0.1)).unread == (1, 2)
    assert recognise(stuck, data, extract, Limits(scans=0)).unread == (1, 2)


def test_a_recognised_page_stands_in_its_place(engine: OcrEngine) -> None:
    body = ("A line of the usual size, which is what most of the page is set in.",) * 3
    head = lines("Annex", size=20, top=760)

    def first(canvas: object) -> None:
        head(canvas)  # type: ignore[arg-type]
        lines(*body)(canvas)  # type: ignore[arg-type]

    data = pdf(first, scan(*ENGLISH), lines("The last page of it."))
    extract = recognise(engine, data, read_pdf(Path("a.pdf"), data))
    assert [(page.number, page.section) for page in extract.pages] == [
        (1, ("Annex",)),
        (2, ("Annex",)),
        (3, ("Annex",)),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree\n\f", "one two\nthree"),
        ("confi-\ndential", "confidential"),
        ("病 人 拒 絕\n告 訴", "病人拒絕告訴"),
        ("", ""),
    ],
)
def test_lines_of_a_paragraph_are_joined(text: str, expected: str) -> None:
    assert unwrapped(text) == expected


def test_the_installed_program_is_looked_for_once(engine: OcrEngine) -> None:
    assert ocr.available() is engine or os.environ["PATH"] == ""
