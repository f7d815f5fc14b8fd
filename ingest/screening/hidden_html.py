"""Text of a saved web page that its own styles hide.

Only styles that the file itself holds are known. Where a page takes its colours from elsewhere,
white letters may stand on any ground and are not counted. Text for screen readers, which is cut
to nothing instead of hidden, is meant to be read and is not counted either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser

from ingest.screening.runs import HiddenRun, Runs

MAX_CHARACTERS = 20_000_000
MOST_SHEETS = 200
_SILENT = frozenset({"script", "style", "template", "noscript", "title", "head"})
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "section",
        "article",
        "table",
        "ul",
        "ol",
    ]
)
_CHARSET = re.compile(rb"charset=[\"']?\s*([a-zA-Z0-9_-]+)", re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]{0,400}>", re.IGNORECASE)
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{1,4000})\}")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?(?:[.#][\w-]+)?", re.IGNORECASE)
_NOTHING = re.compile(r"0*(?:\.0+)?(?:0|(?:0|1|1\.9)(?:\.\d+)?(?:px|pt))(?:px|pt|em|rem|%)?")
_AWAY = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|pt|rem)|-\d{4,}%")
_WHITE = re.compile(
    r"#f[a-f]f[a-f]f[a-f]\b|#fff\b|white\b|rgba?\(\s*25[0-5]\s*,\s*25[0-5]\s*,\s*25[0-5]\b"
    r"|hsla?\([^)]*,\s*100%\s*[,)]",
    re.IGNORECASE,
)
_CLEAR = re.compile(r"\btransparent\b|rgba\([^)]*,\s*0(?:\.0+)?\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Look:
    tag: str
    gone: bool = False
    invisible: bool = False
    tiny: bool = False
    away: bool = False
    white: bool = False
    clear: bool = False
    ground: bool = False
    """Whether something else than white may lie behind it."""

    @property
    def rule(self) -> str | None:
        """Why it cannot be seen."""
        if self.gone or self.invisible:
            return "not-displayed"
        if self.tiny:
            return "tiny-text"
        if self.away:
            return "off-page"
        if self.clear or (self.white and not self.ground):
            return "background-colour"
        return None


def runs_of_html(data: bytes) -> tuple[HiddenRun, ...]:
    """The hidden runs of a web page."""
    parser = _Page(_decoded(data)[:MAX_CHARACTERS])
    return tuple(parser.runs)


def _decoded(data: bytes) -> str:
    stated = _CHARSET.search(data[:4096])
    for name in (stated[1].decode("ascii") if stated else "utf-8", "utf-8"):
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


class _Page(HTMLParser):
    """Follows the elements that are open and how each looks."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.runs = Runs()
        self._styles = _style_sheet(html)
        self._foreign = re.search(r"<link[^>]{1,400}stylesheet|@import", html, re.I) is not None
        self._open: list[_Look] = [_Look("")]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.runs.add(None, "\n")
        if tag not in _VOID:
            self._open.append(self._look(tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        at = next((i for i in range(len(self._open) - 1, 0, -1) if self._open[i].tag == tag), 0)
        if at:
            del self._open[at:]
        if tag in _BLOCKS:
            self.runs.add(None, "\n")

    def handle_data(self, data: str) -> None:
        look = self._open[-1]
        if look.tag not in _SILENT:
            self.runs.add(look.rule, data)

    def _look(self, tag: str, attributes: dict[str, str]) -> _Look:
        above = self._open[-1]
        style: dict[str, str] = {}
        names = [tag, *(f".{c}" for c in attributes.get("class", "").split())]
        names += [f"#{attributes['id']}"] if attributes.get("id") else []
        for name in names:
            style |= self._styles.get(name, {}) | self._styles.get(f"{tag}{name}", {})
        style |= _declarations(attributes.get("style", ""))
        styled = self._foreign and len(names) > 1 and tag not in {"html", "body"}
        look = replace(above, tag=tag, ground=above.ground or styled)
        if "bgcolor" in attributes:
            look = replace(look, ground=not _WHITE.match(attributes["bgcolor"]))
        if "hidden" in attributes and style.get("display", "none") == "none":
            look = replace(look, gone=True)
        return _styled(look, style) if style else look


def _styled(look: _Look, style: dict[str, str]) -> _Look:
    """What the declarations of an element make of what it takes over."""
    gone = look.gone or style.get("display") == "none" or style.get("opacity") in {"0", "0.0"}
    away = look.away or (
        style.get("position") in {"absolute", "fixed"}
        and any(_AWAY.match(style.get(side, "")) for side in ("left", "top", "right", "bottom"))
    )
    away = away or bool(_AWAY.match(style.get("text-indent", "")))
    look = replace(look, gone=gone, away=away)
    if "visibility" in style:
        look = replace(look, invisible=style["visibility"] in {"hidden", "collapse"})
    if "font-size" in style:
        look = replace(look, tiny=bool(_NOTHING.fullmatch(style["font-size"])))
    if "color" in style:
        colour = style["color"]
        clear = bool(_CLEAR.search(colour))
        look = replace(look, white=bool(_WHITE.match(colour)) and not clear, clear=clear)
    ground = style.get("background-color") or style.get("background")
    if ground and not _CLEAR.search(ground) and ground not in {"none", "inherit", "initial"}:
        look = replace(look, ground=not _WHITE.match(ground) or "url(" in ground)
    if "background-image" in style and style["background-image"] != "none":
        look = replace(look, ground=True)
    return look


def _style_sheet(html: str) -> dict[str, dict[str, str]]:
    """Declarations by simple selector: an element, a class, an id, or an element with either."""
    found: dict[str, dict[str, str]] = {}
    for sheet in _sheets(html):
        # What holds for print or a small screen only does not hide anything here.
        plain = re.sub(
            r"@[\w-]+[^{};]{0,400}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", _without_comments(sheet)
        )
        for selectors, body in _RULE.findall(plain):
            for selector in selectors.split(","):
                name = selector.strip()
                if name and _SIMPLE.fullmatch(name):
                    found.setdefault(name, {}).update(_declarations(body))
    return found


def _sheets(html: str) -> Iterator[str]:
    """The style sheets, found in one pass however many are opened and never closed."""
    lowered = html.lower()
    at = 0
    for _ in range(MOST_SHEETS):
        opening = _STYLE.search(html, at)
        at = lowered.find("</style", opening.end()) if opening else -1
        if opening is None or at < 0:
            return
        yield html[opening.end() : at]


def _without_comments(sheet: str) -> str:
    parts: list[str] = []
    at = 0
    while (start := sheet.find("/*", at)) >= 0 and (end := sheet.find("*/", start)) >= 0:
        parts.append(sheet[at:start])
        at = end + 2
    return "".join([*parts, sheet[at:]])


def _declarations(style: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {
        name.strip().lower(): value.replace("!important", "").strip().lower()
        for name, value in pairs
    }
