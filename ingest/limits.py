"""How much one file may cost before its reading is given up."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reading of one file may take; a guideline of 500 pages takes a hundredth of it."""

    seconds: float = 120.0
    """Wall-clock time for a file, whatever its length."""
    seconds_per_page: float = 0.5
    """Added for each page of a file that has pages."""
    seconds_per_scan: float = 60.0
    """Added for each page whose text has to be recognised; also the most that one may take."""
    memory_bytes: int = GIB * 3 // 2
    """Address space beyond what the reading process has when it starts."""
    pages: int = 10_000
    scans: int = 500
    """Pages of one file whose text is recognised; those beyond stay unread."""
    characters: int = 50_000_000
    """Of text in one document."""

    def allowance(self, pages: int = 0, scans: int = 0) -> float:
        """Seconds for a file of so many pages, so many of them scans."""
        paged = min(pages, self.pages) * self.seconds_per_page
        return self.seconds + paged + min(scans, self.scans) * self.seconds_per_scan


DEFAULT_LIMITS = Limits()
