"""A small corpus in the layout of the real one, and an index of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest import HashingEncoder, Searcher, open_searcher, sync

DIGEST = """---
title: "{title}"
issuer: Office of Examples
year: 2021
url: https://example.org/{key}
jurisdiction: {jurisdiction}
as_of: 2026-11-22
licence: CC-BY-4.0
status: guidance
seen: S
---
# {title}
{intro}

## {asks}
{body}

## {doubts}
- {doubt} [U]

*Original digest. As of 2026-11-22.*
"""

CASE = """id: quiet-ward
title: The quiet ward
summary: An alarm that nobody heard.
licence: CC-BY-4.0
as_of: 2026-11-22
jurisdictions: [CN, HK]
vignette: >-
  You walk onto a ward at night.
  A walrus sleeps in bed four.
stages:
  - id: first
    kind: clarify
    question: What would you ask first?
    expectations:
      - id: E1
        hints: ["Think of the xylophone in the corridor."]
        assertion: Ask who silenced the alarm, zeppelin.
"""

CASE_HANT = """language: zh-Hant
title: 安靜的病房
summary: 無人聽見的警報。
vignette: 你深夜走進病房，四號床睡著一隻海象。
expectations:
  E1:
    hints: ["想一想走廊裏的木琴。"]
"""


WriteDigest = Callable[..., Path]


def _write_digest(folder: Path, name: str, **values: str) -> Path:
    texts = {
        "title": "Example code",
        "key": name,
        "jurisdiction": "HK",
        "intro": "The code speaks of confidences. [P]",
        "asks": "What it asks",
        "body": "- Tell a relative only for a grave reason. [S]\n- Write the reason down. [P]",
        "doubts": "Doubts",
        "doubt": "The date of the code is not verified.",
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.md"
    path.write_text(DIGEST.format(**(texts | values)), encoding="utf-8")
    return path


def _write_corpus(root: Path) -> Path:
    guidelines = root / "guidelines"
    _write_digest(guidelines, "code.en")
    _write_digest(
        guidelines,
        "code.zh-Hant",
        title="守則範例",
        intro="守則談及保密的責任。 [P]",
        asks="對臨床人員的要求",
        body="- 只有在理由重大時才告訴親屬。 [S]\n- 把理由寫進紀錄。 [P]",
        doubts="存疑之處",
        doubt="守則的日期未經核實。",
    )
    _write_digest(
        guidelines,
        "alerts.en",
        title="Alerts and their limits",
        jurisdiction="US",
        intro="A sepsis score misses patients. [P]",
        body="- Do not wait for the alert when a nurse is worried. [P]",
    )
    case = root / "cases" / "quiet-ward"
    case.mkdir(parents=True)
    (case / "case.yaml").write_text(CASE, encoding="utf-8")
    (case / "zh-Hant.yaml").write_text(CASE_HANT, encoding="utf-8")
    (root / "NOTICE.md").write_text("# Notice\n\nWalruses are protected.\n", encoding="utf-8")
    return root


@pytest.fixture
def write_digest() -> WriteDigest:
    """Writes one digest of three passages into a folder: (folder, name, **its texts)."""
    return _write_digest


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two digests, one of them in two languages, and a case in two languages: to be changed."""
    return _write_corpus(tmp_path / "corpus")


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """Where an index of that corpus may go."""
    return tmp_path / "index"


@pytest.fixture(scope="session")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """The same corpus, indexed once with the encoder that needs no model: to be read only."""
    folder = tmp_path_factory.mktemp("searcher")
    encoder = HashingEncoder()
    sync(_write_corpus(folder / "corpus"), folder / "index", encoder)
    opened = open_searcher(folder / "index", encoder)
    yield opened
    opened.close()
