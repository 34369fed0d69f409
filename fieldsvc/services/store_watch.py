"""Whether jobs have waited too long for the store of photos: an outage ends by itself, a wrong key does not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc.problems import FilesAway
from fieldsvc.services.context import Context
from fieldsvc.store import jobs

_HOUR_MS = 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many jobs wait because the store took or gave no file, and for how many hours the first of them has."""

    number: int
    hours: int

    @property
    def is_alarm(self) -> bool:
        """Whether somebody should see to it: nothing is lost, but no photo is opened and no file made."""
        return self.hours > 0


def waiting(ctx: Context, session: Session) -> Waiting:
    """How it is now."""
    number, since = jobs.put_off_for(session, FilesAway.__name__)
    return Waiting(number, 0 if since is None else (ctx.now_ms() - since) // _HOUR_MS)


def standing(ctx: Context) -> Waiting:
    """`waiting`, for a page of the office."""
    with ctx.db.read() as session:
        return waiting(ctx, session)
