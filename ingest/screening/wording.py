"""One way of speaking to a language model: its form, and the words without which it cannot be."""

from __future__ import annotations

import re


class Wording:
    """A pattern behind a gate.

    Most passages speak to nobody. To look for a few words costs a hundredth of what a pattern
    with many branches costs, so the pattern is tried only where the words of its gate are there.
    """

    def __init__(self, rule: str, gate: str, pattern: str) -> None:
        """Declares one.

        Args:
            rule: one of `ingest.screening.RULES`.
            gate: groups of small-letter words, `a|b & c`; of each group one must occur.
            pattern: a blank stands for any white space.
        """
        self.rule = rule
        self.pattern = re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)
        self._gate = tuple(tuple(group.strip().split("|")) for group in gate.split("&"))

    def may_occur(self, lowered: str) -> bool:
        """Whether a text in small letters, its white space folded, holds the words of the gate."""
        return all(any(word in lowered for word in group) for group in self._gate)
