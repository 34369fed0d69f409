"""Families for walks: a household with members of given ages, put into the small county while its server runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fieldsvc.demo.people import identity_number
from fieldsvc.services import assignments, register
from tests.browser.small_county import SmallCounty

Properties = dict[str, str | None]
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
    for number, each in enumerate(family):
        register.create(ctx, console, "members", _member(each, number), subject_id=home)
    for name, properties in before.items():
        register.create(ctx, console, name.split()[0], dict(properties), subject_id=home)
    assignments.assign(ctx, console, county.east, subject_id=home)
    return home


def _member(row: Mapping[str, str], number: int) -> Properties:
    """A member with an identity number that belongs to nobody, born `age` years and a season ago."""
    born = date.today() - timedelta(days=int(int(row["age"]) * 365.25) + 90)
    more = {name: cell for name, cell in row.items() if name not in ("family", "age")}
    return {
        "full_name": row["family"],
        "id_no": identity_number("990001", born, number + 11, "male" if row["sex"] == "male" else "female"),
        "ethnic": "01",
        **more,
    }
