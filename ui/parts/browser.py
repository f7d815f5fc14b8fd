"""The two things only a script in the browser can do. Fixed text, nothing from data."""

from __future__ import annotations

import streamlit as st

from ui.contract import Language

# The mark makes the text of a script new, and only a new text is run again by the browser.
_END_OF_TALK = """<script>
/* {mark} */
setTimeout(() => {{
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector(".st-key-mx-talk > :last-child")?.scrollIntoView(
    {{ block: "nearest", behavior: calm ? "auto" : "smooth" }});
}}, 200);
</script>"""
_TOP = """<script>
/* {mark} */
setTimeout(() => document.querySelector("[data-testid=stMain]")?.scrollTo({{ top: 0 }}), 150);
</script>"""
_QUOTE = """<script>
setTimeout(() => {
  const box = document.querySelector(".mx-passage");
  const mark = box?.querySelector("mark");
  if (mark) box.scrollTop += mark.getBoundingClientRect().top
    - box.getBoundingClientRect().top - box.clientHeight / 3;
}, 150);
</script>"""


def tell_language(language: Language) -> None:
    """Screen readers choose the voice, and browsers the form of Chinese characters, by this."""
    st.html(
        f"<script>document.documentElement.lang = {language!r};</script>",
        unsafe_allow_javascript=True,
    )


def scroll_to_end(mark: int) -> None:
    """Bring the end of the dialogue into view, once for each `mark`."""
    st.html(_END_OF_TALK.format(mark=mark), unsafe_allow_javascript=True)


def scroll_to_top(mark: int) -> None:
    """Bring the beginning of the page into view, once for each `mark`."""
    st.html(_TOP.format(mark=mark), unsafe_allow_javascript=True)


def scroll_to_quote() -> None:
    """Bring the quote of the open passage into view, inside the box of the passage."""
    st.html(_QUOTE, unsafe_allow_javascript=True)
