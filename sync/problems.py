"""The ways a caller can be wrong, without HTTP.

A conflict is an outcome, not a problem. A problem is a request nobody can answer: the caller maps
`code` to a status and to sentences for people.
"""


class SyncProblem(Exception):
    """A request the engine cannot answer. `code` is stable; `details` may be shown."""

    code = "sync-problem"

    def __init__(self, **details: object) -> None:
        super().__init__(f"{self.code}: {details}" if details else self.code)
        self.details = details


class CursorUnreadable(SyncProblem):
    """The cursor was not made by this server: the phone starts again from an empty one and loses nothing."""

    code = "cursor-unreadable"


class ChoiceIncomplete(SyncProblem):
    """A decision for another value must name exactly the properties of the conflict."""

    code = "choice-incomplete"


class MergedInACircle(SyncProblem):
    """Records were merged into each other in a circle: none survives until a person undoes one merge."""

    code = "merged-in-a-circle"
