"""What is planted through the interface is in no file of the records, and reaches no model.

Every identifier is invented; HKID and resident numbers have right check digits.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ingest import Language
from tests.tiny_teaching import make_runtime
from tutor.api import create_app
from tutor.ask import Answer
from tutor.dialogue import Act, Judgement, Target
from tutor.llm import LlmJudge, Model
from tutor.llm.scripted import ScriptedChatModel, marks
from tutor.runtime import Runtime
from tutor.settings import Settings

API = "/api/v1"
PLANTED = {
    "hkid": ("A123456(3)", "g123456(7)", "Z683365(5)", "WX123456(3)"),
    "mainland_id": ("11010519491231002X", "440524188001010014"),
    "phone": ("9123 4567", "+852 6123 4568", "13812345678", "020-84293557"),
    "email": ("siu.ming@example.com", "zhang@example.cn"),
    "hospital_number": ("MRN 00481273", "HN18004523(7)"),
    "birth_date": ("12/03/1961", "1956年3月4日"),
    "address": ("Flat 12B, 15/F, Block C, Mei Foo Sun Chuen", "九龍彌敦道123號5樓B室"),
    "name": ("Chan Siu Ming", "Priyanka", "陳大文", "王小明"),
}
FRAMES: dict[Language, tuple[str, ...]] = {
    "en": (
        "E1. My patient Chan Siu Ming, {0}, told me so.",
        "The patient is called Priyanka, {0}, and she agreed.",
    ),
    "zh-Hant": ("E1 病人陳大文，{0}，佢話唔想。", "我見過陳大文先生（{0}）。"),
    "zh-Hans": ("E1 患者王小明，{0}，他不愿意。", "我见过王小明先生（{0}）。"),
}
OPENERS = {"birth_date": {"en": "born ", "zh-Hant": "出生日期：", "zh-Hans": "出生日期："}}


@dataclass
class Witness:
    """Remembers every text that reaches it, on its way to whoever judges or answers."""

    runtime: Runtime
    seen: list[str] = field(default_factory=list)
    name: str = "witness"

    def acts(self, text: str, language: Language) -> tuple[Act, ...]:
        self.seen.append(text)
        return self.runtime.judge.acts(text, language)

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        self.seen.append(text)
        return self.runtime.judge.judge(text, targets, language)

    def __call__(self, question: str, language: Language) -> Answer:
        self.seen.append(question)
        return self.runtime.answerer(question, language)


@dataclass
class Service:
    """The service under test, and what its models were told."""

    client: TestClient
    home: Path
    told: list[str]


@pytest.fixture(params=["embedded", "with a chat model"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """With the witness alone, and with a chat model in front of it."""
    inner = make_runtime(tmp_path / "tiny")
    witness = Witness(inner)
    chat = ScriptedChatModel(reply=marks({}))
    runtime = replace(inner, judge=witness, answerer=witness)
    if request.param != "embedded":
        judge = LlmJudge(Model("scripted:test", chat, 5.0), witness)
        runtime = replace(runtime, judge=judge)
    settings = Settings(home=tmp_path / "home")
    with TestClient(create_app(settings, runtime), base_url="http://127.0.0.1:8600") as client:
        told = witness.seen
        yield Service(client, settings.home, told)
        if request.param != "embedded":
            assert chat.seen, "the chat model was never asked, so that this proves nothing"
        words = " ".join(str(m.content) for messages in chat.seen for m in messages)
        assert not _kept(words.encode() + "\n".join(told).encode())


def messages(language: Language) -> list[str]:
    """Every planted item in every frame of a language."""
    found = []
    for kind, items in PLANTED.items():
        if kind == "name":  # the frames hold them
            continue
        before = OPENERS.get(kind, {}).get(language, "")
        found += [f.format(before + item) for item in items for f in FRAMES[language]]
    return found


def _kept(data: bytes) -> list[str]:
    """Planted items that stand in some bytes, as written or without blanks and brackets."""
    low = data.decode("utf-8", "ignore").lower()
    bare = "".join(c for c in low if c.isalnum())
    return [
        item
        for items in PLANTED.values()
        for item in items
        if item.lower() in low or "".join(c for c in item.lower() if c.isalnum()) in bare
    ]


def _post(client: TestClient, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(f"{API}{path}", json=body)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def _open(client: TestClient, language: Language) -> Any:
    return _post(client, "/sessions", {"case_id": "tiny", "language": language})


def _say(client: TestClient, state: Any, text: str) -> Any:
    body = {"text": text, "expected_seq": state["seq"]}
    answer = client.post(
        f"{API}/sessions/{state['id']}/turns",
        json=body,
        headers={"Idempotency-Key": f"key-{state['seq']:08d}"},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans"])
def test_nothing_planted_is_stored_or_shown_to_a_model(
    service: Service, language: Language
) -> None:
    client = service.client
    state = _open(client, language)
    for text in messages(language):
        if not state["accepts_reply"]:
            state = _open(client, language)
        result = _say(client, state, text)
        state = result["state"]
        assert result["entries"][0]["redacted"], text
        assert not _kept(json.dumps(result, ensure_ascii=False).encode())
        asked = {"question": f"{text}？ code?", "language": language}
        assert not _kept(json.dumps(_post(client, "/ask", asked), ensure_ascii=False).encode())
    note = " ".join(messages(language))[:1900]
    state = _say(client, _open(client, language), "nothing much")["state"]
    state = _say(client, state, "still nothing")["state"]
    entry = next(e for e in reversed(state["transcript"]) if e["contestable"])
    body = {"seq": entry["seq"], "note": note, "expected_seq": state["seq"]}
    _post(client, f"/sessions/{state['id']}/contest", body)
    assert service.told
    files = [f for f in service.home.rglob("*") if f.is_file()]
    assert any(f.name.endswith("-wal") for f in files), "the log of the database is looked at too"
    for file in files:
        assert not _kept(file.read_bytes()), file


def test_the_search_for_planted_items_finds_what_was_not_redacted(tmp_path: Path) -> None:
    """The scan above can fail: an item that is stored is seen, in the file or in its log."""
    path = tmp_path / "records.sqlite3"
    database = sqlite3.connect(path)
    database.execute("pragma journal_mode=wal")
    database.execute("create table t (x text)")
    for items in PLANTED.values():
        database.executemany("insert into t values (?)", [(i,) for i in items])
    database.commit()
    stored = b"".join(f.read_bytes() for f in tmp_path.glob("records*"))
    assert set(_kept(stored)) == {i for items in PLANTED.values() for i in items}
    database.close()


def test_the_people_of_the_case_may_be_named(tmp_path: Path) -> None:
    """A name that stands in the case is nobody's secret; the next patient's is."""
    runtime = make_runtime(tmp_path / "tiny")
    case = runtime.cases["tiny"]
    text = case.texts["en"].model_copy(update={"vignette": "Mr Lau, 46, has colon cancer."})
    named = replace(case, texts={**case.texts, "en": text})
    held = replace(runtime, cases={"tiny": named})
    app = create_app(Settings(home=tmp_path / "home"), held)
    with TestClient(app, base_url="http://127.0.0.1:8600") as client:
        result = _say(client, _open(client, "en"), "Mr Lau can decide, and so can Mr Fong.")
    assert result["entries"][0]["text"] == "Mr Lau can decide, and so can Mr [NAME]."
    assert result["entries"][0]["redacted"] == ["name"]
