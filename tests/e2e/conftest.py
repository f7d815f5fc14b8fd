"""The real service and the real pages, started once, and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.processes import (
    REPOSITORY,
    Running,
    environment,
    prepare_home,
    run,
    start_pages,
    start_service,
    wait_for,
)
from tests.e2e.sampling import Sampler

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def network_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the watch of every process of this session writes to."""
    return tmp_path_factory.mktemp("network") / "log.jsonl"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, network_log: Path) -> Path:
    """A prepared home: `maieutic setup` has nothing left to do in it."""
    folder = tmp_path_factory.mktemp("e2e") / "home"
    prepare_home(folder, models_dir, REPOSITORY / "var", keep_exemplars=True)
    done = run("setup", env=environment(folder, network_log))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def sampler() -> Iterator[Sampler]:
    """Looks at the sockets of the product's processes all the time."""
    watching = Sampler()
    watching.start()
    yield watching
    watching.stop()


@pytest.fixture(scope="session")
def service(
    tmp_path_factory: pytest.TempPathFactory, home: Path, network_log: Path, sampler: Sampler
) -> Iterator[Running]:
    """`maieutic serve`, ready."""
    running = start_service(home, tmp_path_factory.mktemp("service"), network_log)
    sampler.watch(running.process.pid)
    try:
        wait_for(running, "/api/v1/ready")
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory,
    home: Path,
    network_log: Path,
    service: Running,
    sampler: Sampler,
) -> Iterator[Running]:
    """The Streamlit pages in front of the service."""
    running = start_pages(service.url, home, tmp_path_factory.mktemp("pages"), network_log)
    sampler.watch(running.process.pid)
    try:
        wait_for(running, "/_stcore/health", seconds=60)
        yield running
    finally:
        running.stop()


@pytest.fixture
def client(service: Running) -> Iterator[httpx.Client]:
    """A program that talks to the service."""
    base = f"{service.url}/api/v1"
    with httpx.Client(base_url=base, trust_env=False, timeout=60) as connection:
        yield connection


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Of the module: its event loop must not be running in other tests."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("There is no Chromium on this machine. Run scripts/install_browser.sh.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: Running) -> Iterator[Callable[[str], Page]]:
    """`visit("zh-HK")`: a page in a browser of that language; it may ask only our pages."""
    elsewhere: list[str] = []
    faults: list[str] = []
    contexts = []
    ours = (site.url, site.url.replace("http", "ws"), "data:", "blob:")

    def open_page(locale: str = "en-GB") -> Page:
        context = chromium.new_context(
            viewport={"width": 1280, "height": 900}, locale=locale, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", lambda r: None if r.url.startswith(ours) else elsewhere.append(r.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert elsewhere == []
    assert faults == []
