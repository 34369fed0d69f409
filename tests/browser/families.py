"""Families for walks: a household with members of given ages, put into the small county while its server runs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from fieldsvc.demo.people import identity_number
from fieldsvc.services import assignments, register
from fieldsvc.services.definitions import datasets
from fieldsvc.services.desk_writing import Writing, attempt
from fieldsvc.store import entities
from fieldsvc.store.entities import Stored
from sync.model import Entity
from tests.browser.script import today
from tests.browser.small_county import SmallCounty

Properties = dict[str, str | None]
#: A county has an identity number once: families of different walks may be equally old.
_NUMBERS = itertools.count(11)
USUAL = ({"family": "程有福", "relation": "head", "sex": "male", "age": "58"},)


def settle(
    county: SmallCounty,
    family: Sequence[Mapping[str, str]],
    household: Mapping[str, str],
    before: Mapping[str, Mapping[str, str]],
) -> str:
    """Register a household of these members, with these records, give it to the first cadre, and return its id."""
    ctx, console = county.ctx, county.console
    family = family or USUAL
    known: Properties = {
        "head_name": family[0]["family"],
        "hh_type": "general",
        "area_code": "990001100201",
        "people": str(len(family)),
        **household,
    }
    home = register.create(ctx, console, "households", known, area_id=county.village)
    for each in family:
        register.create(ctx, console, "members", _member(each, next(_NUMBERS)), subject_id=home)
    for name, properties in before.items():
        _bring(county, home, name.split()[0], dict(properties))
    assignments.assign(ctx, console, county.east, subject_id=home)
    return home


def _bring(county: SmallCounty, home: str, dataset: str, properties: Properties) -> None:
    """Put in a record as a county brings it, maybe in the middle of its process: a walk begins where it begins."""
    ctx, by = county.ctx, county.console

    def work(session: Session) -> None:
        household = entities.load(session, by.feed_id, [home])[home]
        label = datasets(ctx, session).label(dataset, properties) or ""
        made = Entity(ctx.new_id(), 1, properties)
        writing = Writing.by(ctx, session, by)
        writing.version(Stored(made, dataset, home, household.area_id, label, ctx.now_ms()), None, sorted(properties))
        writing.finish()

    attempt(ctx, work)


def _member(row: Mapping[str, str], number: int) -> Properties:
    """A member with an identity number that belongs to nobody, born `age` years and a season ago."""
    born = today() - timedelta(days=int(int(row["age"]) * 365.25) + 90)
    more = {name: cell for name, cell in row.items() if name not in ("family", "age")}
    return {
        "full_name": row["family"],
        "id_no": identity_number("990001", born, number, "male" if row["sex"] == "male" else "female"),
        "ethnic": "01",
        **more,
    }
