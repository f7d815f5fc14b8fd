"""What is kept: users, sessions and their events."""

from __future__ import annotations

from tutor.records.database import open_database
from tutor.records.ratings import RatingStore
from tutor.records.rows import Stored, StoredEvents, TurnKey
from tutor.records.selftests import Form, HandedIn, SelfTestStore
from tutor.records.store import EventStore, SessionRecord
from tutor.records.usage import UsageLine, UsageStore
from tutor.records.users import ROLES, Role, User, UserStore, add_user

__all__ = [
    "ROLES",
    "EventStore",
    "Form",
    "HandedIn",
    "RatingStore",
    "Role",
    "SelfTestStore",
    "SessionRecord",
    "Stored",
    "StoredEvents",
    "TurnKey",
    "UsageLine",
    "UsageStore",
    "User",
    "UserStore",
    "add_user",
    "open_database",
]
