"""Catching a phone up: a snapshot of its scope in resumable pages, then what changed since, page by page.

One page is read in one snapshot of the database, and its cursor covers exactly what it carries: a phone may
stop after any page, for two days or for ever, and loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy.orm import Session

from fieldsvc.services import notices, returns, wire
from fieldsvc.services.access import Actor, villages_to_register_in
from fieldsvc.services.context import Context
from fieldsvc.services.cursors import Place
from fieldsvc.services.intake import receipts
from fieldsvc.store import changes, pull, scope
from fieldsvc.store.submissions import RETURNED
from sync.feed import Cursor, Standing, standing
from sync.problems import CursorUnreadable

Item = dict[str, Any]

#: Rows looked at for one page; what they amount to is measured in bytes.
_MOST_ROWS = 400
_SUBJECTS_AT_ONCE = 25
#: Operations whose rows are read together; some may be read for the next page.
_GROUPS_AT_ONCE = 40
#: How far back a new phone sees a household's visits: last year's same month is in it.
_HISTORY_MS = 400 * 86_400_000


def pull_page(ctx: Context, by: Actor, cursor: str | None, receipt_position: int = 0) -> Item:
    """The next page for this phone: `epoch`, `pull`, `changes`, `scope`, `notices`, `cursor`, `more`, `roles`.

    With the first page, and whenever households or areas come or go, also `villages`: where this person may
    register one.
    `receipt_position` is the highest place in the feed that this very answer gives a receipt for. A cursor
    of another history answers `pull: reset` with no cursor: the phone pushes again what it kept and starts
    over with a snapshot (protocol 5.5).
    """
    try:
        asked = Place.decode(cursor) if cursor else None
    except CursorUnreadable:
        return {"epoch": epoch(ctx, by), "pull": "reset"}
    with ctx.db.read() as session:
        head, continues = _standing(session, by.feed_id, asked)
        if not continues:
            return {"epoch": head.epoch, "pull": "reset"}
        place = asked or Place(Cursor(head.epoch, head.position, head.tag), "")
        if receipt_position:
            tag = changes.tag_at(session, by.feed_id, receipt_position) or ""
            place = replace(place, cursor=place.cursor.with_receipt(receipt_position, tag))
        page = _Page(ctx.settings.page_bytes)
        if place.after is not None:
            place = _snapshot(ctx, session, by, place, page)
        else:
            place = _feed(ctx, session, by, place, head, page)
            if page.add:
                page.notices = [*notices.decisions_with(session, by, page.given, page.notices), *page.notices]
            if page.add or page.remove or page.areas_moved:
                page.villages = villages_to_register_in(session, by)
        if page.add and (sent_back := page.sent_back()):
            page.notices = [*returns.open_among(session, by, sent_back, ctx.now_ms()), *page.notices]
        if page.notices:
            page.notices = _with_receipts(session, by, notices.theirs(session, by, page.notices))
    return {"epoch": head.epoch, "pull": "ok", **page.as_json(), "cursor": place.encode(), "roles": by.role_names}


def continues(ctx: Context, by: Actor, cursor: str | None) -> bool:
    """Whether this server still is in the history that a phone knows by its cursor; one without any knows none."""
    try:
        asked = Place.decode(cursor) if cursor else None
    except CursorUnreadable:
        return False
    with ctx.db.read() as session:
        return _standing(session, by.feed_id, asked)[1]


def epoch(ctx: Context, by: Actor) -> str:
    """Which of its histories the server is in."""
    with ctx.db.read() as session:
        return pull.head(session, by.feed_id).epoch


def _with_receipts(session: Session, by: Actor, items: Sequence[Item]) -> list[Item]:
    """The notices, each verdict with the operation's receipt as it stands now; of several, the last is enough."""
    last = {item["operation"]: item["id"] for item in items if item["kind"] == "verdict"}
    told = receipts.of_ids(session, by.feed_id, by.person_id, last)
    return [
        {**item, "receipt": told[item["operation"]].as_json()} if item["kind"] == "verdict" else item
        for item in items
        if item["kind"] != "verdict" or (item["operation"] in told and last[item["operation"]] == item["id"])
    ]


def _standing(session: Session, feed_id: str, asked: Place | None) -> tuple[pull.Head, bool]:
    """Where the feed ends, and whether the rows this phone remembers are still there, under the same tags."""
    if asked is None:
        return pull.head(session, feed_id), True
    at = asked.cursor
    head, tag, receipt_tag = pull.head_and_tags(session, feed_id, at.position, at.receipt_position)
    found = standing(at, epoch=head.epoch, tag=tag, receipt_tag=receipt_tag)
    return head, found is Standing.CONTINUES


class _Page:
    """What one answer carries, and whether it is full."""

    def __init__(self, most_bytes: int) -> None:
        self.changes: list[Item] = []
        self.add: list[Item] = []
        self.remove: list[str] = []
        self.notices: list[Item] = []
        self.villages: list[tuple[str, str]] | None = None
        self.areas_moved = False
        self.more = False
        self._left = most_bytes

    def put(self, items: Sequence[Item]) -> None:
        """Carry these changes."""
        self.changes += items
        self._left -= sum(len(orjson.dumps(item)) for item in items)

    @property
    def given(self) -> set[str]:
        """The households that come with it."""
        return {item["subject"] for item in self.add}

    def sent_back(self) -> list[str]:
        """The visits among what comes with these households that were sent back."""
        given = self.given
        visits = (item for item in self.changes if item["kind"] == "submission" and item["state"] == RETURNED)
        return [item["id"] for item in visits if item["subject"] in given]

    @property
    def full(self) -> bool:
        """Whether what comes next belongs on another page: thirty seconds of signal must bring one home."""
        return self._left <= 0

    def as_json(self) -> Item:
        """The page without its empty parts: a sync with nothing new must stay small."""
        body: Item = {}
        if self.changes:
            body["changes"] = self.changes
        if self.add or self.remove:
            body["scope"] = {"add": self.add, "remove": self.remove}
        if self.notices:
            body["notices"] = self.notices
        if self.villages is not None:
            body["villages"] = self.villages
        if self.more:
            body["more"] = True
        return body


def _snapshot(ctx: Context, session: Session, by: Actor, place: Place, page: _Page) -> Place:
    """Subject by subject in order of id, so that a broken snapshot goes on where it broke.

    Rows may be newer than the position the snapshot stands for; the feed that follows repeats them, and a
    phone keeps the higher version.
    """
    after = place.after or ""
    if not after:
        page.put(wire.published(session, by.person_id))
        page.villages = villages_to_register_in(session, by)
        page.notices = notices.newest(session, by)
    since = ctx.now_ms() - _HISTORY_MS
    while held := scope.held_after(session, by.feed_id, by.person_id, after, _SUBJECTS_AT_ONCE):
        items = _everything_of(session, by, dict(held), since)
        # At least one subject a page, however small: a page that brings none would be asked for for ever.
        for after, role in held:
            page.add.append({"subject": after, "role": role})
            # A phone that starts with nothing need not learn what is gone.
            page.put([item for item in items.get(after, ()) if not item.get("deleted") and not item.get("merged_into")])
            if page.full:
                page.more = True
                return replace(place, after=after)
    return Place(place.cursor)


def _everything_of(session: Session, by: Actor, held: Mapping[str, str], since: int) -> dict[str, list[Item]]:
    """What travels with these subjects, by subject."""
    found: dict[str, list[Item]] = {}
    if not held:
        return found
    for item in wire.entities(session, by.feed_id, subjects=held.keys()):
        found.setdefault(item["subject"], []).append(item)
    for item in wire.submissions(session, by.feed_id, subjects=held.keys(), since=since):
        found.setdefault(item["subject"], []).append(item)
    return found


def _feed(ctx: Context, session: Session, by: Actor, place: Place, head: pull.Head, page: _Page) -> Place:
    """What changed after the cursor in topics this person follows, in the order it was committed."""
    if place.cursor.position == head.position:
        return Place(place.cursor)  # nobody has written anything since, whoever it concerns
    rows, more = pull.rows_after(session, by.feed_id, by.person_id, place.cursor.position, _MOST_ROWS)
    since = ctx.now_ms() - _HISTORY_MS
    groups = _together(rows)
    for start in range(0, len(groups), _GROUPS_AT_ONCE):
        chunk = groups[start : start + _GROUPS_AT_ONCE]
        present = _Present(session, by, [row for group in chunk for row in group], since)
        for group in chunk:
            if page.full:
                page.more = True
                return place
            present.carry(group, page)
            place = Place(replace(place.cursor, position=group[-1].position, tag=group[-1].tag))
    page.more = more
    # Nothing of ours is left: stand at the end, so that the next seek starts there.
    return place if more else Place(replace(place.cursor, position=head.position, tag=head.tag))


def _together(rows: Sequence[Any]) -> list[list[Any]]:
    """Rows by what was committed together: a page never shows a visit without the household it changed."""
    groups: list[list[Any]] = []
    for row in rows:
        last = groups[-1][-1] if groups else None
        if last is not None and row.operation_id is not None and last.operation_id == row.operation_id:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


class _Present:
    """The present state of what some feed rows speak of, read together: a page costs a few queries, not a few a row."""

    def __init__(self, session: Session, by: Actor, rows: Sequence[Any], since: int) -> None:
        ids: dict[str, set[str]] = {}
        for row in rows:
            ids.setdefault(row.kind, set()).add(row.ref_id)
        moved = ids.get("scope", set())
        self._entities = _by_id(wire.entities(session, by.feed_id, ids=ids.get("entity", ())))
        self._submissions = _by_id(wire.submissions(session, by.feed_id, ids=ids.get("submission", ())))
        subjects = moved | {item["subject"] for item in self._entities.values()}
        self._held = pull.scope_roles(session, by.feed_id, by.person_id, subjects) if subjects else {}
        granted = {subject: role for subject, role in self._held.items() if subject in moved}
        self._everything = _everything_of(session, by, granted, since)

    def carry(self, rows: Sequence[Any], page: _Page) -> None:
        """Put what these rows speak of on the page; what the page carries already is taken out, it is no newer."""
        for row in rows:
            match row.kind:
                case "notice":
                    page.notices.append(wire.notice(row))
                case changes.VILLAGES:
                    page.areas_moved = True
                case "form" | "dataset":
                    page.put([wire.announcement(row)])
                case "entity" if row.ref_id in self._entities:
                    page.put([self._seen_from(row.topic, self._entities.pop(row.ref_id))])
                case "submission" if row.ref_id in self._submissions:
                    page.put([self._submissions.pop(row.ref_id)])
                case "scope":
                    self._carry_scope(row.ref_id, page)

    def _seen_from(self, topic: str, item: Item) -> Item:
        """The entity, or, when it moved to a subject this phone does not hold, only that it is gone.

        A daughter who married into the next village leaves this phone, and only her being gone may show here.
        """
        return item if item["subject"] in self._held else wire.gone(item, topic)

    def _carry_scope(self, subject: str, page: _Page) -> None:
        """A subject given or taken; given and taken within one page, what counts is how it stands now."""
        if subject not in self._held:
            if subject not in page.remove:
                page.remove.append(subject)
        elif not any(grant["subject"] == subject for grant in page.add):
            page.add.append({"subject": subject, "role": self._held[subject]})
            page.put(self._everything.get(subject, ()))


def _by_id(items: Sequence[Item]) -> dict[str, Item]:
    return {item["id"]: item for item in items}
