"""The words of a report: `locale/<language>.yaml`, one flat table per language.

What is named in a log (tasks, groups, figures, samples) has no translation, and stands as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from ingest import Language

FOLDER = Path(__file__).parent / "locale"
ONE = "_one"
"""A key with this at its end is the text for a count of one, where a language has another."""


@cache
def table(language: Language) -> Mapping[str, str]:
    """Every text of a language by its key; `{named}` blanks are filled in."""
    raw = YAML(typ="safe", pure=True).load((FOLDER / f"{language}.yaml").read_bytes())
    return {name: str(text) for name, text in raw.items()}


class Words:
    """Texts in one language. Call it with a key and what fills the blanks."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._texts = table(language)

    def __call__(self, key: str, **blanks: str | int) -> str:
        """The text under `key`, that for one thing where the blank `count` is 1.

        Raises:
            KeyError: there is none, or a blank was left open.
        """
        text = self._texts[key]
        if blanks.get("count") == 1:
            text = self._texts.get(key + ONE, text)
        return text.format(**blanks) if blanks else text

    def of_script(self) -> dict[str, str]:
        """The texts that the script of the report fills in itself: their keys begin with `js_`."""
        return {k.removeprefix("js_"): v for k, v in self._texts.items() if k.startswith("js_")}
