"""The committed curricula are the built ones, and they say what the cases say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
CURRICULA = ROOT / "corpus" / "curricula"
SCRIPT = ROOT / "scripts" / "build_curricula.py"
CASES = {"G1": "g1-sister-not-told", "A1": "a1-quiet-alert", "A2": "a2-scribe-heard-a-drug"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with freshly built curricula."""
    out = tmp_path_factory.mktemp("curricula")
    subprocess.run([sys.executable, str(SCRIPT), "--out", str(out)], check=True, timeout=120)
    return out


def _table(first_cell: str) -> dict[str, list[str]]:
    """The rows below the heading row that begins with `first_cell`, by their first cell."""
    lines = (CURRICULA / "src" / "competency-map.md").read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first_cell} |"))
    rows: dict[str, list[str]] = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        rows[name] = cells
    return rows


def _case(key: str) -> dict[str, object]:
    path = ROOT / "corpus" / "cases" / CASES[key] / "case.yaml"
    case: dict[str, object] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return case


@pytest.mark.parametrize("name", ["competency-map.pdf", "workshop-plan.docx"])
def test_the_committed_file_is_the_built_one(built: Path, name: str) -> None:
    same = (built / name).read_bytes() == (CURRICULA / name).read_bytes()
    assert same, f"{name} is not what its source builds; run python scripts/build_curricula.py"


def test_the_pdf_has_pages_labels_and_bookmarks() -> None:
    reader = PdfReader(CURRICULA / "competency-map.pdf")
    assert 4 <= len(reader.pages) <= 6
    assert reader.page_labels[:3] == ["i", "1", "2"]
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert titles[0] == "1 Purpose and limits"
    assert any(isinstance(entry, list) for entry in reader.outline)
    assert "Health Advocate" in "".join(page.extract_text() for page in reader.pages)


def test_the_workshop_has_headings_and_a_timetable_that_adds_up() -> None:
    document = docx.Document(str(CURRICULA / "workshop-plan.docx"))
    headings = [p.text for p in document.paragraphs if p.style and p.style.style_id == "Heading1"]
    assert "6 Debrief by advocacy-inquiry" in headings
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows][1:]
    clock = 13 * 60 + 30
    for start, minutes, *_ in rows:
        assert start == f"{clock // 60}:{clock % 60:02}"
        clock += int(minutes)
    assert clock == 17 * 60


@pytest.mark.parametrize("column", range(3))
@pytest.mark.parametrize(
    ("heading", "key"), [("Role", "competencies"), ("Principle", "principles")]
)
def test_the_map_marks_as_main_what_the_case_declares(column: int, heading: str, key: str) -> None:
    declared = _case(list(CASES)[column])[key]
    rows = _table(heading)
    main = {
        name.lower().replace(" ", "_").replace("-", "_")
        for name, cells in rows.items()
        if cells[column] == "main"
    }
    assert isinstance(declared, list)
    assert main == set(declared)


def test_the_map_gives_each_case_its_title_and_minutes() -> None:
    rows = _table("Case")
    for key in CASES:
        case = _case(key)
        assert rows[f"{key} {case['title']}"][-1] == str(case["minutes"])


@pytest.mark.parametrize("name", ["competency-map", "workshop-plan"])
def test_no_curriculum_promises_points(name: str) -> None:
    text = (CURRICULA / "src" / f"{name}.md").read_text(encoding="utf-8")
    assert "evidence that a College may credit" in text
    assert "CME" not in text
    assert "accredit" not in text.lower()
