"""The calls about the review queue. Every method raises ServiceError."""

from __future__ import annotations

from ui.client import Body, Service
from ui.review_contract import Decision, Decisions, Gain, ItemDetail, Page


class ReviewService(Service):
    """The service, on behalf of an educator."""

    def items(self, offset: int, limit: int, **filters: str | None) -> Page:
        """Some of the queue; filters are `case`, `lang`, `reason` and `state`."""
        query = {"offset": str(offset), "limit": str(limit)}
        query |= {name: value for name, value in filters.items() if value}
        return self._get("/review/items", Page, query)

    def item(self, item_id: int) -> ItemDetail:
        """One judgement, with everything needed to decide."""
        return self._get(f"/review/items/{item_id}", ItemDetail)

    def decide(
        self,
        item: ItemDetail,
        verdict: str,
        text: str | None = None,
        misconception: str | None = None,
    ) -> ItemDetail:
        """Decide on it as it was seen."""
        body: Body = {
            "verdict": verdict,
            "version": item.version,
            "text": text,
            "misconception": misconception,
        }
        return self._post(f"/review/items/{item.id}/decisions", ItemDetail, body)

    def decisions(self, offset: int, limit: int) -> Decisions:
        """What was decided, the newest first."""
        query = {"offset": str(offset), "limit": str(limit)}
        return self._get("/review/decisions", Decisions, query)

    def revoke(self, decision: Decision) -> Decision:
        """Take a decision back."""
        body: Body = {"subject": decision.subject, "version": decision.version}
        return self._post("/review/decisions/revoke", Decision, body)

    def gains(self) -> list[Gain]:
        """What cases have gained."""
        return self._get("/review/gains", list[Gain])
