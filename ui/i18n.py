"""The words of the pages: `ui/locale/<language>.yaml`, one flat table per language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from ui.contract import LANGUAGES, Language

FOLDER = Path(__file__).parent / "locale"


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Every text of a language by its key, `page.what` -> text with `{named}` blanks."""
    raw = YAML(typ="safe", pure=True).load((FOLDER / f"{language}.yaml").read_bytes())
    return {
        f"{group}.{name}": str(text) for group, texts in raw.items() for name, text in texts.items()
    }


class Translator:
    """Texts in one language. Call it with a key and what fills the blanks."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = catalogue(language)

    def __call__(self, key: str, **blanks: str | int) -> str:
        """The text under `key`.

        Raises:
            KeyError: there is none, or a blank was left open.
        """
        return self._texts[key].format(**blanks) if blanks else self._texts[key]

    def named(self, group: str, code: str) -> str:
        """What a code of the service is called (`profession`, `nurse`); an unknown one as it is."""
        return self._texts.get(f"{group}.{code}", code)

    def listed(self, group: str, codes: tuple[str, ...]) -> str:
        """Several codes, in words, in the language's way of listing."""
        return self("common.list_comma").join(self.named(group, code) for code in codes)

    def knows(self, key: str) -> bool:
        """Whether there is a text under `key`."""
        return key in self._texts


def from_locale(locale: str | None) -> Language:
    """The language to begin with, from what the browser says it prefers (`zh-HK`, `en-GB`)."""
    tag = (locale or "").replace("_", "-").lower()
    if not tag.startswith("zh"):
        return "en"
    parts = tag.split("-")
    if "hans" in parts:
        return "zh-Hans"
    traditional = {"hant", "hk", "mo", "tw"} & set(parts)
    return "zh-Hant" if traditional else "zh-Hans"


__all__ = ["FOLDER", "LANGUAGES", "Translator", "catalogue", "from_locale"]
