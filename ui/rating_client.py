"""The calls about ratings by people. Every method raises ServiceError."""

from __future__ import annotations

from urllib.parse import quote

from ui.client import Body, Service
from ui.rating_contract import Batch, Counts, Dispute, DisputeLine, Rubric, Task


class RatingService(Service):
    """The service, on behalf of somebody who rates, or settles where raters differ."""

    def batches(self) -> list[Batch]:
        """Every batch, the newest first."""
        return self._get("/rating/batches", list[Batch])

    def batch(self, name: str) -> Batch:
        """One batch."""
        return self._get(_path(name), Batch)

    def rubric(self, name: str, language: str) -> Rubric:
        """What its raters go by."""
        return self._get(f"{_path(name)}/rubric", Rubric, {"lang": language})

    def begin(self, name: str) -> Batch:
        """Become one of its raters."""
        return self._post(f"{_path(name)}/begin", Batch, {})

    def task(self, name: str, position: int) -> Task:
        """The item at a place in this visitor's order."""
        return self._get(f"{_path(name)}/mine/{position}", Task)

    def rate(self, name: str, position: int, change: Body) -> Task:
        """Store a change of a rating; it can be sent again."""
        return self._patch(f"{_path(name)}/mine/{position}", Task, change)

    def close(self, name: str) -> Batch:
        """Close this visitor's ratings."""
        return self._post(f"{_path(name)}/hand-in", Batch, {})

    def disputes(self, name: str) -> list[DisputeLine]:
        """Where raters differ."""
        return self._get(f"{_path(name)}/disputes", list[DisputeLine])

    def dispute(self, name: str, number: int) -> Dispute:
        """One item on which they do."""
        return self._get(f"{_path(name)}/disputes/{number}", Dispute)

    def settle(self, name: str, number: int, ruling: Body) -> Dispute:
        """Settle one dimension of it."""
        return self._post(f"{_path(name)}/disputes/{number}", Dispute, ruling)

    def counts(self, name: str) -> Counts:
        """What was given, counted."""
        return self._get(f"{_path(name)}/counts", Counts)


def _path(name: str) -> str:
    return f"/rating/batches/{quote(name, safe='')}"
