"""The two things only a script in the browser can do. Fixed text, nothing from data."""

from __future__ import annotations

import streamlit as st

from ui.contract import Language

_END_OF_TALK = ".st-key-mx-talk > :last-child"
_QUOTE = ".mx-passage mark"
_SCROLL = """<script>
/* {mark} */
setTimeout(() => {{
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector('{place}')?.scrollIntoView(
    {{ block: "{edge}", behavior: calm ? "auto" : "smooth" }});
}}, 200);
</script>"""


def tell_language(language: Language) -> None:
    """Screen readers choose the voice, and browsers the form of Chinese characters, by this."""
    st.html(
        f"<script>document.documentElement.lang = {language!r};</script>",
        unsafe_allow_javascript=True,
    )


def scroll_to_end(mark: int) -> None:
    """Bring the end of the dialogue into view, once for each `mark`.

    The browser runs a script again only where its text has changed.
    """
    _scroll(_END_OF_TALK, "nearest", mark)


def scroll_to_quote() -> None:
    """Bring the quote of the open passage into view."""
    _scroll(_QUOTE, "center", 0)


def _scroll(place: str, edge: str, mark: int) -> None:
    script = _SCROLL.format(place=place, edge=edge, mark=mark)
    st.html(script, unsafe_allow_javascript=True)
