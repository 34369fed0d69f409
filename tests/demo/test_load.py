"""The demo in the database: whole, valid by its own forms, and the same as if it had been sent by phones."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select

from fieldsvc.config import Settings
from fieldsvc.demo import district, photos, visits
from fieldsvc.demo.load import settle
from fieldsvc.forms import datasets, lists
from fieldsvc.services import enrol, fsck, intake, orphans
from fieldsvc.services.context import Context, open_context, system_clock
from fieldsvc.store.migrate import upgrade
from fieldsvc.store.tables import (
    AttachmentRow,
    AuditRow,
    CampaignRow,
    ConflictRow,
    CrossingRow,
    DifferenceRow,
    EffectRow,
    EntityRow,
    OperationRow,
    PersonRow,
    ScopeRow,
    SubmissionRow,
)
from fieldsvc.xlsform import validate
from fieldsvc.xlsform.reference import attach
from tests.support.demo import NOW, PASSWORDS, Demo
from tests.support.shipped import compiled


@pytest.fixture
def ctx(demo: Demo) -> Iterator[Context]:
    opened = demo.context()
    yield opened
    opened.db.dispose()


def count(ctx: Context, table: Any, *where: Any) -> int:
    with ctx.db.read() as session:
        return session.scalars(select(func.count()).select_from(table).where(*where)).one()


def test_the_whole_district_is_there_with_one_household_to_practise_on(ctx: Context) -> None:
    households = EntityRow.dataset == "households"
    assert count(ctx, EntityRow, households) == 2235 + 1
    assert count(ctx, EntityRow, EntityRow.dataset == "members") == 4621 + 4
    assert count(ctx, PersonRow, PersonRow.staff_no.like("99%") | (PersonRow.staff_no == "cadre")) == 1193 + 1
    assert count(ctx, ScopeRow, ScopeRow.role != "checker") == 2236


def test_every_row_and_every_file_of_it_belongs_to_something(ctx: Context) -> None:
    assert list(fsck.check(ctx)) == []
    tomorrow = replace(ctx, now_ms=lambda: system_clock() + 2 * 86_400_000)  # the files were written just now
    assert list(ctx.blobs.under("files"))
    assert list(orphans.find(tomorrow)) == []


@pytest.mark.parametrize("login", PASSWORDS)
def test_three_people_sign_in_with_a_password(demo: Demo, tmp_path: Path, login: str) -> None:
    own = demo.context(tmp_path / "data")
    assert enrol.check_password(own, login, PASSWORDS[login]).name
    own.db.dispose()


def test_ten_conflicts_wait_for_the_town_supervisor(ctx: Context) -> None:
    assert count(ctx, ConflictRow, ConflictRow.state == "open", ConflictRow.severity == "hard") == 10
    with ctx.db.read() as session:
        for conflict in session.scalars(select(ConflictRow)):
            assert conflict.current != conflict.candidate


def test_a_campaign_runs_and_one_is_over_and_a_town_checks_another(ctx: Context) -> None:
    with ctx.db.read() as session:
        over, running = session.scalars(select(CampaignRow).order_by(CampaignRow.from_at))
        [crossing] = session.scalars(select(CrossingRow))
    assert over.to_at < ctx.now_ms() < running.to_at
    assert crossing.counts["households"] > 10
    assert count(ctx, ScopeRow, ScopeRow.role == "checker") == crossing.counts["households"]


def test_the_schools_list_differs_in_every_way_and_some_of_it_is_decided(ctx: Context) -> None:
    with ctx.db.read() as session:
        parts = {(row.part, row.choice) for row in session.scalars(select(DifferenceRow))}
    assert parts == {
        ("different", None), ("different", "theirs"), ("here", None), ("here", "asked"), ("there", None)
    }  # fmt: skip


def test_every_month_has_visits_and_none_lies_in_the_future(ctx: Context) -> None:
    now = int(NOW.timestamp() * 1000)
    with ctx.db.read() as session:
        months = session.execute(
            select(SubmissionRow.month, func.count())
            .where(SubmissionRow.form_id == "visit")
            .group_by(SubmissionRow.month)
            .order_by(SubmissionRow.month)
        ).all()
        latest = session.scalars(select(func.max(SubmissionRow.received_at))).one()
    assert [month for month, _ in months] == [202609, 202610, 202611]
    assert all(number > 1000 for _, number in months)
    assert latest is not None
    assert latest < now


def test_every_answer_is_what_its_form_allows(ctx: Context) -> None:
    definition = attach(compiled()["visit"], {name: (1, listed.rows) for name, listed in lists().items()}, datasets())
    with ctx.db.read() as session:
        operations = session.scalars(select(OperationRow.body).where(OperationRow.kind == "submission").limit(400))
        for body in operations:
            document = orjson.loads(body)
            found = validate(definition, document["answers"], document["context"], document["entities"])
            assert found == [], document["answers"]


def test_sent_by_phones_the_visits_would_have_left_the_same_rows(ctx: Context, tmp_path: Path) -> None:
    """Bulk rows are a shortcut, and this is what holds them to the truth: the intake itself."""
    settings = Settings(mode="test", data_folder=tmp_path)
    upgrade(settings.database_url)
    fresh = open_context(settings)
    settled = settle(fresh, NOW, PASSWORDS)
    kept = photos.keep(fresh, settled.place.feed_id)
    sample = [visit for visit in visits.make(settled.district, NOW, "1", kept) if visit.trunk_version == 1][::61]
    assert {visit.advances for visit in sample} == {True, False}
    for visit in sample:
        by = enrol.actor_of(fresh, visit.cadre.id)
        assert by is not None
        [receipt] = intake.accept(fresh, by, [(visit.id, visit.body.decode())])
        assert receipt.status == "applied"
        assert _effects(fresh, visit.id) == _effects(ctx, visit.id)
    fresh.db.dispose()


def _effects(ctx: Context, operation_id: str) -> list[tuple[Any, ...]]:
    with ctx.db.read() as session:
        rows = session.scalars(select(EffectRow).where(EffectRow.operation_id == operation_id))
        return [(row.entity_id, row.dataset, row.status, row.changes, row.result_version) for row in rows]


def test_houses_are_renovated_at_every_stage_and_no_form_breaks_a_rule(ctx: Context) -> None:
    with ctx.db.read() as session:
        cases = session.scalars(select(EntityRow.properties).where(EntityRow.dataset == "housing_cases")).all()
        filed = session.execute(
            select(SubmissionRow.form_id, SubmissionRow.flags).where(SubmissionRow.form_id != "visit")
        ).all()
    stages = {"applied", "discussed", "noticed", "reviewed", "approved", "building", "completed", "moved_in", "paid"}
    assert {case["stage"] for case in cases} == stages
    assert {form for form, _ in filed} == {"housing_case", "housing_inspection", "housing_acceptance"}
    assert [flags for _, flags in filed if flags] == []
    assert count(ctx, AttachmentRow, AttachmentRow.state != "present") == 0


def test_the_log_names_a_person_where_no_phone_is_known(ctx: Context) -> None:
    assert count(ctx, AuditRow, AuditRow.action == "push") > 0
    assert count(ctx, AuditRow, AuditRow.thing == "device:None") == 0


def test_a_phone_finds_two_houses_of_its_own_under_renovation(demo: Demo, ctx: Context) -> None:
    made = district.make(demo.now.date())
    own = {household.id for household in made.cadres[0].households}
    assert count(ctx, EntityRow, EntityRow.dataset == "housing_cases", EntityRow.subject_id.in_(own)) == 2


def test_every_family_whose_house_is_worked_on_has_a_plan_with_measures_and_an_income_that_adds_up(
    demo: Demo, ctx: Context
) -> None:
    with ctx.db.read() as session:
        rows = session.execute(
            select(EntityRow.subject_id, EntityRow.dataset, EntityRow.properties).where(
                EntityRow.dataset.in_(("plans", "plan_measures", "income_statements", "housing_cases"))
            )
        ).all()
    homes = {kind: {subject for subject, dataset, _ in rows if dataset == kind} for kind in {row[1] for row in rows}}
    assert homes["plans"] == homes["plan_measures"] == homes["income_statements"] == homes["housing_cases"]
    for income in (values for _, kind, values in rows if kind == "income_statements"):
        gross, costs, net = (float(income[name]) for name in ("gross", "costs", "net"))
        assert gross == sum(float(income[name]) for name in ("wages", "business", "property", "transfer"))
        assert (net, round(net / int(income["people"]), 2)) == (gross - costs, float(income["net_per_head"]))


def test_the_boards_have_something_to_show(ctx: Context) -> None:
    with ctx.db.read() as session:
        rows = session.execute(
            select(EntityRow.dataset, EntityRow.properties).where(
                EntityRow.dataset.in_(("problems", "risks", "checks"))
            )
        ).all()
    assert {row["status"] for kind, row in rows if kind == "problems"} == {
        "to_verify",
        "under_way",
        "proposed",
        "closed",
    }
    assert {row["stage"] for kind, row in rows if kind == "risks"} >= {"clue", "checked", "county", "helped"}
    assert {row["conclusion"] for kind, row in rows if kind == "checks"} == {"met", "unmet"}
