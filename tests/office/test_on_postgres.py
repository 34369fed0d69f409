"""The same office on PostgreSQL: every list, and a decision of each kind."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fieldsvc.config import Settings
from fieldsvc.ids import random_uuid7
from fieldsvc.services import authoring, coverage, form_catalogue, form_export, published, trials
from fieldsvc.services.context import Context, open_context
from fieldsvc.services.handover import plan
from fieldsvc.services.mapping import reading
from fieldsvc.store import scope
from fieldsvc.store.places import read
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.moments import Moments
from tests.office.test_a_visit import ANSWERS
from tests.office.test_deciding_visits import notices
from tests.office.test_trials import phone_of, sends, source
from tests.support.app import app_on
from tests.support.migrated import migrate_empty
from tests.support.shipped import dataset

MORE = {"type": "text", "name": "note", "label": "说明"}


@pytest.fixture
def on_postgres(postgres_url: str, tmp_path: Path, moments: Moments) -> Iterator[Context]:
    migrate_empty(postgres_url)
    made = iter(range(1_000_000))
    settings = Settings(mode="test", data_folder=tmp_path)
    ctx = open_context(
        dataclasses.replace(settings, database_url=postgres_url),
        now_ms=moments,
        new_id=lambda: random_uuid7(moments.now + next(made)),
    )
    yield ctx
    ctx.db.dispose()


def test_lists_pages_and_decisions_are_the_same(on_postgres: Context, moments: Moments) -> None:
    district = District(on_postgres, moments)
    home = district.household(
        "陈一", district.upper, helper=district.li, water="well", hh_no="0001", home_gps="29.87 118.33 0 8"
    )
    district.household("周二", district.lower, hh_no="0002")
    visit = district.visit(home, district.li, ANSWERS, flags={"violations": ["x"]})
    conflict = district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})
    desk = Desk(app_on(on_postgres))
    assert desk.signs_in("S01").status_code == 302
    assert "50.0 %（1/2）" in text(desk.opens("/office/"))
    for query in ("", "state=waiting", "state=approved", "flagged=1", "month=202611", f"area={district.upper}"):
        desk.opens(f"/office/visits?{query}")
        desk.opens(f"/office/visits?{query}&after=202611.{moments.now}.x")
    for query in ("queue=flags", "queue=share", f"queue=all&month=202611&area={district.upper}", "state=passed"):
        desk.opens(f"/office/review?{query}")
        desk.opens(f"/office/review?{query}&after=1.202611.{moments.now}.x")
        desk.opens(f"/office/review/approve?{query}")
    for part in ("waiting", "mine", "held"):
        desk.opens(f"/office/conflicts?of={part}")
    assert "自来水" in desk.opens(f"/office/conflicts/of/{home}")
    assert "周二" in desk.opens("/office/households?q=0002")
    assert "周二" in desk.opens("/office/coverage/unvisited")
    assert "岩寺镇 上村 1 1 0" in text(desk.opens("/office/map"))
    by, box = district.actor(district.supervisor), (118.0, 29.0, 119.0, 30.0)
    assert [one.label for one in reading.view(on_postgres, reading.Wanted(box=box), by=by).homes] == ["陈一"]
    with on_postgres.db.read() as session:
        [cell] = read.cells(session, by.feed_id, read.Asked(None, box, read.Mark(month=moments.month)), 0.1)
    assert (cell.latitude, cell.longitude, cell.number, cell.marked) == (29.87, 118.33, 1, 0)
    console = district.actor(district.person("孙管理", "A01", role="administrator", area=district.county))
    for name in ("housing_cases", "housing_payments", "checks"):
        definition = dataset(name)
        published.publish_dataset(on_postgres, console, definition, digest=definition["version"])
    district.record(home, "housing_cases", "重建", stage="started", subsidy="40000")
    board = text(desk.opens("/office/boards/renovation?code=started&after=a~b"))
    assert "100.0 %（1/1） 0.0 %（0/1） 0.0 %（0/1） 0 40,000 0" in board
    desk.opens("/office/boards/renovation?overdue=1")
    desk.opens("/office/boards/checks")
    desk.opens(f"/office/households/{home}/archive")
    desk.opens("/office/waiting")
    assert "陈一" in desk.opens("/office/conflicts?after=0.x")
    assert desk.sends(f"/office/visits/{visit}", action="return", comment="请补照片").status_code == 302
    assert desk.sends(f"/office/conflicts/{conflict}", choice="candidate", reason="核实").status_code == 302
    assert "未采用的值 饮水 自来水" in text(desk.opens(f"/office/households/{home}"))
    assert [notice["kind"] for notice in notices(on_postgres, district.li)] == ["return", "decision"]


def test_forms_are_drafted_tried_published_and_exported_the_same_way(on_postgres: Context, moments: Moments) -> None:
    district = District(on_postgres, moments)
    admin = district.actor(district.person("县管理员", "A01", role="administrator", area=district.county))
    home = district.household("陈一", district.upper, helper=district.li, hamlet="一组")
    assert authoring.save_draft(on_postgres, admin, source(), "trial.md").problems == []
    assert authoring.save_draft(on_postgres, admin, source("1", MORE), "trial.md").problems == []
    trials.set_testers(on_postgres, admin, "trial", "1", [district.li])
    assert "trial.trial" in phone_of(on_postgres, district, district.li)["forms"]
    assert sends(on_postgres, district, district.li, home, "trial.trial").status == "applied"
    villages, _ = coverage.by_village(on_postgres, moments.month, by=district.actor(district.supervisor))
    assert sum(village.visited for village in villages) == 0
    assert authoring.publish(on_postgres, admin, source("1", MORE), "trial.md").problems == []
    trials.end(on_postgres, admin, "trial", "1")
    sends(on_postgres, district, district.li, home, "trial")
    [form] = [one for one in form_catalogue.catalogue(on_postgres, admin) if one.id == "trial"]
    assert (form.submissions, form.drafts) == (1, [])
    assert authoring.file_of(on_postgres, admin, "trial", "1") == (source("1", MORE), "trial.md")
    wanted = form_export.Wanted("trial", month=moments.month)
    assert form_export.number(on_postgres, admin, wanted, 10) == 1
    [(_, row)] = form_export.export(on_postgres, admin, wanted).rows
    assert (row["hamlet"], row["label"], row["area"]) == ("二组", "陈一", "上村")
    trials.retire(on_postgres, admin, "trial")
    assert "trial" not in phone_of(on_postgres, district, district.li)["forms"]


def test_people_phones_handovers_and_the_log_are_the_same(on_postgres: Context, moments: Moments) -> None:
    district = District(on_postgres, moments)
    district.person("县管理员", "A01", role="administrator", area=district.county)
    district.person("镇管理员", "A02", role="administrator", area=district.east)
    home = district.household("陈一", district.upper, helper=district.li)
    visit = district.visit(home, district.li)
    conflict = district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})
    for login in ("A01", "A02"):
        desk = Desk(app_on(on_postgres))
        assert desk.signs_in(login).status_code == 302
        for path in ("people?q=王&role=supervisor&after=a~b", "people?state=retired", "devices?state=unsent&after=9.x"):
            desk.opens(f"/office/{path}")
        assert "王审核" in desk.opens(f"/office/people?area={district.east}")
        assert "红米" in desk.opens("/office/devices?q=S01")
        assert "李帮扶" in desk.opens("/office/assignments")
        desk.opens("/office/assignments?q=李&after=a~b")
        assert "陈一" in desk.opens(f"/office/assignments/{district.li}")
        desk.opens(f"/office/households/{home}")
        assert "查看农户 陈一" in text(
            desk.opens(f"/office/log?who={login}&home=陈一&since=2026-11-22&until=2026-11-22")
        )
        desk.opens("/office/log?who=县管&kind=view&before=99999")
    desk.sends(f"/office/visits/{visit}", action="approve")
    desk.sends(f"/office/conflicts/{conflict}", choice="candidate", reason="核实")
    assert "审定不一致 陈一" in text(desk.opens("/office/log"))
    assert desk.sends(f"/office/assignments/{district.li}", which="all", taker="C02").status_code == 302
    by = district.actor(district.supervisor)
    plan.hand_over(on_postgres, by, giver=district.zhang, taker="C01", subjects=[home], day=date(2026, 11, 23))
    moments.later(days=1)
    assert plan.carry_out_due(on_postgres) == 1
    with on_postgres.db.read() as session:
        assert scope.holders(session, FEED, home) == [district.li]
