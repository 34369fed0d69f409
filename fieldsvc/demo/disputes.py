"""Work that waits for a supervisor: ten values two people saw differently, and two visits sent back.

They go through the same services as real ones, so that everything that belongs to them is there.
"""

from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import select

from fieldsvc.demo.clock import standing_at
from fieldsvc.demo.district import Cadre, District, Household
from fieldsvc.demo.words import identifiers
from fieldsvc.services import enrol, intake, review
from fieldsvc.services.context import Context
from fieldsvc.store.tables import EntityRow, SubmissionRow

# A dataset's property and three values: the first two that the register does not have already are disputed.
DISPUTES = (
    ("households", "phone", ("10013800001", "10013800002", "10013800003")),
    ("households", "people", ("3", "4", "5")),
    ("households", "house_grade", ("C", "D", "B")),
    ("households", "hamlet", ("新屋", "老屋", "上屋")),
    ("households", "note", ("儿子已回家务农", "儿子仍在广东务工", "")),
    ("households", "address", ("村委会旁", "小学对面", "水库边")),
    ("households", "poverty_cause_main", ("illness", "disability", "labour")),
    ("members", "health", ("chronic", "serious", "disabled")),
    ("members", "labour", ("weak", "lost", "ordinary")),
    ("members", "work_months", ("6", "10", "8")),
)
COMMENTS = (
    ("照片看不清，请重拍房屋外观。", "/data/evidence/photo_exterior", "太暗，看不清墙面。"),
    ("日志写得太简单，请补充这次做了什么。", "/data/record/log", "请写明帮扶内容。"),
)


def open_ten(ctx: Context, district: District, checker: str, now: datetime) -> None:
    """Ten households of the first town where the helper and a checker corrected the same thing differently."""
    ids = identifiers("dispute")
    first_town = district.places.towns[0].id
    visited = [
        (cadre, household)
        for cadre in district.cadres
        for household in cadre.households[2:4] or cadre.households[:1]
        if household.village.town.id == first_town
    ]
    for number, (dataset, name, values) in enumerate(DISPUTES):
        cadre, household = visited[number]
        entity = household.id if dataset == "households" else household.head.id
        trunk, record = _current(ctx, entity)
        one, other = [value for value in values if value != record.get(name)][:2]
        moment = now - timedelta(days=6, hours=number * 7)
        for author, value, later in ((cadre.id, one, 0), (checker, other, 3)):
            edit = _edit(next(ids), next(ids), author, dataset, entity, household, trunk, {name: value}, moment)
            clock = standing_at(ctx, moment + timedelta(hours=later))
            by = enrol.actor_of(clock, author)
            assert by is not None
            intake.accept(clock, by, [(edit["id"], orjson.dumps(edit).decode())])


def _current(ctx: Context, entity_id: str) -> tuple[int, dict[str, Any]]:
    """The entity's version and record, as the phones of both held them."""
    with ctx.db.read() as session:
        row = session.scalars(select(EntityRow).where(EntityRow.id == entity_id)).one()
        return row.version, row.properties


def _edit(
    id_: str,
    branch: str,
    author: str,
    dataset: str,
    entity: str,
    household: Household,
    trunk: int,
    changes: dict[str, str],
    moment: datetime,
) -> dict[str, Any]:
    return {
        "id": id_,
        "schema": 1,
        "kind": "edit",
        "author": author,
        "install_id": f"demo-{author}",
        "cursor": None,
        "created_at": int(moment.timestamp() * 1000),
        "dataset": dataset,
        "entity": entity,
        "subject": household.id,
        "base_version": trunk,
        "trunk_version": trunk,
        "branch_id": branch,
        "changes": changes,
    }


def return_two(ctx: Context, cadre: Cadre, supervisor: str) -> None:
    """Send two of the demo cadre's waiting visits back with a comment, so that the phone shows what that is."""
    by = enrol.actor_of(ctx, supervisor)
    assert by is not None
    with ctx.db.read() as session:
        waiting = session.scalars(
            select(SubmissionRow.id)
            .where(
                SubmissionRow.author_id == cadre.id,
                SubmissionRow.form_id == "visit",
                SubmissionRow.review_state == "waiting",
            )
            .order_by(SubmissionRow.received_at.desc())
            .limit(len(COMMENTS))
        ).all()
    for visit, (comment, ref, remark) in zip(waiting, COMMENTS, strict=False):
        review.decide_visit(ctx, visit, "return", by=by, seen="waiting", comment=comment, comments={ref: remark})
