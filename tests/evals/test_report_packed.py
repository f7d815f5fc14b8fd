"""The packed records of a report: small, each in one chunk, unpacked by a real browser."""

from __future__ import annotations

import base64
import json
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, sync_playwright

from evals.report import page
from evals.report.packed import CHUNK, LEAST, pack
from evals.runs import RunFolder
from evals.task import Record, Sample
from tests.evals.reported import HOSTILE, bodies, known, make_run, record, some, unpacked

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path / "runs", some())


def inflated(text: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(text)))


def put_together(packed: Any) -> dict[int, str]:
    common = inflated(packed.index)["common"]
    return {
        int(line): "".join(p if isinstance(p, str) else common[p] for p in pieces)
        for chunk in packed.chunks.values()
        for line, pieces in inflated(chunk).items()
    }


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["a", "a", "b\n"],
        ["same line, said by both of them\nown\n", "own\r\nsame line, said by both of them\nown\n"],
        [
            "\u2028 no end of a line in HTML, twice\u2028",
            "\u2028 no end of a line in HTML, twice\u2028",
        ],
        ["她說\x1c" * 30 + "\n"] * 3,
        ["0123456789" * CHUNK, "short"],
    ],
)
def test_what_is_packed_comes_out_again(texts: list[str]) -> None:
    held = dict(enumerate(texts, 2))
    assert put_together(pack(held, {})) == held


def test_a_line_that_stands_twice_is_kept_once() -> None:
    long, short = "x" * LEAST + "\n", "x\n"
    packed = pack({2: long + short, 3: long, 4: short}, {"more": 1})
    index = inflated(packed.index)
    assert index == {"more": 1, "common": [long], "starts": [2]}
    assert inflated(packed.chunks[2]) == {"2": [0, short], "3": [0], "4": [short]}


def test_one_chunk_holds_a_record_and_no_chunk_holds_many() -> None:
    held = {n: f"{n} " * 3000 for n in range(2, 90)}
    packed = pack(held, {})
    starts = inflated(packed.index)["starts"]
    assert starts == sorted(packed.chunks)
    assert len(starts) > 5
    for start, following in zip(starts, [*starts[1:], 90], strict=True):
        chunk = inflated(packed.chunks[start])
        assert list(map(int, chunk)) == list(range(start, following))
        assert sum(len(held[int(n)]) for n in chunk) < CHUNK + 20_000


def test_many_records_are_a_small_file(tmp_path: Path) -> None:
    run = make_run(tmp_path, some(2000))
    written = page(run)
    tree = html.fromstring(written)
    whole = sum(len(body.encode()) for body in bodies(tree, "small").values())
    assert whole > 1_000_000
    assert len(written.encode()) < whole / 6
    assert len(unpacked(tree, "small-index")["lines"]) == 2000


def test_half_a_pair_of_surrogates_in_a_log_spoils_no_report(tmp_path: Path) -> None:
    run = make_run(tmp_path, some())
    path = run.log_of("small")
    path.write_text(
        path.read_text("utf-8").replace("I would ask her", "I \\ud83d ask her"), "utf-8"
    )
    path.touch()
    tree = html.fromstring(page(run).encode("utf-8").decode())
    assert "I ? ask her" in html.fromstring(bodies(tree, "small")[2]).text_content()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tool:
        opened = tool.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


def opened(browser: Browser, written: str, run: RunFolder, **options: Any) -> Page:
    path = run.path / "report.html"
    path.write_text(written, encoding="utf-8")
    tab = browser.new_context(**options).new_page()
    tab.goto(path.as_uri())
    return tab


def status(tab: Page, words: str) -> str:
    """What stands above the list, once it says these words."""
    said = tab.locator(".which")
    said.filter(has_text=words).wait_for()
    return said.inner_text()


browsing = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


class TestInTheBrowser:
    pytestmark = browsing

    def test_a_click_on_a_figure_shows_its_lines_and_what_they_add(
        self, browser: Browser, tmp_path: Path
    ) -> None:
        run = make_run(tmp_path, [*some(), record(7, False, HOSTILE)])
        tab = opened(browser, page(run), run)
        assert tab.locator(".rec:visible").count() == 2
        tab.locator("#summary a.trace").click()
        assert "right: 0.714 = 5 / 7, from 7 log lines." in status(tab, "right")
        assert tab.locator(".rec:visible").count() == 7
        tab.locator("#small-f1 a.trace").click()
        assert "words a turn: 20.0 = 280 / 14, from 7 log lines." in status(tab, "words a turn")
        tab.locator("#small-f2 a.trace").evaluate("e => e.click()")
        assert "from 2 log lines" in status(tab, "from 2 log lines")
        shown = tab.locator(".rec:visible")
        assert shown.count() == 2
        assert "adds 0 of 1" in shown.first.inner_text()
        tab.get_by_role("button", name="Show all lines: 7").click()
        tab.locator("#small-2").wait_for()
        assert tab.locator(".rec:visible").count() == 7
        tab.get_by_role("button", name="Show the failures only").click()
        assert tab.locator(".rec:visible").count() == 2
        assert tab.title() != "owned"

    def test_a_line_is_unpacked_when_it_is_opened(self, browser: Browser, tmp_path: Path) -> None:
        run = make_run(tmp_path, [*some(), record(7, True, HOSTILE)])
        tab = opened(browser, page(run), run)
        tab.get_by_role("button", name="Show all lines").click()
        row = tab.locator("#small-8")
        assert row.locator(".talk").count() == 0
        row.locator("summary").click()
        row.locator(".talk").wait_for()
        assert HOSTILE in row.inner_text()
        assert row.locator("script").count() == 0
        assert "E1 covered 0.910" in row.inner_text()
        assert tab.title() != "owned"

    def test_a_link_to_a_line_makes_and_opens_it(self, browser: Browser, run: RunFolder) -> None:
        tab = opened(browser, page(run), run)
        tab.goto(tab.url + "#small-3")
        tab.locator("#small-3 .talk").wait_for()
        assert tab.locator("#small-3 .talk").is_visible()
        assert tab.locator("#small-4").count() == 0
        tab.goto(tab.url.replace("#small-3", "#small-999"))
        assert tab.locator("#small-999").count() == 0

    def test_many_lines_are_shown_a_part_at_a_time(self, browser: Browser, tmp_path: Path) -> None:
        run = make_run(tmp_path, some(450))
        tab = opened(browser, page(run), run)
        tab.locator("#summary a.trace").click()
        status(tab, "from 450 log lines")
        assert tab.locator(".rec:visible").count() == 200
        tab.get_by_role("button", name="Show more lines: 250 left").click()
        assert tab.locator(".rec:visible").count() == 400
        tab.get_by_role("button", name="Show more lines: 50 left").click()
        assert tab.locator(".rec:visible").count() == 450
        numbers = tab.locator(".rec").evaluate_all("all => all.map(one => +one.dataset.n)")
        assert numbers == [5, *(n for n in range(2, 452) if n != 5)]

    def test_without_scripts_failures_and_figures_are_read(
        self, browser: Browser, run: RunFolder
    ) -> None:
        tab = opened(browser, page(run), run, java_script_enabled=False)
        assert tab.locator("#small-5 .talk").is_visible()
        assert tab.locator("#small-f0").is_visible()
        assert "Scripts are switched off" in tab.locator("noscript").inner_text()
        assert not tab.locator("#old").is_visible()

    def test_a_browser_that_cannot_unpack_says_so(self, browser: Browser, run: RunFolder) -> None:
        (run.path / "report.html").write_text(page(run), encoding="utf-8")
        tab = browser.new_context().new_page()
        tab.add_init_script("delete window.DecompressionStream")
        tab.goto((run.path / "report.html").as_uri())
        assert "This browser cannot unpack" in tab.locator("#old").inner_text()
        tab.locator("#summary a.trace").click()
        assert "This browser cannot unpack" in status(tab, "cannot unpack")
        assert tab.locator("#small-5 .talk").is_visible()

    def test_a_damaged_part_is_told(self, browser: Browser, run: RunFolder) -> None:
        written = re.sub(r'(id="small-at-2">).{40}', r"\1", page(run))
        tab = opened(browser, written, run)
        tab.goto(tab.url + "#small-3")
        tab.locator("#small-3").get_by_text("the file is damaged").wait_for()

    def test_it_asks_for_nothing_from_anywhere(self, browser: Browser, run: RunFolder) -> None:
        path = run.path / "report.html"
        path.write_text(page(run), encoding="utf-8")
        tab = browser.new_context(offline=True).new_page()
        asked, said = [], []
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: said.append(message.text))
        tab.goto(path.as_uri() + "#small-3")
        tab.locator("#small-3 .talk").wait_for()
        assert [url.split("#")[0] for url in asked] == [path.as_uri()]
        assert said == []


def test_records_of_a_log_with_lines_between_them(tmp_path: Path) -> None:
    """What the log holds on a line decides where it is found, not its place among the records."""
    run = make_run(tmp_path, [Record(Sample("only", {}), record(1, True).output)])
    path = run.log_of("small")
    first, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(first + b'\n{"type": "remark"}\n' + rest.split(b"\n")[0] + b"\n")
    assert list(bodies(html.fromstring(page(run)), "small")) == [3]
