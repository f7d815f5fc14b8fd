"""The pages in front of a small service that keeps the contract in memory, over real HTTP."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.ui.fake_service import FakeService

APP = Path(__file__).resolve().parents[2] / "ui" / "app.py"


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session", autouse=True)
def one_scan() -> Iterator[None]:
    """Streamlit reads the metadata of every installed package for each page under test: once does.

    It finds the same each time, and there are hundreds of packages.
    """
    with pytest.MonkeyPatch.context() as patch:
        remembered = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", remembered)
        yield


@pytest.fixture(scope="module", autouse=True)
def quick_collections() -> None:
    """What earlier tests have loaded is left out of the collections that follow.

    A page under test ends with a full collection of garbage; with models, services and their
    libraries in the same process each of them takes a second.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    """A running service, and the pages told where it is."""
    service = FakeService(free_port())
    monkeypatch.setenv("MAIEUTIC_API_URL", service.url)
    service.start()
    yield service
    st.cache_resource.clear()
    service.stop()


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    """`visit("case", session="s1")`: the app, run once at that page."""

    def run(page: str = "library", **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=20)
        app.query_params.update(query)
        app.run()
        return app if page == "library" else app.switch_page(f"app_pages/{page}.py").run()

    return run


def page_text(app: AppTest) -> str:
    """Every piece of HTML of our own on the page, in one string."""
    return "\n".join(str(getattr(element, "value", "")) for element in app.get("html"))


@pytest.fixture(name="text")
def text_of() -> Callable[[AppTest], str]:
    """What a page says, as HTML."""
    return page_text


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No service anywhere."""
    monkeypatch.setenv("MAIEUTIC_API_URL", f"http://127.0.0.1:{free_port()}")
    yield
    st.cache_resource.clear()
