"""What a phone that was signed out as lost had not sent, where the county wants it (Protocol 1.12).

It may be all there is of Tuesday's visits; or whoever found the phone goes on sending. So each waits for a person, and
there is an end to it: a cadre who was a month without a signal holds far less than this.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fieldsvc.problems import DeviceRevoked, FromLostPhone
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.intake.answer import Parsed
from fieldsvc.services.intake.push import keep_for_a_person
from fieldsvc.services.intake.receipts import Receipt
from fieldsvc.store import people

MOST_OPERATIONS = 500
MOST_BYTES = 5_000_000
#: Lost in June and found in August: visits of June are of no month that is still open.
MOST_DAYS = 60
_DAY_MS = 86_400_000


def keep_last_words(ctx: Context, by: Actor, sent: Sequence[tuple[str, str]]) -> list[Receipt]:
    """Keep these for a person; raises `device-revoked` where nothing is sent, or more than such a phone may hold.

    Also where nobody can read any of it: a locked phone sends its letters again and again, and would never hear that
    it was signed out.
    """
    if not sent:
        raise DeviceRevoked

    def admit(session: Session, fresh: Sequence[Parsed]) -> None:
        size = sum(len(each.body) for each in fresh)
        most, since = (MOST_OPERATIONS, MOST_BYTES), ctx.now_ms() - MOST_DAYS * _DAY_MS
        if not people.count_last_words(session, str(by.device_id), len(fresh), size, most=most, since=since):
            raise DeviceRevoked

    receipts = keep_for_a_person(ctx, by, sent, FromLostPhone(), admit)
    if all(receipt.status == "held" and not receipt.position for receipt in receipts):
        raise DeviceRevoked
    return receipts
