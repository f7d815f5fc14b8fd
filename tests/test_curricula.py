"""The committed curricula are the built ones, and they say what the cases say."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
CURRICULA = ROOT / "corpus" / "curricula"
SCRIPT = ROOT / "scripts" / "build_curricula.py"
PDFS = {"competency-map": (6, 8), "trainee-curriculum": (8, 12)}
WORDS = ("faculty-series", "simulation-day", "overview.zh-Hant", "overview.zh-Hans")
CHINESE = ("zh-Hant", "zh-Hans")
BUILT = [*(f"{name}.pdf" for name in PDFS), *(f"{name}.docx" for name in WORDS)]
KEYS = [*(f"G{i}" for i in range(1, 7)), *(f"A{i}" for i in range(1, 7))]
Rows = list[list[str]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with freshly built curricula."""
    out = tmp_path_factory.mktemp("curricula")
    subprocess.run([sys.executable, str(SCRIPT), "--out", str(out)], check=True, timeout=120)
    return out


def _source(name: str) -> str:
    return (CURRICULA / "src" / f"{name}.md").read_text(encoding="utf-8")


def _tables(name: str, *first_cells: str) -> list[Rows]:
    """The tables whose heading row begins with one of the cells; every row but the heading one."""
    tables: list[Rows] = []
    inside = False
    for line in _source(name).splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not inside and cells[0] in first_cells:
            tables.append([])
            inside = True
        elif inside and not set(cells[0]) <= {"-"}:
            tables[-1].append(cells)
    return tables


def _case(key: str) -> dict[str, Any]:
    folder = _folder(key)
    return dict(YAML(typ="safe", pure=True).load((folder / "case.yaml").read_text("utf-8")))


def _folder(key: str) -> Path:
    found = sorted((ROOT / "corpus" / "cases").glob(f"{key.lower()}-*/case.yaml"))
    assert found, f"there is no case {key}, which the curricula place"
    return found[0].parent


def _marked_main(name: str, first_cell: str, key: str) -> set[str]:
    """The columns of a case's row that say `main`, as case.yaml spells them."""
    lines = _source(name).splitlines()
    header = next(line for line in lines if line.startswith(f"| {first_cell} |"))
    columns = [cell.strip() for cell in header.strip("|").split("|")][1:]
    (rows,) = _tables(name, first_cell)
    cells = next(cells for row, *cells in rows if row == key)
    return {
        column.lower().replace(" ", "_").replace("-", "_")
        for column, cell in zip(columns, cells, strict=True)
        if cell == "main"
    }


def _clock(rows: Rows, start: str) -> str:
    """When a timetable ends, after checking that each row starts where the one before ended."""
    hours, minutes = map(int, start.split(":"))
    clock = hours * 60 + minutes
    for begins, lasts, *_ in rows:
        assert begins == f"{clock // 60:02}:{clock % 60:02}"
        clock += int(lasts)
    return f"{clock // 60:02}:{clock % 60:02}"


@pytest.mark.parametrize("name", BUILT)
def test_the_committed_file_is_the_built_one(built: Path, name: str) -> None:
    same = (built / name).read_bytes() == (CURRICULA / name).read_bytes()
    assert same, f"{name} is not what its source builds; run python scripts/build_curricula.py"


def test_every_source_is_built_and_every_built_file_has_a_source(built: Path) -> None:
    assert sorted(path.name for path in built.iterdir()) == sorted(BUILT)
    assert sorted(path.name for path in CURRICULA.glob("*.*")) == sorted(BUILT)
    sources = {path.stem for path in (CURRICULA / "src").glob("*.md")}
    assert sources == {*PDFS, *WORDS}


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_has_pages_labels_and_bookmarks(name: str) -> None:
    reader = PdfReader(CURRICULA / f"{name}.pdf")
    least, most = PDFS[name]
    assert least <= len(reader.pages) <= most
    assert reader.page_labels[:3] == ["i", "1", "2"]
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert titles == re.findall(r"^# (.+)$", _source(name), flags=re.MULTILINE)
    assert any(isinstance(entry, list) for entry in reader.outline)
    assert all(len(page.extract_text()) > 200 for page in reader.pages)


@pytest.mark.parametrize("name", BUILT)
def test_the_first_page_says_version_date_licence_and_that_review_is_outstanding(name: str) -> None:
    path = CURRICULA / name
    if path.suffix == ".pdf":
        text = " ".join(PdfReader(path).pages[0].extract_text().split())
    else:
        text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs[:3])
    assert all(part in text for part in ("1.0", "2026-11-25", "CC-BY-4.0"))
    review, original = {
        "zh-Hant": ("尚待採用機構的具名臨床人員審閱", "原創文字"),
        "zh-Hans": ("尚待采用机构的具名临床人员审阅", "原创文字"),
    }.get(path.stem.partition(".")[2], ("Awaits review by a named clinician", "Original work"))
    assert review in text
    assert original in text


@pytest.mark.parametrize("name", WORDS)
def test_a_word_document_has_headings_and_repeats_the_head_of_a_table(name: str) -> None:
    document = docx.Document(str(CURRICULA / f"{name}.docx"))
    headings = [p.text for p in document.paragraphs if p.style and p.style.style_id == "Heading1"]
    assert headings == re.findall(r"^# (.+)$", _source(name), flags=re.MULTILINE)
    assert all(t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for t in document.tables)


@pytest.mark.parametrize("language", CHINESE)
def test_chinese_has_a_font_and_a_language_of_its_own(language: str) -> None:
    document = docx.Document(str(CURRICULA / f"overview.{language}.docx"))
    tag, font = {
        "zh-Hant": ("zh-HK", "Microsoft JhengHei"),
        "zh-Hans": ("zh-CN", "Microsoft YaHei"),
    }[language]
    for style in ("Normal", "Heading 1", "Heading 2", "Title", "Cell", "Subtitle"):
        properties = document.styles[style].element.rPr
        assert properties.rFonts.get(qn("w:eastAsia")) == font
        assert properties.find(qn("w:lang")).get(qn("w:eastAsia")) == tag
    assert document.core_properties.language == language


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    ("name", "heading", "declared"),
    [
        ("competency-map", "Roles", "competencies"),
        ("competency-map", "Principles", "principles"),
        ("competency-map", "Boxes", "four_boxes"),
        ("trainee-curriculum", "Roles", "competencies"),
    ],
)
def test_a_table_marks_as_main_what_the_case_declares(
    key: str, name: str, heading: str, declared: str
) -> None:
    assert _marked_main(name, heading, key) == set(_case(key)[declared])


@pytest.mark.parametrize("key", KEYS)
def test_the_map_gives_each_case_its_title_minutes_difficulty_and_level(key: str) -> None:
    case = _case(key)
    (glance,) = _tables("competency-map", "Case")
    row = next(row for row in glance if row[0] == f"{key} {case['title']}")
    assert row[3:] == [str(case["minutes"]), case["difficulty"]]
    (activities,) = _tables("competency-map", "Activity")
    assert next(row[2] for row in activities if row[0] == key) == str(case["supervision"])


def test_the_map_names_the_cases_with_a_second_legal_system() -> None:
    across = [key for key in KEYS if "CN" in _case(key)["jurisdictions"]]
    named = f"{', '.join(across[:-1])} and {across[-1]} have a second legal system"
    assert named in _source("competency-map")


@pytest.mark.parametrize("key", KEYS)
def test_the_curriculum_places_each_case_as_it_declares_itself(key: str) -> None:
    case = _case(key)
    (years,) = _tables("trainee-curriculum", "Year")
    row = next(row for row in years if row[1] == f"{key} {case['title']}")
    assert row[2:4] == [str(case["minutes"]), case["difficulty"]]
    assert row[6] == str(case["supervision"])


def test_each_year_has_one_case_of_each_kind() -> None:
    (years,) = _tables("trainee-curriculum", "Year")
    assert [row[0] for row in years] == [str(year) for year in range(1, 7) for _ in "GA"]
    assert sorted(row[1][:2] for row in years) == sorted(KEYS)
    for first, second in zip(years[::2], years[1::2], strict=True):
        assert {first[1][0], second[1][0]} == {"G", "A"}


def test_what_is_said_of_the_roles_of_each_band_is_so() -> None:
    (years,) = _tables("trainee-curriculum", "Year")
    bands: list[set[str]] = [set(), set(), set()]
    for year, case, *_ in years:
        bands[(int(year) - 1) // 2] |= set(_case(case[:2])["competencies"])
    assert len(bands[0]) == len(bands[1]) == 7
    assert len(bands[2]) == 6
    assert "medical_expert" not in bands[2]


@pytest.mark.parametrize("band", range(1, 4))
def test_a_milestone_names_cases_that_a_trainee_has_met_by_then(band: int) -> None:
    (years,) = _tables("trainee-curriculum", "Year")
    met = {case[:2] for year, case, *_ in years if int(year) <= 2 * band}
    (milestones,) = _tables("trainee-curriculum", f"Milestone ({2 * band - 1}-{2 * band})")
    assert len(milestones) >= 6
    for *_, cases in milestones:
        assert cases == "any" or set(cases.split(", ")) <= met


@pytest.mark.parametrize("language", CHINESE)
@pytest.mark.parametrize("key", KEYS)
def test_an_overview_gives_each_case_its_title_year_and_minutes(language: str, key: str) -> None:
    folder = _folder(key)
    path = folder / f"{language}.yaml"
    title = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))["title"]
    (years,) = _tables("trainee-curriculum", "Year")
    year = next(row[0] for row in years if row[1].startswith(f"{key} "))
    (rows,) = _tables(f"overview.{language}", "年")
    row = next(row for row in rows if row[1].startswith(f"{key} "))
    assert row[:3] == [year, f"{key} {title}", str(_case(key)["minutes"])]


@pytest.mark.parametrize("language", CHINESE)
def test_an_overview_uses_the_terms_of_the_corpus(language: str) -> None:
    text = _source(f"overview.{language}")
    terms = YAML(typ="safe", pure=True).load(
        (ROOT / "corpus" / "terminology.yaml").read_text("utf-8")
    )
    for term in terms:
        for wanted in term[language]:  # a term to prefer may hold one to avoid
            text = text.replace(wanted, "")
    avoided = [word for term in terms for word in term.get("avoid", {}).get(language, [])]
    assert not [word for word in avoided if word in text]


def test_the_timetables_of_the_series_add_up() -> None:
    timetables = _tables("faculty-series", "Start")
    assert len(timetables) == 4
    assert [_clock(rows, "13:30") for rows in timetables] == ["17:00"] * 4


def test_the_simulation_day_adds_up_and_every_group_sees_every_station_once() -> None:
    (day,) = _tables("simulation-day", "Start")
    assert _clock(day, "08:30") == "17:30"
    (steps,) = _tables("simulation-day", "Step")
    rounds = [row for row in day if row[2].startswith("Round ")]
    assert {sum(int(row[1]) for row in steps)} == {int(row[1]) for row in rounds} == {60}
    (rotation,) = _tables("simulation-day", "Round")
    assert len(rotation) == len(rounds) == 4
    grid = [row[1:] for row in rotation]
    for line in (*grid, *zip(*grid, strict=True)):
        assert sorted(line) == ["A", "B", "C", "D"]


@pytest.mark.parametrize(("language", "head"), [("zh-Hant", "時間"), ("zh-Hans", "时间")])
def test_an_overview_has_the_same_simulation_day(language: str, head: str) -> None:
    (day,) = _tables("simulation-day", "Start")
    (rows,) = _tables(f"overview.{language}", head)
    assert [row[:2] for row in rows] == [row[:2] for row in day]


def test_each_station_has_the_parts_that_a_role_player_needs() -> None:
    text = _source("simulation-day")
    starts = [text.index(f"Station {i}:") for i in range(1, 5)] + [text.index("# 9 Safety")]
    for number, (start, end) in enumerate(pairwise(starts), 1):
        station = text[start:end]
        for part in ("Brief for the learner", "What to watch", "Debrief"):
            assert f"{part} (station {number})" in station
        for part in (
            "**Set-up.**",
            "**History.**",
            "**Feelings.**",
            "| At once |",
            "**Never say.**",
        ):
            assert part in station


# A sentence that speaks of points or accreditation denies them, leaves them to a College or its
# administrator, or reports the Academy's rule of a cycle.
SPEAKS = re.compile(r"\bpoints\b(?! to\b)|accredit|[學学]分|积分")
DENIES = re.compile(r"\b(no|not|none|nobody|never|neither|nor)\b|administrator|cycle|不|没有|未|由")


@pytest.mark.parametrize("name", [*PDFS, *WORDS])
def test_no_curriculum_promises_points(name: str) -> None:
    text = _source(name)
    evidence = ("evidence that a College may credit", "學院可以考慮承認的憑證", "学习的凭证")
    assert any(phrase in text for phrase in evidence)
    for sentence in re.split(r"(?<=[.。；])\s*", text):
        if SPEAKS.search(sentence):
            assert DENIES.search(sentence), sentence
