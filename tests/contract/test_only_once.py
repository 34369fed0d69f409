"""What a dataset allows only once is one in each database, also when two phones write it in the same moment."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, func, select

from fieldsvc.problems import NotUnique
from fieldsvc.services import published, register
from fieldsvc.services.access import Actor
from fieldsvc.services.intake import reprocess
from fieldsvc.store import claims
from fieldsvc.store.tables import ClaimRow, EntityRow
from tests.contract.place import Place, at_once

PLANS = {
    "name": "plans",
    "label": {"zh": "计划", "en": "Plan"},
    "label_property": "title",
    "unique": [["subject", "year"], ["number"]],
    "properties": [
        {"name": name, "type": "string", "policy": "review", "label": {"zh": name, "en": name}}
        for name in ("title", "year", "number")
    ],
}


@pytest.fixture
def village(place: Place) -> Place:
    """A county that plans once a year."""
    published.publish_dataset(place.ctx, place.office, PLANS, digest="1")
    return place


def plan(place: Place, by: Actor, home: str, **properties: str) -> tuple[str, str]:
    """An operation that creates a plan."""
    id_ = place.ctx.new_id()
    more: dict[str, Any] = {"dataset": "plans", "entity": id_, "create": True, "base_version": 0, "trunk_version": 0}
    return place.edit(by, home, dict(properties), **more)


def counted(place: Place, table: type[EntityRow | ClaimRow]) -> int:
    with place.ctx.db.read() as session:
        query = select(func.count()).select_from(table)
        if table is EntityRow:
            query = query.where(EntityRow.dataset == "plans")
        return session.scalar(query) or 0


def test_the_second_of_what_there_may_be_one_of_waits_and_names_both(village: Place) -> None:
    home = village.household()
    by = village.cadre(home)
    [first] = village.push(by, plan(village, by, home, year="2026", title="东"))
    [second] = village.push(by, plan(village, by, home, year="2026", title="西"))
    [other_year] = village.push(by, plan(village, by, home, year="2027", title="明年"))

    assert (first.status, second.status, other_year.status) == ("applied", "review", "applied")
    assert second.problem is not None
    assert second.problem["code"] == "not-unique"
    assert second.problem["names"] == ["subject", "year"]
    assert (second.problem["record_label"], second.problem["other_label"]) == ("东", "西")
    assert counted(village, EntityRow) == 2


def test_of_eight_at_once_one_is_written_and_seven_wait(village: Place) -> None:
    home = village.household()
    cadres = [village.cadre(home, name=f"Cadre {number}") for number in range(8)]
    plans = [plan(village, by, home, year="2026", title=by.name) for by in cadres]

    receipts = at_once([partial(village.push, by, one) for by, one in zip(cadres, plans, strict=True)])

    assert Counter(receipt.status for [receipt] in receipts) == {"applied": 1, "review": 7}
    assert counted(village, EntityRow) == 1


def test_two_in_one_push_are_seen_as_two(village: Place) -> None:
    one, other = village.household(), village.household()
    by = village.cadre(one, other)
    receipts = village.push(
        by, plan(village, by, one, number="7", title="甲"), plan(village, by, other, number="7", title="乙")
    )
    assert [receipt.status for receipt in receipts] == ["applied", "review"]


def test_who_changes_to_a_taken_value_waits_and_who_leaves_it_frees_it(village: Place) -> None:
    home = village.household()
    by = village.cadre(home)
    made = [plan(village, by, home, year=year, title=year) for year in ("2026", "2027")]
    village.push(by, *made)
    ids = [json.loads(body)["entity"] for _, body in made]

    def to(entity: str, year: str, version: int) -> str:
        change = village.edit(
            by, home, {"year": year}, dataset="plans", entity=entity, base_version=version, trunk_version=version
        )
        return str(village.push(by, change)[0].status)

    assert to(ids[1], "2026", 1) == "review"
    assert to(ids[0], "2025", 1) == "applied"
    assert to(ids[1], "2026", 1) == "applied"


def test_a_blank_is_no_value_and_is_never_doubled(village: Place) -> None:
    home = village.household()
    by = village.cadre(home)
    receipts = [village.push(by, plan(village, by, home, title="无年度"))[0] for _ in range(2)]
    assert [receipt.status for receipt in receipts] == ["applied", "applied"]
    assert counted(village, ClaimRow) == 0


def test_what_was_there_before_the_rule_is_claimed_when_it_is_published(place: Place) -> None:
    plain = {**PLANS, "unique": []}
    published.publish_dataset(place.ctx, place.office, plain, digest="0")
    home = place.household()
    by = place.cadre(home)
    register.create(place.ctx, place.office, "plans", {"year": "2026", "title": "早先"}, subject_id=home)
    published.publish_dataset(place.ctx, place.office, PLANS, digest="1")
    [late] = place.push(by, plan(place, by, home, year="2026", title="后来"))
    assert late.status == "review"


def test_the_look_up_is_one_seek_however_many_records_there_are(village: Place) -> None:
    home = village.household()
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        seen.append(statement)

    for year in range(200):
        register.create(village.ctx, village.office, "plans", {"year": str(year), "title": "x"}, subject_id=home)
    event.listen(village.ctx.db.read_engine, "before_cursor_execute", note)
    with village.ctx.db.read() as session:
        assert claims.holders(session, village.feed_id, ["nobody's"]) == {}
        dialect = session.get_bind().dialect.name
        explained = "EXPLAIN QUERY PLAN" if dialect == "sqlite" else "EXPLAIN"
        plan_ = session.connection().exec_driver_sql(
            f"{explained} SELECT entity_id FROM claims WHERE feed_id = 'f' AND key IN ('a', 'b')"
        )
        text = " ".join(str(row) for row in plan_)
    event.remove(village.ctx.db.read_engine, "before_cursor_execute", note)
    assert sum("claims" in statement for statement in seen) == 2
    assert dialect != "sqlite" or "SEARCH" in text


def test_a_desk_is_told_before_it_writes_a_second_and_may_insist(village: Place) -> None:
    home, by = village.household(), village.office
    register.create(village.ctx, by, "plans", {"year": "2026", "title": "东"}, subject_id=home)
    other = register.create(village.ctx, by, "plans", {"year": "2027", "title": "西"}, subject_id=home)

    with pytest.raises(NotUnique) as made:
        register.create(village.ctx, by, "plans", {"year": "2026", "title": "又一份"}, subject_id=home)
    with pytest.raises(NotUnique):
        register.edit(village.ctx, by, other, {"year": "2026"}, seen_version=1)
    assert made.value.details["record_label"] == "东"
    assert counted(village, EntityRow) == 2

    register.edit(village.ctx, by, other, {"title": "西二"}, seen_version=1)
    register.edit(village.ctx, by, other, {"year": "2026"}, seen_version=2, override=True)
    assert village.versions(other) == [1, 2, 3]


def test_a_supervisor_may_let_the_second_stand(village: Place) -> None:
    home = village.household()
    by = village.cadre(home)
    first, second = (plan(village, by, home, year="2026", title=title) for title in ("东", "西"))
    village.push(by, first)
    village.push(by, second)
    assert reprocess.accept_reviewed(village.ctx, second[0], by=village.office, reason="两份都有效") == "applied"
    assert counted(village, EntityRow) == 2
    [third] = village.push(by, plan(village, by, home, year="2026", title="又一份"))
    assert third.status == "review"
