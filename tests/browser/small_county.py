"""A county small enough for one story: one village, one family, two cadres and a supervisor, with the real forms."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldsvc.config import Settings
from fieldsvc.services import assignments, enrol, people, register, setup, standard
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context, open_context
from fieldsvc.store import areas
from fieldsvc.store.migrate import upgrade

PASSWORD = "walk the hills slowly"


@dataclass(frozen=True)
class SmallCounty:
    """The ids of the cast, and how they sign in."""

    ctx: Context
    console: Actor
    village: str
    home: str
    east: str
    west: str

    def enrolment_link(self, base: str, person_id: str) -> str:
        """What the QR code on a cadre's card holds."""
        return f"{base}/#/signin/{enrol.new_code(self.ctx, self.console, person_id)}"


def found(environment: Mapping[str, str]) -> SmallCounty:
    """Found the county in the data folder of a server that these settings start."""
    settings = Settings.from_environment({**os.environ, **environment})
    Path(settings.data_folder).mkdir(parents=True, exist_ok=True)
    upgrade(settings.database_url)
    ctx = open_context(settings)
    setup.begin(ctx, county="黄山区", code="990001000000", name="管理员", login="admin", password=PASSWORD)
    console = setup.console(ctx)
    standard.publish(ctx, console)
    county = people.area_of_code(ctx, console, None)
    village = ctx.new_id()
    with ctx.db.write() as session:
        areas.add(
            session,
            id=village,
            feed_id=console.feed_id,
            code="990001100201",
            name="岩寺村",
            level="village",
            parent_id=county.id,
            path=f"{county.path}{village}/",
        )
    supervisor = people.add_person(ctx, console, name="汪审核", staff_no="S1")
    people.grant_role(ctx, console, supervisor, "supervisor", county.id)
    enrol.set_password(ctx, console, supervisor, PASSWORD)
    home = register.create(
        ctx,
        console,
        "households",
        {
            "head_name": "程有福",
            "hh_no": "0042",
            "hamlet": "上岭组",
            "address": "岩寺村上岭组 8 号",
            "phone": "13900000001",
            "people": "2",
            "hh_type": "general",
            "home_gps": "29.83 118.32 210 8",
        },
        area_id=village,
    )
    for name, relation, sex in (("程有福", "head", "male"), ("吴秀英", "spouse", "female")):
        register.create(ctx, console, "members", {"full_name": name, "relation": relation, "sex": sex}, subject_id=home)
    cadres = [
        people.add_person(ctx, console, name=name, staff_no=number) for name, number in (("李东", "E1"), ("王西", "W1"))
    ]
    for cadre in cadres:
        enrol.set_password(ctx, console, cadre, PASSWORD)
        assignments.assign(ctx, console, cadre, subject_id=home)
    return SmallCounty(ctx, console, village, home, *cadres)
