"""The running product talks to this machine and to nobody else.

Two detectors: an audit hook in every Python process of the product (`watch/sitecustomize.py`),
which sees each address before anything is sent, and a sampler of the processes' sockets for what
is not Python. Both are first shown to work.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.clinician import Clinician
from tests.e2e.processes import REPOSITORY, Running, environment, noted, run
from tests.e2e.sampling import Sampler

ATTEMPTS = """
import socket, urllib.request
def attempt(action):
    try:
        action()
    except OSError as error:
        print(type(error).__name__, error)
attempt(lambda: socket.getaddrinfo("example.invalid", 443))
attempt(lambda: socket.create_connection(("192.0.2.1", 443), timeout=1))
attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.2", 53)))
attempt(lambda: urllib.request.urlopen("http://192.0.2.3/"))
attempt(lambda: socket.create_connection(("127.0.0.1", 9), timeout=1))
"""
CASE = "g1-sister-not-told"


def test_the_watch_notes_what_is_asked_for_elsewhere(tmp_path: Path) -> None:
    """Names, connections and datagrams are noted, and refused before anything is sent."""
    log = tmp_path / "log.jsonl"
    command = [sys.executable, "-c", ATTEMPTS]
    env = environment(tmp_path, log)
    told = subprocess.run(
        command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=True
    )
    assert told.stdout.count("the test keeps") == 4, told.stdout
    abroad = [line["target"] for line in noted(log) if not line["here"]]
    assert any("example.invalid" in target for target in abroad)
    assert all(any(f"192.0.2.{n}" in target for target in abroad) for n in (1, 2, 3))
    assert any(line["here"] and "('127.0.0.1', 9)" in line["target"] for line in noted(log))


@pytest.mark.browser
def test_the_product_talks_to_this_machine_only(
    client: httpx.Client,
    site: Running,
    service: Running,
    sampler: Sampler,
    network_log: Path,
    home: Path,
    visit: Callable[[str], Page],
) -> None:
    """A dialogue, questions to the corpus, every page, and commands: no address but loopback."""
    _teach(client)
    who = Clinician(visit("zh-CN"), site.url, "zh-Hans")
    who.arrive()
    for path in ("ask", "sessions", "about", f"case?case={CASE}"):
        who.page.goto(f"{site.url}/{path}")
        expect(who.page.get_by_role("heading", level=1).first).to_be_visible()
    who.page.goto(f"{site.url}/ask")
    who.page.get_by_label(who.t("ask.question")).fill("病历可以披露给家属吗？")
    who.page.get_by_role("button", name=who.t("ask.submit")).click()
    expect(who.page.get_by_text("病历可以披露给家属吗？", exact=True).last).to_be_visible()
    asked = run("ask", "May I tell a relative?", "--json", env=environment(home, network_log))
    assert asked.returncode == 0, asked.stderr

    lines = noted(network_log)
    served = [n for n in lines if n["pid"] == service.process.pid]
    drawn = [n for n in lines if n["pid"] == site.process.pid]
    api = httpx.URL(service.url).port
    assert any(n["event"] == "socket.bind" and str(api) in n["target"] for n in served)
    assert any(n["event"] == "socket.connect" and str(api) in n["target"] for n in drawn)
    assert [n for n in lines if not n["here"]] == []

    seen = sampler.samples
    until = time.monotonic() + 10
    while sampler.samples < seen + 3 and time.monotonic() < until:
        time.sleep(0.1)
    assert sampler.samples > seen
    assert any("streamlit" in command for _, command in sampler.remote), "the sampler saw nothing"
    assert {a for a, _ in sampler.remote if not _loopback(a)} == set()
    assert {a for a, _ in sampler.listening if not _loopback(a)} == set()


def _teach(client: httpx.Client) -> None:
    """A session of some turns, a question, a search, and all that may be fetched."""
    state = client.post("/sessions", json={"case_id": CASE, "language": "en"}).json()
    for text in ("I would ask him why he refuses.", "May I disclose in Hong Kong?", "No idea."):
        body = {"text": text, "expected_seq": state["seq"]}
        answer = client.post(f"/sessions/{state['id']}/turns", json=body)
        assert answer.status_code == httpx.codes.OK, answer.text
        state = answer.json()["state"]
    question = {"question": "When may a doctor disclose?", "language": "en"}
    assert client.post("/ask", json=question).status_code == httpx.codes.OK
    hit = client.get("/search", params={"q": "consent"}).json()["hits"][0]
    for path in ("/documents", "/cases", f"/passages/{hit['passage']['id']}"):
        assert client.get(path).status_code == httpx.codes.OK


def _loopback(address: str) -> bool:
    found = ip_address(address.split("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
