"""Every text of the pages in three languages, and none in the code."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from ingest import to_simplified
from ui.contract import LANGUAGES, Language
from ui.i18n import Translator, catalogue, from_locale

UI = Path(__file__).resolve().parents[2] / "ui"
SOURCES = sorted(UI.rglob("*.py"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BY_CODE = (
    "principle",
    "four_box",
    "supervision",
    "jurisdiction",
    "profession",
    "competency",
    "difficulty",
    "move",
    "confidence",
    "months",
    "language",
    "kind",
    "leg",
    "rule",
    "remedy",
    "version_state",
    "heard",
    "idea",
    "queue_state",
    "reason",
    "verdict",
)
"""Groups whose keys are codes of the service, looked up at run time."""
SHOWING = {
    "badge", "button", "caption", "chat_input", "dialog", "download_button", "error", "expander",
    "file_uploader",
    "form_submit_button", "header", "info", "link_button", "markdown", "menu_button", "page_link",
    "popover", "selectbox", "spinner", "subheader", "success", "text", "text_area", "text_input",
    "title", "toast", "warning", "write",
}  # fmt: skip
WORDS = ("label", "placeholder", "help", "title", "body")
NAME = "Maieutic"


def _blanks(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_the_same_keys_with_the_same_blanks(language: Language) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert english.keys() == other.keys()
    for key, text in english.items():
        assert other[key].strip(), key
        assert _blanks(text) == _blanks(other[key]), key
        assert text.count("\n") == other[key].count("\n"), key


def test_each_language_is_written_in_its_script() -> None:
    names = {"competency", "citation"}
    for key in catalogue("en"):
        assert not CHINESE.search(catalogue("en")[key]), key
    for language in ("zh-Hant", "zh-Hans"):
        for key, text in catalogue(language).items():
            if key.split(".")[0] not in names and key != "common.list_comma":
                assert CHINESE.search(text), (language, key)
    simplified = catalogue("zh-Hans")
    assert [k for k, text in simplified.items() if to_simplified(text) != text] == []
    traditional = catalogue("zh-Hant")
    same = [k for k, text in traditional.items() if to_simplified(text) == text]
    assert [k for k in same if len(CHINESE.findall(traditional[k])) > 8] == []


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _used_keys(tree: ast.AST) -> set[str]:
    """Keys and beginnings of keys (`problem.`) that occur in a module."""
    texts = {
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }
    return {text for text in texts if re.fullmatch(r"[a-z_]+\.[A-Za-z0-9_.]*", text)}


def test_every_key_is_used_and_every_used_key_exists() -> None:
    used = set().union(*(_used_keys(ast.parse(path.read_text("utf-8"))) for path in SOURCES))
    keys = set(catalogue("en"))
    prefixes = tuple(key for key in used if key.endswith((".", "_"))) or ("-",)
    asked = {key for key in used if key in keys}
    unused = {
        key
        for key in keys - asked
        if not key.startswith(prefixes)
        and key.split(".")[0] not in BY_CODE
        and not (key.endswith("_remedy") and key.removesuffix("_remedy") in asked)
    }
    assert unused == set()
    groups = {key.split(".")[0] for key in keys}
    missing = {
        k for k in used - keys if k.split(".")[0] in groups and not k.endswith((".", "_", ".m"))
    }
    assert missing == set()


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(_is_text(part) for part in node.values if isinstance(part, ast.Constant))
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    bare = re.sub(r"<[^>]*>|:material/\w+:|&\w+;|\{[^}]*\}", "", node.value)
    return bool(re.search(r"[A-Za-z\u4e00-\u9fff]{2,}", bare)) and bare.strip() != NAME


def _shown(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call that a visitor would read."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    name = call.func.id if isinstance(call.func, ast.Name) else name
    from_streamlit = isinstance(call.func, ast.Attribute) and name in SHOWING
    keywords = [k.value for k in call.keywords if k.arg in WORDS and from_streamlit]
    if from_streamlit and name not in {"page_link", "dialog"}:
        return call.args[:1] + keywords
    if name in {"heading", "pill", "alert"}:
        return [arg for arg in call.args if not isinstance(arg, ast.Constant) or _is_text(arg)][:1]
    return keywords


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_text_of_the_pages_stands_in_the_code(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for call in _calls(tree):
        texts = [node for node in _shown(call) if _is_text(node)]
        assert not texts, f"{path.name}:{call.lineno} {ast.unparse(call)[:90]}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_html_of_our_own_holds_no_words(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "<" in node.value:
            between = re.findall(r">([^<>{}]*)<", node.value)
            words = [text for text in between if re.search(r"[A-Za-z]{2,}", text)]
            assert not words or "<script>" in node.value, (path.name, words)


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh-HK", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("en-GB", "en"),
        ("fr", "en"),
        (None, "en"),
    ],
)
def test_the_first_language_is_what_the_browser_prefers(locale: str | None, language: str) -> None:
    assert from_locale(locale) == language


def test_an_unknown_code_is_shown_as_it_is() -> None:
    t = Translator("zh-Hant")
    assert t.named("jurisdiction", "HK") == "香港"
    assert t.named("jurisdiction", "SG") == "SG"
    assert t.listed("profession", ("doctor", "nurse")) == "醫生、護士"
    with pytest.raises(KeyError):
        t("no.such_key")


def test_the_languages_are_those_of_the_contract() -> None:
    assert {path.stem for path in (UI / "locale").glob("*.yaml")} == set(LANGUAGES)
