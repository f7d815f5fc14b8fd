"""The words of the report: the same texts in three languages, and none in the templates."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import typer
from lxml import html
from typer.testing import CliRunner

from evals.commands.report import report
from evals.report import page
from evals.report.page import FOLDER
from evals.report.words import ONE, Words, table
from ingest import LANGUAGES, Language, to_simplified
from tests.evals.reported import known, make_run, some

CHINESE: tuple[Language, ...] = ("zh-Hant", "zh-Hans")
HAN = re.compile(r"[\u4e00-\u9fff]")
SAME = {"ends", "bar", "p", "gap", "and", "title", "js_ratio"}
"""Texts that need no Han character."""


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", CHINESE)
def test_every_text_is_there_with_its_blanks(language: Language) -> None:
    english, other = table("en"), table(language)
    assert {k for k in english if not k.endswith(ONE)} == set(other)
    for key, text in other.items():
        assert blanks(text) == blanks(english[key]), key
        assert key in SAME or HAN.search(text), key


def test_simplified_is_written_in_simplified_characters() -> None:
    for key, text in table("zh-Hans").items():
        assert to_simplified(text) == text, key
    assert any(to_simplified(text) != text for text in table("zh-Hant").values())


def test_every_text_is_used_and_every_key_is_there() -> None:
    sources = [*FOLDER.glob("*.html"), *FOLDER.parent.glob("*.py")]
    source = "\n".join(path.read_text("utf-8") for path in sources)
    asked = set(re.findall(r"""\bt\(["'](\w+)["']""", source))
    # Heads of a table, which the template goes through, and what the script asks for.
    asked |= {"baseline", "now", "difference", "interval", "p", "corrected", "could"}
    in_script = re.findall(r"""\bsaid\("(\w+)"|\bwords\.(\w+)""", source)
    asked |= {f"js_{one or two}".removesuffix(ONE) for one, two in in_script}
    assert {key.removesuffix(ONE) for key in table("en")} == asked


def test_one_is_said_as_one() -> None:
    t = Words("en")
    assert (t("lines", count=1), t("lines", count=0), t("lines", count=2)) == (
        "1 line",
        "0 lines",
        "2 lines",
    )
    assert Words("zh-Hant")("lines", count=1) == "1 行"
    for key in ("no such text", "began"):
        with pytest.raises(KeyError):
            t(key, of="x")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_report_is_in_its_language(tmp_path: Path, language: Language) -> None:
    one, two = make_run(tmp_path, some(9)), make_run(tmp_path, some(9, wrong=(4, 5)))
    tree = html.fromstring(page(two, one, language))
    assert tree.get("lang") == language
    heads = [h.text_content() for h in tree.xpath("//h2[not(@lang)] | //h3 | //th[@scope='col']")]
    heads += [s.text_content() for s in tree.xpath("//summary[not(.//code) and not(.//*[@lang])]")]
    heads += [x.get("aria-label") for x in tree.xpath("//svg[@role='img']")]
    heads += tree.xpath("//svg[@role='img']/text[not(number(.) = number(.))]/text()")
    heads = [h.strip() for h in heads if h and h.strip() and h.strip() not in {"n", "p"}]
    assert len(heads) > 20
    for head in heads:
        assert bool(HAN.search(head)) == (language != "en"), head
    # What is named in the log is named alike, and marked as English for whoever reads it aloud.
    names = tree.xpath("//table[@class='figures']//th[@scope='row'][@lang='en']/text()")
    assert names == ["right", "words a turn", "right"]
    notice = Words(language)("names")
    assert (notice in tree.text_content()) if notice else language == "en"


@pytest.mark.parametrize("language", CHINESE)
def test_the_command_takes_a_language(tmp_path: Path, language: Language) -> None:
    app = typer.Typer()
    app.command()(report)
    run = make_run(tmp_path, some())
    done = CliRunner().invoke(app, [run.name, "--out", str(tmp_path), "--lang", language])
    assert done.exit_code == 0, done.output
    assert Words(language)("brow") in (run.path / "report.html").read_text("utf-8")
    refused = CliRunner().invoke(app, [run.name, "--out", str(tmp_path), "--lang", "fr"])
    assert refused.exit_code == 2
    assert "zh-Hant" in refused.output
