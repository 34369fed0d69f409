"""Deadlines run while nobody looks: they begin and stop with the stages, and know the holidays."""

from __future__ import annotations

import pytest

from fieldsvc import forms
from fieldsvc.processes.calendar import Entry, read_calendar
from fieldsvc.services import deadlines, people, published, reference_lists, register, workdays
from fieldsvc.xlsform.reference import ReferenceList
from tests.world import World
from tests.world.cases import DATASETS, PROCESS, Record, day, new, prepare, reports
from tests.world.places import Household


@pytest.fixture
def home(world: World) -> Household:
    prepare(world)
    return world.household()


@pytest.fixture
def case(world: World, home: Household) -> Record:
    """A case whose notice went up today: Friday, 15 November 2019. It is to be granted within ten working days."""
    east, case = world.cadre("East", visits=[home]), new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -5))
    reports(east, case, photo=True, stage="posted", posted_on=day(world))
    east.syncs()
    return case


def due(world: World) -> list[tuple[str, int, int | None]]:
    """The list of a supervisor: day, days left, alarm."""
    page = deadlines.queue(world.server.ctx, by=world.supervisor.who())
    return [(one.due.due.isoformat(), one.due.left, one.due.alarm) for one in page.lines]


def counted(world: World) -> tuple[int, int]:
    page = deadlines.queue(world.server.ctx, by=world.supervisor.who())
    return page.overdue, page.soon


def test_a_deadline_is_listed_when_it_comes_near_and_counts_working_days(world: World, case: Record) -> None:
    assert due(world) == [], "the 29th is two weeks off"
    world.days_pass(7)
    assert due(world) == [("2019-11-29", 5, 7)]
    assert counted(world) == (0, 1)


def test_the_day_after_it_is_overdue_without_anybody_writing_anything(world: World, case: Record) -> None:
    world.days_pass(14)
    assert (due(world), counted(world)) == ([("2019-11-29", 0, 0)], (0, 1))
    world.days_pass(1)
    assert (due(world), counted(world)) == ([("2019-11-29", 0, -1)], (1, 0))


def test_it_stops_when_its_stage_is_reached_wherever_that_is_written(
    world: World, home: Household, case: Record
) -> None:
    world.days_pass(10)
    ctx, by = world.server.ctx, world.supervisor.who()
    grant = {"stage": "granted", "granted_on": day(world)}
    register.edit(ctx, by, case.id, grant, seen_version=world.record(case).version)
    assert due(world) == []


def test_a_record_that_is_removed_has_no_deadline(world: World, case: Record) -> None:
    world.days_pass(10)
    ctx, by = world.server.ctx, world.supervisor.who()
    register.delete(ctx, by, case.id, seen_version=world.record(case).version)
    assert due(world) == []


def test_a_year_entered_later_moves_the_deadlines_that_run(world: World, case: Record) -> None:
    world.days_pass(10)
    holidays = read_calendar("day,kind,name\n2019-11-18,holiday,x\n2019-11-19,holiday,x\n2019-11-23,workday,x\n")
    workdays.enter(world.server.ctx, world.county.who(), holidays)
    deadlines.rebuild(world.server.ctx)
    assert due(world) == [("2019-12-02", 5, 7)]


def test_a_year_entered_twice_is_the_year_as_entered_last(world: World, home: Household) -> None:
    ctx, by = world.server.ctx, world.county.who()
    workdays.enter(ctx, by, read_calendar("day,kind,name\n2027-10-01,holiday,x\n2027-10-02,holiday,x\n"))
    workdays.enter(ctx, by, [Entry(read_calendar("day,kind,name\n2027-10-04,holiday,x\n")[0].day, "holiday")])
    with ctx.db.read() as session:
        found = workdays.calendar(session)
    assert sorted(one.isoformat() for one in found.holidays if one.year == 2027) == ["2027-10-04"]
    assert 2026 in found.years, "what is shipped stays"


def test_another_supervisors_deadlines_are_not_mine(world: World, home: Household, case: Record) -> None:
    world.days_pass(10)
    elsewhere = world.village("Upper")
    ctx, by = world.server.ctx, world.county.who()
    other = world.cadre("Other", enrolled=False)
    people.grant_role(ctx, by, other.person_id, "supervisor", elsewhere)
    assert deadlines.queue(ctx, by=world.desk_of(other).who()).lines == []


def test_counting_all_anew_changes_nothing(world: World, case: Record) -> None:
    world.days_pass(10)
    before = due(world)
    assert deadlines.rebuild(world.server.ctx) == 1
    assert due(world) == before


def test_a_figure_published_anew_moves_the_deadlines_that_name_it(world: World, home: Household) -> None:
    ctx, by = world.server.ctx, world.county.who()
    publish_days(world, 6)
    content = {**PROCESS, "clocks": [{**PROCESS["clocks"][0], "days": "grant_days"}]}
    dataset = {**DATASETS[0], "process": {"name": "house", "content": content}}
    published.publish_dataset(ctx, by, dataset, digest="with the figure")
    east, case = world.cadre("East", visits=[home]), new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -5))
    reports(east, case, photo=True, stage="posted", posted_on=day(world))
    east.syncs()
    world.days_pass(3)
    assert [when for when, _, _ in due(world)] == ["2019-11-25"]

    publish_days(world, 4)
    assert [when for when, _, _ in due(world)] == ["2019-11-21"]


def test_a_household_that_was_helped_before_looks_were_written_down_is_to_be_looked_at_all_the_same(
    world: World,
) -> None:
    world.clock.passes(days=7 * 365)  # into the years for which the figures are shipped
    ctx, by, home = world.server.ctx, world.county.who(), world.household()
    shipped = forms.datasets()["risks"]
    before = {name: each for name, each in shipped["properties"].items() if name != "looked_on"}
    earlier = {name: said for name, said in shipped.items() if name != "process"} | {"properties": before}
    published.publish_dataset(ctx, by, earlier, digest="an earlier release")
    said = {"title": "risk", "stage": "helped", "measures": "job", "measures_on": day(world, -20)}
    risk = register.create(ctx, by, "risks", said, label="risk", subject_id=home.id)
    assert due(world) == []

    reference_lists.publish_list(ctx, by, forms.lists()["thresholds"])
    published.publish_dataset(ctx, by, shipped, digest="this release")
    deadlines.rebuild(ctx)
    world.days_pass(5)
    assert due(world) == [(day(world, 5), 5, 7)]

    register.edit(ctx, by, risk, {"looked_on": day(world)}, seen_version=1)
    assert due(world) == []
    world.days_pass(25)
    assert due(world) == [(day(world, 5), 5, 7)]


def publish_days(world: World, days: int) -> None:
    """The county's own figure of how long a grant may take."""
    rows = [{"name": "grant_days", "area": "", "year": "2019", "value": str(days), "label": "x", "label::en": "x"}]
    listed = ReferenceList("thresholds", rows, str(days))
    reference_lists.publish_list(world.server.ctx, world.county.who(), listed)
