"""With no model configured there is no LangChain in the process; with one, it is wired in."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import Encoder, sync
from tests.tiny_teaching import DIGEST
from tutor.dialogue import AuthoredWording
from tutor.errors import NotReady
from tutor.llm import LlmJudge, LlmWording
from tutor.runtime import build_runtime
from tutor.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]
LANGCHAIN = {"langchain", "langchain_core", "langgraph", "langsmith"}
AT_HOME = {"tutor/llm", "ingest/retriever.py", "evals/claims.py", "evals/peers/programs"}
"""The third says what a test model is to say; the last are run by other environments."""
LOOK = """
import sys
import tutor.api.app, tutor.cli.main, tutor.sessions
from tutor.runtime import build_runtime
from tutor.settings import get_settings
runtime = build_runtime(get_settings())
runtime.judge.acts("why?", "en")
runtime.answerer("What is asked of a clinician before anything is disclosed?", "en")
print(type(runtime.wording).__name__, type(runtime.judge).__name__)
print(sorted(m for m in sys.modules if m.partition(".")[0].startswith(("lang", "openai", "ollama"))
    or m.startswith("tutor.llm")))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, e5: Encoder) -> Settings:
    """A home with the real models, and a corpus of one digest and no case."""
    folder = tmp_path_factory.mktemp("no-llm")
    (folder / "corpus" / "guidelines").mkdir(parents=True)
    (folder / "corpus" / "guidelines" / "code.en.md").write_text(DIGEST, encoding="utf-8")
    (folder / "home").mkdir()
    (folder / "home" / "models").symlink_to(models_dir.resolve())
    settings = Settings(home=folder / "home", corpus=folder / "corpus")
    sync(settings.corpus, settings.index_dir, e5)
    return settings


def test_no_model_no_langchain(home: Settings) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAIEUTIC_")}
    env |= {"MAIEUTIC_HOME": str(home.home), "MAIEUTIC_CORPUS": str(home.corpus)}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=REPOSITORY, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["AuthoredWording EncoderJudge", "[]"]


def test_a_model_is_wired_into_both_seams(home: Settings) -> None:
    runtime = build_runtime(home.model_copy(update={"llm": "scripted:draft"}))
    assert isinstance(runtime.judge, LlmJudge)
    assert isinstance(runtime.wording, LlmWording)
    assert runtime.judge.name == "scripted:draft llm-2"
    plain = build_runtime(home)
    assert isinstance(plain.wording, AuthoredWording)


def test_a_model_that_cannot_be_had_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="Unsupported"):
        build_runtime(Settings(home=tmp_path, llm="nobody:model"))


def test_langchain_stays_in_its_homes() -> None:
    strangers = []
    for room in ("ingest", "tutor", "ui", "evals"):
        for path in (REPOSITORY / room).rglob("*.py"):
            name = path.relative_to(REPOSITORY).as_posix()
            if not any(name == home or name.startswith(f"{home}/") for home in AT_HOME):
                strangers += [f"{name}: {m}" for m in imports(path) if m.split(".")[0] in LANGCHAIN]
    assert strangers == []


def imports(path: Path) -> list[str]:
    """Every module that a file imports, wherever in it."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
    return found
