"""Three months of earlier visits: which household was visited when, and the rows a server would have of it.

They are written in bulk, not sent through the intake: five thousand pushes would take minutes. A test sends
a few of the same operations through the intake and finds the same rows.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import orjson

from fieldsvc.demo.answers import Photo, answers
from fieldsvc.demo.district import Cadre, District, Household
from fieldsvc.demo.properties import household_properties
from fieldsvc.demo.words import SEED, identifiers

FORM = "visit"
# How many of its households the demo's cadre has seen this month: enough to show, and enough left to do.
FIRST_CADRE_DONE = 12


@dataclass(frozen=True, slots=True)
class Visit:
    """One earlier visit. `body` is the operation as the phone sent it."""

    id: str
    cadre: Cadre
    household: Household
    started: datetime
    received: datetime
    trunk_version: int
    document: Mapping[str, Any]

    @property
    def advances(self) -> bool:
        """Whether the visit changed the household's record: somebody was met."""
        return "last_visit" in self.document["answers"]

    @property
    def body(self) -> bytes:
        """The operation's bytes."""
        return orjson.dumps(self.document)

    @property
    def sha256(self) -> str:
        """The digest of the operation's bytes."""
        return hashlib.sha256(self.body).hexdigest()


def plan(now: datetime) -> Iterator[tuple[datetime, datetime, float]]:
    """Begin, end and share of households visited of the two months before and of this one until now."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = (first - timedelta(days=1)).replace(day=1)
    before = (last - timedelta(days=1)).replace(day=1)
    yield before, last, 0.97
    yield last, first, 0.94
    if now.day > 1:
        yield first, now, min(0.9, now.day / 34)


def make(district: District, now: datetime, version: str, photos: Mapping[str, Sequence[Photo]]) -> list[Visit]:
    """Every earlier visit in the order in which they arrived."""
    roll = Random(f"{SEED}/visits")
    wanted: list[tuple[datetime, datetime, Cadre, Household]] = []
    for begin, end, share in plan(now):
        for place, cadre in enumerate(district.cadres):
            for number, household in enumerate(cadre.households):
                enough = number < FIRST_CADRE_DONE if place == 0 and end == now else roll.random() < share
                if enough:
                    started = _moment(roll, begin, end)
                    # Half arrive within the hour, the rest when the cadre is back where there is a signal.
                    received = started + timedelta(minutes=roll.choice((25, 40, 55, 200, 420, 1500)))
                    wanted.append((started, min(received, now - timedelta(minutes=5)), cadre, household))
    wanted.sort(key=lambda each: each[1])
    return list(_visits(roll, wanted, version, photos))


def _moment(roll: Random, begin: datetime, end: datetime) -> datetime:
    """A moment of a working day between the two; Fridays are the helpers' day in many counties."""
    days = max(1, (end - begin).days)
    day = begin + timedelta(days=roll.randrange(days))
    if roll.random() < 0.5:
        day -= timedelta(days=(day.weekday() - 4) % 7)
    day = max(begin, day)
    moment = day.replace(hour=roll.randint(8, 17), minute=roll.randrange(60), second=roll.randrange(60))
    return min(moment, end - timedelta(hours=1))


def _visits(
    roll: Random,
    wanted: Sequence[tuple[datetime, datetime, Cadre, Household]],
    version: str,
    photos: Mapping[str, Sequence[Photo]],
) -> Iterator[Visit]:
    ids, branches = identifiers("visit"), identifiers("branch")
    trunk: dict[str, int] = {}
    for started, received, cadre, household in wanted:
        held = trunk.get(household.id, 1)
        id_ = next(ids)
        home = household_properties(household).get("home_gps")
        document = {
            "id": id_,
            "schema": 1,
            "kind": "submission",
            "author": cadre.id,
            "install_id": f"demo-{cadre.staff_no}",
            "cursor": None,
            "created_at": _ms(started) + 600_000,
            "form": FORM,
            "version": version,
            "subject": household.id,
            "answers": answers(roll, household, home, started, photos),
            "started_at": _ms(started),
            "ended_at": _ms(started) + 600_000,
            "context": {"now": _ms(started), "utc_offset": 480, "seed": str(roll.getrandbits(31)), "preloads": {}},
            "entities": [
                {
                    "dataset": "households",
                    "id": household.id,
                    "base_version": held,
                    "trunk_version": held,
                    "branch_id": next(branches),
                    "path": "/data",
                }
            ],
        }
        visit = Visit(id_, cadre, household, started, received, held, document)
        trunk[household.id] = held + visit.advances
        yield visit


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
