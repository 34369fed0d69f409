"""What the offices have on hand together: a campaign that runs and one that is over, towns that check each other, and
the schools' list beside the register."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

from sqlalchemy import select

from fieldsvc.demo.clock import standing_at
from fieldsvc.demo.district import District
from fieldsvc.forms import choices
from fieldsvc.services import enrol, jobs
from fieldsvc.services.access import Actor
from fieldsvc.services.campaigns import crossing, making
from fieldsvc.services.campaigns.making import Plan
from fieldsvc.services.comparison import deciding, reading
from fieldsvc.services.comparison.deciding import Item
from fieldsvc.services.context import Context
from fieldsvc.services.imports import desk
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.comparisons import Wanted
from fieldsvc.store.tables import EntityRow

SOURCE, ROSTER = "县教育局", "school"
HEADINGS = ("姓名", "身份证号", "年级", "村代码")
#: Of the children that the register has in school the list lacks every so-manieth, and knows of another a later grade.
LACKING, LATER = 61, 47
#: On the list and in nobody's household yet; their numbers belong to nobody.
STRANGERS = (("张晓雨", "99000020140901001X"), ("吴子涵", "990000201206120027"), ("李思远", "990000201703080035"))
NEXT_GRADE = {"primary": "grade7", "grade7": "grade8", "grade8": "grade9", "grade9": "senior1", "senior1": "senior2"}
DECISIONS = (("theirs", "已和学校核对，升了一个年级。"), ("asked", "请村里问清是否辍学。"))


def assign(ctx: Context, district: District, county: str, administrator: str, now: datetime) -> None:
    """Give out both campaigns and the check, and compare the list. `county`: its area's id; `now` in its own time."""
    towns = district.places.towns
    by = _at(ctx, administrator)
    for name, form, code, begins, days in (
        ("十月遍访行动", None, "", now - timedelta(days=50), 20),
        ("危房“回头看”", "visit", "C", now - timedelta(days=12), 25),
    ):
        morning = begins.replace(hour=0, minute=0, second=0, microsecond=0)
        narrowed = {"property": "house_grade", "code": code} if code else {}
        plan = Plan(name, county, form, _ms(morning), _ms(morning + timedelta(days=days)), **narrowed)
        made = making.make(standing_at(ctx, begins), plan, by=by)
    # Not the first town: its cadre's phone, which everybody tries, shows the households of one cadre and no more.
    crossing.arrange(standing_at(ctx, now - timedelta(days=3)), made.id, towns[1].id, towns[2].id, by=by)
    _compare(standing_at(ctx, now - timedelta(days=2)), district, by)


def _compare(ctx: Context, district: District, by: Actor) -> None:
    """Send the schools' list, have it compared, and decide the first two of what differs."""
    import_id = desk.upload(
        ctx, by, kind=ROSTER, source=SOURCE, data=_sheet(ctx, district).encode("utf-8"), filename="在校学生名册.csv"
    )
    desk.name_columns(ctx, by, import_id, list(desk.show(ctx, by, import_id).mapping))
    worker = {desk.JOB: HANDLERS[desk.JOB]}
    jobs.run_due(ctx, worker)
    desk.act(ctx, by, import_id, "start")
    jobs.run_due(ctx, worker)
    for choice, reason in DECISIONS:
        wanted = Wanted(SOURCE, ROSTER, "different" if choice == "theirs" else "here", reading.OPEN)
        row = reading.open_ones(ctx, wanted, None, by=by, most=1)[0].row
        deciding.decide(ctx, wanted, [Item(row.ref, row.names, row.import_id)], choice, reason, by=by)


def _sheet(ctx: Context, district: District) -> str:
    """The children in school by the register, some missing, some a grade on, and three that it does not know."""
    labels = {one["value"]: one["label"]["zh"] for one in choices()["student"]}
    village = {member.id: home.village.area.code for home in district.households for member in home.members}
    with ctx.db.read() as session:
        members = session.scalars(select(EntityRow).where(EntityRow.dataset == "members").order_by(EntityRow.id))
        pupils = [row for row in members if row.properties.get("student") in NEXT_GRADE and row.id in village]
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(HEADINGS)
    for number, row in enumerate(pupils, start=1):
        grade = row.properties["student"]
        if number % LACKING:
            known = NEXT_GRADE[grade] if number % LATER == 0 else grade
            out.writerow((row.label, row.properties["id_no"], labels[known], village[row.id]))
    for name, id_no in STRANGERS:
        out.writerow((name, id_no, labels["primary"], next(iter(village.values()))))
    return written.getvalue()


def _at(ctx: Context, person: str) -> Actor:
    found = enrol.actor_of(ctx, person)
    assert found is not None
    return found


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
