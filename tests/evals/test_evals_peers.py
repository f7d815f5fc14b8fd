"""The comparison with other stacks: its figures, table and plot on made rankings, and ours run.

The other stacks' environments take minutes to make, so they are not run here; docs/evaluation.md
says how to. What runs is the whole harness, with the product's own program as its only peer.
"""

from __future__ import annotations

import json
import math
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from evals.beir import read_beir
from evals.cli import app
from evals.log import read_lines
from evals.peers import book as books
from evals.peers.book import METRICS, Book, Entry, read_book, scores_of
from evals.peers.command import peers
from evals.peers.environments import environment, install, is_installed
from evals.peers.figures import P50, P95, Standing, standings
from evals.peers.plot import linear_ticks, log_ticks, overlap, svg
from evals.peers.programs.peer_io import peak_bytes, timed
from evals.peers.request import Answer, Result, ask, read_result, titles
from evals.peers.roster import OURS, PEERS, PROGRAMS, Peer, PeerFailed, chosen
from evals.peers.table import HEADS, as_json, cells, markdown, remarks, shown
from evals.stats import Estimate
from ingest import read_document
from tests.evals.beir_folder import DOCUMENTS, make

runner = CliRunner()
QUERIES = [f"q{number}" for number in range(40)]


def alone() -> typer.Typer:
    """The command without `maieutic eval` around it."""
    found = typer.Typer()
    found.command()(peers)
    return found


def sentence(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


def entry(peer: str, quality: float, latency: float, run: str = "one") -> Entry:
    """A peer whose nDCG is `quality` on average, harder queries being harder for every peer."""
    hard = np.linspace(-0.3, 0.3, len(QUERIES))
    scores = {
        query: tuple([quality + float(step)] * len(METRICS))
        for query, step in zip(QUERIES, hard, strict=True)
    }
    answers = tuple(
        Answer(query, ("d",), latency * (1 + number / 100)) for number, query in enumerate(QUERIES)
    )
    result = Result(answers, 100, 150, 1.0, 100 * latency, 2**30, {"python": "3"})
    return Entry(peer, run, "print", result, scores)


@pytest.fixture
def book() -> Book:
    entries = [
        entry(OURS, 0.6, 0.02),
        entry("langchain", 0.5, 0.04),
        Entry("haystack", "one", "print", reason="It could not be installed."),
        entry("txtai", 0.59, 0.021),
    ]
    return Book("made", 100, len(QUERIES), {"cores": 2}, {e.peer: e for e in entries})


def test_a_paired_interval_is_narrower_than_two_side_by_side(book: Book) -> None:
    ours, langchain, _ = standings(book, Estimate(0))
    assert ours.less_ours == ours.over_ours == {}
    less = langchain.less_ours["nDCG@10"]
    assert (less.value, less.low, less.high) == pytest.approx((-0.1, -0.1, -0.1))
    assert less.n == len(QUERIES)
    own = langchain.own["nDCG@10"]
    assert own.value == pytest.approx(0.5)
    assert own.high - own.low > 0.05
    assert langchain.over_ours["nDCG@10"].value == pytest.approx(0.5 / 0.6)


def test_latency_and_speed_are_set_beside_ours(book: Book) -> None:
    ours, langchain, _ = standings(book, Estimate(0))
    expected = np.percentile([20 * (1 + number / 100) for number in range(len(QUERIES))], [50, 95])
    assert [ours.own[name].value for name in (P50, P95)] == pytest.approx(expected)
    assert ours.own[P50].low < ours.own[P50].value < ours.own[P50].high
    assert langchain.over_ours[P50].value == pytest.approx(2.0)
    assert ours.speed == pytest.approx(50)
    assert langchain.speed_over_ours == pytest.approx(0.5)


def test_the_table_names_who_failed_and_why(book: Book) -> None:
    found = standings(book, Estimate(0))
    rows = cells(book, found)
    assert [len(row) for row in rows] == [len(HEADS)] * 4
    assert rows[1][:2] == ["LangChain default", f".500 ({_span(found[1])})"]
    assert rows[1][HEADS.index("nDCG@10 less ours")].startswith("-.100 (")
    assert rows[2] == ["Haystack hybrid", *["–"] * (len(HEADS) - 1)]
    assert remarks(book) == ["Haystack hybrid has no result. It could not be installed."]
    assert markdown(book, found).count("\n| ") == 5
    told = as_json(book, found)
    assert json.loads(json.dumps(told, allow_nan=False))["peers"][2]["reason"]


def _span(standing: Standing) -> str:
    figure = standing.own["nDCG@10"]
    return f"{figure.low:.3f} to {figure.high:.3f}".replace("0.", ".")


@pytest.mark.parametrize(
    ("value", "sign", "text"),
    [(0.5, "", ".500"), (-0.25, "+", "-.250"), (0.0, "+", "+.000"), (10.5, "", "10.500")],
)
def test_a_number_has_no_nought_before_its_point(value: float, sign: str, text: str) -> None:
    assert shown(value, 3, sign) == text


def test_runs_at_different_times_and_a_missing_ours_are_told() -> None:
    entries = [entry("langchain", 0.5, 0.04), entry("txtai", 0.5, 0.04, run="two")]
    book = Book("made", 100, len(QUERIES), {}, {e.peer: e for e in entries})
    assert "2 runs" in remarks(book)[0]
    assert "Ours was not measured" in remarks(book)[1]
    assert cells(book, standings(book, Estimate(0)))[0][HEADS.index("p50 over ours")] == "–"


def test_the_plot_stands_alone_and_its_labels_apart(book: Book) -> None:
    drawn = svg(book, standings(book, Estimate(0)))
    root = ElementTree.fromstring(drawn)
    name = "{http://www.w3.org/2000/svg}"
    assert "href" not in drawn
    assert len(root.findall(f".//{name}circle")) == 3
    circles = root.findall(f".//{name}circle")
    x, y = ([float(c.get(key, "nan")) for c in circles] for key in ("cx", "cy"))
    assert x[0] < x[2] < x[1], "faster is further left"
    assert y[0] < y[2] < y[1], "better is higher up, where y is smaller"
    labels = [t for t in root.findall(f"{name}text") if t.get("paint-order")]
    assert {t.text for t in labels} == {"Maieutic", "LangChain default", "txtai hybrid"}
    boxes = [_box(t) for t in labels]
    assert not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])


def _box(label: ElementTree.Element) -> tuple[float, float, float, float]:
    x, y, width = float(label.attrib["x"]), float(label.attrib["y"]), 6 * len(label.text or "")
    left = x - width if label.get("text-anchor") == "end" else x
    return left, y - 11, left + width, y + 3


def test_ticks_lie_on_round_numbers() -> None:
    assert log_ticks(8, 120) == [10, 20, 50, 100]
    assert linear_ticks(0.45, 0.6) == [0.45, 0.5, 0.55, 0.6]
    assert linear_ticks(0, 1) == pytest.approx(np.arange(11) / 10)


def test_a_search_goes_deeper_until_it_has_enough_documents() -> None:
    chunks = ["a", "a", "a", "a", "b", "b", "c", "a"]
    depths: list[int] = []

    def rank(_: str, depth: int) -> list[str]:
        depths.append(depth)
        return chunks[:depth]

    ranking, seconds, depth = timed(rank, "?", 3, 3)
    assert ranking == ["a", "b", "c"]
    assert depths == [3, 5, 8]
    assert depth == 8
    assert seconds >= 0
    assert timed(rank, "?", 9, 9)[0] == ["a", "b", "c"]
    assert depths == [3, 5, 8, 9], "there are no more chunks, so nothing deeper is tried"


def test_peak_memory_is_this_process_s_own() -> None:
    assert 10 * 2**20 < peak_bytes() < 2**38


def test_peers_are_chosen_by_name_and_known_by_what_they_run(models_dir: Path) -> None:
    assert [peer.name for peer in chosen(["txtai", OURS])] == [OURS, "txtai"]
    assert chosen([]) == list(PEERS)
    with pytest.raises(KeyError, match="The peers are: maieutic"):
        chosen(["nothing"])
    prints = {peer.fingerprint(models_dir) for peer in PEERS}
    assert len(prints) == len(PEERS)
    for peer in PEERS:
        assert peer.program.is_file()
        if peer.pins is not None:
            assert "\ntorch==2.13.0\n" in peer.pins.read_text(encoding="utf-8")


def test_the_titles_reach_the_product_as_titles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A program finds what lies beside it, as it does when Python starts it.
    monkeypatch.syspath_prepend(PROGRAMS)
    maieutic_stack = import_module("maieutic_stack")

    folder = make(tmp_path / "set", packed=True)
    documents = read_beir(folder).documents
    request = {"documents": documents, "titles": titles(folder)}
    maieutic_stack.write_folder(request, tmp_path / "corpus")
    files = sorted((tmp_path / "corpus").iterdir())
    assert [file.name for file in files] == [f"000000{number}.md" for number in range(3)]
    for file, (id_, text) in zip(files, documents.items(), strict=True):
        document = read_document(file, root=tmp_path / "corpus")
        assert document.source.title == f"On {id_}"
        assert f"{document.source.title}\n{document.pages[0].text}" == text


def test_ours_is_measured_kept_and_drawn_again(tmp_path: Path, models_dir: Path) -> None:
    assert models_dir.is_dir()
    folder, out = make(tmp_path / "set"), tmp_path / "out"
    options = ["peers", "--data", str(folder), "--only", OURS, "--out", str(out), "--json"]
    first = runner.invoke(app, options)
    assert first.exit_code == 0, first.stderr
    told = json.loads(first.stdout)
    (ours,) = told["peers"]
    assert ours["own"]["nDCG@10"]["value"] == ours["own"]["MRR"]["value"] == 1.0
    assert ours["chunks"] == 3
    assert ours["peak_bytes"] > 100 * 2**20
    assert ours["versions"]["maieutic"]
    log = Path(told["log"])
    kept = [line for line in read_lines(log)[0] if line["type"] == "peer"]
    assert kept[0]["result"]["answers"][0]["ranking"][0] == "d1"

    again = runner.invoke(app, options)
    assert "measured already" in again.stderr
    assert json.loads(again.stdout)["peers"] == told["peers"]
    assert len([line for line in read_lines(log)[0] if line["type"] == "peer"]) == 1

    for path in (told["table"], told["plot"]):
        Path(path).unlink()
    drawn = runner.invoke(alone(), ["--from-log", str(log)])
    assert drawn.exit_code == 0, drawn.stderr
    assert "recall@100" in drawn.stdout
    assert "Maieutic" in drawn.stdout
    assert "Maieutic" in Path(told["table"]).read_text(encoding="utf-8")
    ElementTree.parse(told["plot"])


def test_documents_that_say_the_same_are_found_together(tmp_path: Path, models_dir: Path) -> None:
    folder = make(tmp_path / "set")
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        for id_, document in (("d4", "d1"), ("d5", "d3")):
            row = {"_id": id_, "title": f"On {document}", "text": DOCUMENTS[document]}
            file.write(json.dumps(row) + "\n")
        file.write(json.dumps({"_id": "d6", "title": "", "text": ""}) + "\n")
    result = ask(PEERS[0], read_beir(folder), titles(folder), models_dir, tmp_path / "home")
    (answer,) = result.answers
    assert answer.ranking[:2] == ("d1", "d4")
    assert sorted(answer.ranking) == ["d1", "d2", "d3", "d4", "d5"]
    assert answer.seconds > 0
    assert result.documents == 6
    assert result.chunks == 3


def test_a_program_that_fails_is_a_sentence(tmp_path: Path) -> None:
    collection = read_beir(make(tmp_path / "set"))
    with pytest.raises(PeerFailed, match=r"Its program failed \(.*ModelMissing.*All of it is in"):
        ask(PEERS[0], collection, {}, tmp_path / "no-models", tmp_path / "home")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["indexed"], "It answered 0 of 1 queries"),
        (["indexed", "query", "strange", "end"], "not given: d9"),
    ],
)
def test_a_result_that_is_not_whole_is_refused(
    tmp_path: Path, lines: list[str], reason: str
) -> None:
    known = {
        "indexed": {"chunks": 3, "seconds": 1.0, "load_seconds": 1.0, "versions": {}},
        "query": {"query": "1", "ranking": ["d1"], "seconds": 0.1},
        "strange": {"type": "query", "query": "1", "ranking": ["d9"], "seconds": 0.1},
        "end": {"peak_bytes": 1},
    }
    path = tmp_path / "result.jsonl"
    rows = [json.dumps({"type": name, **known[name]}) for name in lines]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(PeerFailed, match=reason):
        read_result(path, read_beir(make(tmp_path / "set")))


def test_an_environment_without_its_stamp_is_not_whole(tmp_path: Path) -> None:
    langchain = next(peer for peer in PEERS if peer.name == "langchain")
    python = tmp_path / "langchain" / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert not is_installed(langchain, tmp_path)
    (tmp_path / "langchain" / "installed.sha256").write_text("of other pins\n", encoding="ascii")
    assert not is_installed(langchain, tmp_path)
    assert is_installed(PEERS[0], tmp_path)
    install(PEERS[0], tmp_path)
    assert not (tmp_path / OURS).exists()


def test_a_peer_whose_packages_are_out_of_reach_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pip itself, told to look nowhere: what a closed network says.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(PeerFailed, match=r"could not be installed \(ERROR.*torch.*registry"):
        install(Peer("txtai", "txtai hybrid"), tmp_path)
    assert not is_installed(Peer("txtai", "txtai hybrid"), tmp_path)


def test_a_peer_s_process_is_offline_and_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    found = environment(2, Path("cache"))
    assert found["OMP_NUM_THREADS"] == "2"
    assert found["HF_HUB_OFFLINE"] == "1"
    assert "PYTHONPATH" not in found


def test_scores_are_those_of_the_ranking(tmp_path: Path) -> None:
    collection = read_beir(make(tmp_path / "set"))
    result = Result((Answer("1", ("d3", "d1"), 0.1),), 3, 3, 1.0, 1.0, 1, {})
    assert scores_of(result, collection)["1"] == pytest.approx((1 / math.log2(3), 1.0, 1.0, 0.5))


def test_the_last_line_on_a_peer_counts(tmp_path: Path) -> None:
    data = make(tmp_path / "set")
    path = books.path_of(tmp_path / "out", data)
    assert list(books.finished(path)) == []
    books.begin(path, data, read_beir(data))
    books.add(path, Entry("txtai", "one", "a", reason="It was not there."))
    books.add(path, entry("txtai", 0.5, 0.1, run="two"))
    books.add(path, entry(OURS, 0.5, 0.1, run="two"))
    book = read_book(path)
    assert list(book.entries) == [OURS, "txtai"]
    assert book.entries["txtai"] == entry("txtai", 0.5, 0.1, run="two")
    assert {found.peer for found in books.finished(path)} == {OURS, "txtai"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "--data"),
        (["--only", "nothing"], "The peers are"),
        (["--data", "/nowhere"], "There is no folder /nowhere"),
        (["--from-log", "/nowhere.jsonl"], "There is no log"),
        (["--from-log", __file__], "not a line of a log"),
    ],
)
def test_what_is_wrong_is_a_sentence(options: list[str], told: str) -> None:
    found = runner.invoke(alone(), options)
    assert found.exit_code == 2
    assert told in sentence(found.stderr)
    assert found.stdout == ""


def test_a_log_of_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text('{"type": "run", "task": "ask"}\n', encoding="utf-8")
    found = runner.invoke(alone(), ["--from-log", str(other)])
    assert found.exit_code == 2
    assert "is no log of" in sentence(found.stderr)
