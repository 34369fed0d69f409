"""Enrolment cards on paper: one code for each person, good for some days, and every earlier code of theirs is void.

A code is told once and only its digest is kept, so a card that was lost is not printed again but replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldsvc.services import access, enrol
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import audit, people

#: Twenty sheets of paper; who has more people prints town by town.
MOST = 200
_DAY = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed for one person; `link` is the secret."""

    name: str
    unit: str
    login: str
    link: str
    until: int


def issue(ctx: Context, by: Actor, person_ids: Sequence[str]) -> list[Card]:
    """New cards for these people, as many as there may be at once, in the order of their names; the retired get none.

    One transaction: either every card on the paper works, or none was printed. Raises `not-found` when one of them is
    out of reach.
    """
    now = ctx.now_ms()
    until = now + ctx.settings.card_days * _DAY
    cards, entries = [], []
    with ctx.db.write() as session:
        for person_id in list(dict.fromkeys(person_ids))[:MOST]:
            person = access.require_person(session, by, person_id, now)
            if not person.active:
                continue
            people.void_enrolments(session, person_id, now)
            code = enrol.make_code(ctx, session, person_id, until)
            link = enrol.link(ctx.settings.public_url, code)
            cards.append(Card(person.name, person.unit or "", person.staff_no or person.phone or "", link, until))
            entries.append(audit.Entry(now, by.person_id, "new-code", f"person:{person_id}", detail={"card": True}))
        audit.append(session, by.feed_id, entries)
    return sorted(cards, key=lambda card: (card.name, card.login))
