"""What the service may refuse, each with what to do about it.

    ServiceError
        NotFound            there is no such case, session, passage or page
        InvalidRequest      what was sent cannot be used as it is
        TooLarge            an answer or a question is longer than the limit
        UploadTooLarge      a request with files is larger than the limit
        StaleTurn           the session has moved on; `current` is how it stands now
        SessionEnded        the session has ended
        Conflict            the request contradicts something done before
        Unauthenticated     nobody knows who is asking
        TooManyAttempts     a name was tried too often
        Forbidden           the account lacks the role
        NotReady            models, index or records are not there yet
        RecordsError        the records cannot be read or written
            RecordsFull     the disk is full
            BrokenRecord    a stored event is not what was once written

`str(error)` is a sentence that a user may be shown; `error.remedy` is the next step; `error.name`
is the last part of the problem type of the HTTP interface.
"""

from __future__ import annotations

from typing import ClassVar


class ServiceError(Exception):
    """The root of the tree."""

    name: ClassVar[str] = "internal"

    def __init__(self, message: str, *, remedy: str) -> None:
        """Takes a sentence that says what happened, and one that says what to do."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class NotFound(ServiceError):
    """There is none of that name, or not for this user: the two are not told apart."""

    name = "not-found"

    def __init__(self, what: str, *, remedy: str = "Go back and choose from the list.") -> None:
        """`what` completes "There is no ... here"."""
        super().__init__(f"There is no {what} here.", remedy=remedy)


class InvalidRequest(ServiceError):
    """What was sent cannot be used as it is."""

    name = "validation"


class TooLarge(ServiceError):
    """A text is longer than the limit; nothing of it was stored."""

    name = "too-large"

    def __init__(self, what: str, length: int, limit: int) -> None:
        """Length and limit in characters."""
        super().__init__(
            f"{what} has {length:,} characters, and at most {limit:,} can be taken.",
            remedy="Shorten it, or send it in parts; what you wrote has not been lost.",
        )
        self.limit = limit


class UploadTooLarge(ServiceError):
    """A request with files is larger than the limit; nothing of it was stored."""

    name = "too-large"

    def __init__(self, limit: int) -> None:
        """Takes the limit in bytes."""
        super().__init__(
            f"The upload is larger than {limit // 2**20} MiB; nothing of it was stored.",
            remedy="Send fewer files at once, or smaller ones.",
        )


class StaleTurn(ServiceError):
    """The session went on since the client last saw it, in another window for instance."""

    name = "stale-turn"

    def __init__(self, expected: int, found: int, current: object = None) -> None:
        """Sequence numbers of the last event, as the client thought and as it is.

        `current` is the session as it stands, for the client to show.
        """
        super().__init__(
            f"The session has moved on: it stands at {found}, and {expected} was expected.",
            remedy="Look at what is new, then send your reply again.",
        )
        self.expected = expected
        self.found = found
        self.current = current


class SessionEnded(ServiceError):
    """The session takes nothing more."""

    name = "session-closed"

    def __init__(self, message: str = "This session has ended.") -> None:
        """Takes the sentence that says so."""
        super().__init__(message, remedy="Open the case again to work it once more.")


class Conflict(ServiceError):
    """The request contradicts something done before."""

    name = "conflict"


class Unauthenticated(ServiceError):
    """No token, or one that is wrong or has run out; or a name and password that do not fit."""

    name = "unauthenticated"

    def __init__(
        self,
        message: str = "This needs an account, and no valid sign-in came with it.",
        *,
        remedy: str = "Sign in, then try again.",
    ) -> None:
        """The same words for every cause, so that nobody learns which names exist."""
        super().__init__(message, remedy=remedy)


class TooManyAttempts(ServiceError):
    """A name was tried too often with a wrong password."""

    name = "too-many-attempts"

    def __init__(self, seconds: int) -> None:
        """Takes how long to wait, in whole seconds."""
        super().__init__(
            "There were too many failed sign-ins for this name.",
            remedy=f"Wait {seconds} seconds, then try again.",
        )
        self.seconds = seconds


class Forbidden(ServiceError):
    """The account lacks the role."""

    name = "forbidden"

    def __init__(self, role: str) -> None:
        """Takes the role that is needed."""
        super().__init__(
            f"This is for accounts with the role “{role}”.",
            remedy="Ask the administrator of this service to give your account that role.",
        )


class NotReady(ServiceError):
    """Something the request needs is still being loaded, or failed to load."""

    name = "not-ready"


class RecordsError(ServiceError):
    """The records cannot be read or written; what was acknowledged before is safe."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        """A remedy may be left out: the general one is to look at the log and try again."""
        super().__init__(
            message,
            remedy=remedy or "Try again; if it fails again, tell whoever runs this service.",
        )


class RecordsFull(RecordsError):
    """The disk, or the quota of the database, is full."""

    name = "storage-full"

    def __init__(self) -> None:
        """Says the same whatever was being written."""
        super().__init__(
            "Nothing more can be stored: the disk of this service is full.",
            remedy="Keep your text, ask for space to be freed, and send it again.",
        )


class BrokenRecord(RecordsError):
    """A stored event is not what was once written."""

    def __init__(self, session_id: str, seq: int, reason: str) -> None:
        """`reason` completes "cannot be read: ...", without a full stop."""
        super().__init__(
            f"Event {seq} of session {session_id} cannot be read: {reason}.",
            remedy="Restore the records from a backup, or delete the session and begin again.",
        )
