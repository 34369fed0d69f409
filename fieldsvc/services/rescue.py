"""Taking in what a phone could not send: its backup file, carried to the office by whoever had a signal.

Author and carrier are two people. The file holds the phone's own token, sealed with the rest, so that the server knows
whose phone made it even when that phone can no longer sign in; what it holds then counts as if the phone had sent it.
Without that proof everything is kept and waits for a person: anybody could have written such a file. So it does where
the office had signed the phone out as lost: whoever found it has its token.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from fieldsvc.problems import CarriedUnproven, FromLostPhone, Problem, RescueForeign, RescueUnreadable
from fieldsvc.services import access, envelope, uploads
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.enrol import digest
from fieldsvc.services.intake.push import accept, keep_for_a_person
from fieldsvc.services.intake.receipts import Receipt
from fieldsvc.store import audit, people

_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file held: whose it is, a receipt for each operation, how many photos are whole now, and drafts left.

    `lost`: the office had signed that phone out, so that everything waits for a person.
    """

    author: str
    proven: bool
    lost: bool
    receipts: tuple[Receipt, ...]
    photos: int
    photos_missing: int
    drafts: int

    @property
    def kept(self) -> int:
        """How many of its operations are here now; the others are on the phone alone."""
        return sum(1 for one in self.receipts if one.position)


def take_in(ctx: Context, carrier: Actor, file: IO[bytes]) -> Taken:
    """Take in a backup file of a phone of the carrier's county; the same file twice gives the same receipts.

    Raises `not-allowed`, `rescue-unreadable`, `rescue-foreign`.
    """
    access.require_anywhere(carrier, [Action.REVIEW])
    # Once to see that it is whole: half a file taken in would be told from a whole one by nobody.
    for _ in envelope.opened(ctx.settings.secret_keys, file):
        pass
    file.seek(0)
    frames = envelope.opened(ctx.settings.secret_keys, file)
    head = _head(next(frames))
    author, proven, doubt = _author(ctx, carrier, head)
    receipts = _operations(ctx, author, head["operations"], doubt)
    ahead = doubt is not None
    whole, missing = _photos(ctx, author, head["photos"], frames, ahead=ahead) if proven else (0, len(head["photos"]))
    _note(ctx, carrier, author, receipts, proven=proven)
    lost = isinstance(doubt, FromLostPhone)
    return Taken(author.name, proven, lost, tuple(receipts), whole, missing, len(head["drafts"]))


def _head(frame: bytes) -> dict[str, Any]:
    try:
        head = json.loads(frame)
    except ValueError:
        raise RescueUnreadable(frame=0) from None
    if not isinstance(head, dict) or not isinstance(head.get("person"), dict):
        raise RescueUnreadable(frame=0)
    for name in ("operations", "photos", "drafts"):
        if not isinstance(head.setdefault(name, []), list):
            raise RescueUnreadable(frame=0)
    for one in head["operations"]:
        if not (isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("body"), str)):
            raise RescueUnreadable(frame=0)
    return head


def _author(ctx: Context, carrier: Actor, head: Mapping[str, Any]) -> tuple[Actor, bool, Problem | None]:
    """Whose phone made the file, whether it proved that, and why a person has to look at all of it."""
    with ctx.db.read() as session:
        person = people.get(session, str(head["person"].get("id")))
        if person is None or person.feed_id != carrier.feed_id:
            raise RescueForeign
        phone = people.session_of_token(session, digest(str(head.get("token") or "")))
        proven = phone is not None and phone.person_id == person.id
        author = access.actor_for(
            session,
            person_id=person.id,
            name=person.name,
            feed_id=person.feed_id,
            device_id=phone.device_id if proven else None,
            at=ctx.now_ms(),
        )
    if not proven:
        return author, False, CarriedUnproven()
    return author, True, FromLostPhone() if phone.lost else None


def _operations(
    ctx: Context, author: Actor, operations: Sequence[Mapping[str, str]], doubt: Problem | None
) -> list[Receipt]:
    receipts: list[Receipt] = []
    for start in range(0, len(operations), _AT_ONCE):
        sent = [(one["id"], one["body"]) for one in operations[start : start + _AT_ONCE]]
        receipts += keep_for_a_person(ctx, author, sent, doubt) if doubt else accept(ctx, author, sent)
    return receipts


def _photos(
    ctx: Context, author: Actor, photos: Sequence[Any], frames: Iterator[bytes], *, ahead: bool
) -> tuple[int, int]:
    """Keep each photo whose bytes are what its digest says, as if the phone had uploaded it; how many, and not."""
    whole = missing = 0
    for photo in photos:
        size = photo.get("bytes") if isinstance(photo, dict) else None
        if not isinstance(size, int) or not 0 < size <= ctx.settings.photo_bytes:
            raise RescueUnreadable(frame=0)
        data = b""
        while len(data) < size:
            piece = next(frames, b"")
            if not piece:
                raise RescueUnreadable(frame=-1)
            data += piece
        try:
            sha256, kind = str(photo.get("sha256")), str(photo.get("type") or "")
            uploads.keep(ctx, author, data, sha256=sha256, kind=kind, ahead=ahead)
            whole += 1
        except Problem:
            missing += 1
    return whole, missing


def _note(ctx: Context, carrier: Actor, author: Actor, receipts: Sequence[Receipt], *, proven: bool) -> None:
    """Put the carrier on record beside the author."""
    detail = {"author": author.person_id, "proven": proven, "operations": [[one.id, one.sha256] for one in receipts]}
    thing = f"device:{author.device_id}" if author.device_id else f"person:{author.person_id}"
    with ctx.db.write() as session:
        entry = audit.Entry(ctx.now_ms(), carrier.person_id, "carry", thing, carrier.device_id, detail)
        audit.append(session, carrier.feed_id, [entry])
