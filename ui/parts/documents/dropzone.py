"""The words inside Streamlit's box for files, which it has in English only.

Its button and its line of limits are given our words by the style of the page, as generated text.
"""

from __future__ import annotations

import re

import streamlit as st

from ui.i18n import Translator
from ui.parts.markup import show

_BUTTON = '[data-testid="stFileUploaderDropzone"] button p:not(:empty)'
_LIMITS = '[data-testid="stFileUploaderDropzoneInstructions"] span'

ONE_KIND = "mx-one-kind"
"""Key of a container around a box that takes one kind of file, which its label names."""


def translate_dropzones(t: Translator) -> None:
    """Every box for files of the page, in the reader's language."""
    size = str(st.get_option("server.maxUploadSize"))
    show(
        f"<style>{_BUTTON}, {_LIMITS} {{ font-size: 0 !important; white-space: normal; }}"
        + _said(_BUTTON, t("upload.choose"), ".875rem")
        + _said(_LIMITS, t("upload.limits", size=size), ".86rem")
        + _said(f".st-key-{ONE_KIND} {_LIMITS}", t("upload.size", size=size), ".86rem")
        + "</style>"
    )


def _said(where: str, text: str, size: str) -> str:
    return f'{where}::after {{ content: "{_css_text(text)}"; font-size: {size}; }}'


def _css_text(text: str) -> str:
    """A text as the inside of a CSS string: whatever is no letter or digit is escaped."""
    return re.sub(r"[^\w ]", lambda match: f"\\{ord(match[0]):x} ", text)
