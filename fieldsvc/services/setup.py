"""Beginning: the county's feed, its area, the first administrator, and who the console is.

Whoever has a shell on the server can read its database; the commands let them do so in order, and the
audit log says that it was done from the console.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from fieldsvc.services.access import Actor, Role
from fieldsvc.services.context import Context
from fieldsvc.services.passwords import hash_password
from fieldsvc.store import areas, audit, feeds, people

CONSOLE = "console"


class AlreadyBegun(Exception):
    """This database holds a county already; nothing was changed."""


class NotBegun(Exception):
    """This database holds no county yet."""


def begin(ctx: Context, *, county: str, code: str, name: str, login: str, password: str) -> str:
    """Begin a county's feed with its area and its first administrator; return the feed's id."""
    password_hash = hash_password(password)
    now, feed_id, area_id, person_id = ctx.now_ms(), ctx.new_id(), ctx.new_id(), ctx.new_id()
    with ctx.db.write() as session:
        if feeds.any_feed(session) is not None:
            raise AlreadyBegun
        feeds.add(session, feed_id=feed_id, name=county, epoch=ctx.new_id()[-12:])
        areas.add(session, id=area_id, feed_id=feed_id, code=code, name=county, level="county", path=f"/{area_id}/")
        people.add(
            session,
            id=person_id,
            feed_id=feed_id,
            name=name,
            staff_no=login,
            password_hash=password_hash,
            locale="zh",
            active=True,
            created_at=now,
        )
        people.add_role(session, person_id, "administrator", area_id, now)
        audit.append(session, feed_id, [audit.Entry(now, None, "begin", f"feed:{feed_id}")])
    return feed_id


def console(ctx: Context) -> Actor:
    """The person at the server's own console: an administrator of everything in the one county here."""
    with ctx.db.read() as session:
        return _console(session)


def _console(session: Session) -> Actor:
    feed_id = feeds.any_feed(session)
    if feed_id is None:
        raise NotBegun
    return Actor(CONSOLE, CONSOLE, feed_id, None, (Role("administrator", "/"),))
