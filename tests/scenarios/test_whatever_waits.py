"""Whatever a visit waits for: accepted it is one visit and counts once, declined not at all, and its author hears."""

import io
from collections.abc import Callable

import pytest
from sqlalchemy import select

from fieldsvc.problems import Replaced
from fieldsvc.services import rescue
from fieldsvc.services.intake import batch
from fieldsvc.store.tables import SubmissionRow
from tests.scenarios.rescue_file import backup_of
from tests.world import Cadre, Household, World
from tests.world.outbox import Entry

Sends = Callable[[World, Cadre, Household, pytest.MonkeyPatch], Entry]


def out_of_scope(world: World, east: Cadre, home: Household, monkeypatch: pytest.MonkeyPatch) -> Entry:
    draft = east.opens_form(home)
    world.takes_from(home, east)
    east.syncs()
    visit = east.finishes(draft, visits_made="1")
    east.syncs()
    return visit


def rule_broken(world: World, east: Cadre, home: Household, monkeypatch: pytest.MonkeyPatch) -> Entry:
    visit = east.visits(home, met="", visits_made="1")
    east.syncs()
    return visit


def carried_unproven(world: World, east: Cadre, home: Household, monkeypatch: pytest.MonkeyPatch) -> Entry:
    east.loses_signal()
    visit = east.visits(home, visits_made="1")
    rescue.take_in(world.server.ctx, world.supervisor.who(), io.BytesIO(backup_of(east, None)))
    east.finds_signal_and_syncs()
    return visit


def operation_failed(world: World, east: Cadre, home: Household, monkeypatch: pytest.MonkeyPatch) -> Entry:
    def explode(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(batch, "decide", explode)
        visit = east.visits(home, visits_made="1")
        east.syncs()
    return visit


REASONS: list[Sends] = [out_of_scope, rule_broken, carried_unproven, operation_failed]


@pytest.fixture(params=REASONS, ids=[reason.__name__ for reason in REASONS])
def sends(request: pytest.FixtureRequest) -> Sends:
    """How the visit comes to wait, named for why."""
    reason: Sends = request.param
    return reason


@pytest.fixture
def home(world: World) -> Household:
    return world.household(visits_made="0")


@pytest.fixture
def east(world: World, home: Household) -> Cadre:
    return world.cadre("East", visits=[home])


@pytest.fixture
def visit(world: World, east: Cadre, home: Household, sends: Sends, monkeypatch: pytest.MonkeyPatch) -> Entry:
    """A visit that waits; it says that there was one visit more."""
    entry = sends(world, east, home, monkeypatch)
    code = str((entry.receipt or {})["problem"]["code"]).replace("-", "_")
    assert (entry.status, code) == ("review", sends.__name__)
    return entry


def standing(world: World) -> list[str]:
    """What a list of visits shows: neither replaced nor taken back, and nothing that waits still."""
    with world.server.ctx.db.read() as session:
        rows = session.scalars(
            select(SubmissionRow).where(SubmissionRow.replaced_by_id.is_(None), SubmissionRow.withdrawn_at.is_(None))
        )
        return [row.id for row in rows if "review" not in (row.flags or {})]


def counts(world: World, home: Household) -> str | None:
    return world.record(home).properties["visits_made"]


def test_accepted_it_is_one_visit_and_its_author_hears(
    world: World, home: Household, east: Cadre, visit: Entry
) -> None:
    assert (standing(world), counts(world, home)) == ([], "0")
    world.supervisor.accepts(visit)
    east.syncs()
    assert (visit.status, standing(world), counts(world, home)) == ("applied", [visit.id], "1")
    assert world.supervisor.operations_in_review() == set()
    world.assert_laws_hold()


def test_declined_it_counts_not_at_all_and_its_author_hears(
    world: World, home: Household, east: Cadre, visit: Entry
) -> None:
    world.supervisor.answers(visit.id, accepted=False)
    east.syncs()
    assert (visit.status, (visit.receipt or {})["problem"]["code"]) == ("refused", "declined")
    assert (counts(world, home), world.supervisor.operations_in_review()) == ("0", set())
    world.assert_laws_hold()


def test_amended_meanwhile_it_counts_once_and_is_not_accepted_before_its_amendment_is_decided(
    world: World, home: Household, east: Cadre, visit: Entry
) -> None:
    amended = east.amends(visit, home, visits_made="1")
    east.syncs()
    if amended.status == "review":
        with pytest.raises(Replaced):
            world.supervisor.accepts(visit)
        world.supervisor.accepts(amended)
    east.syncs()
    assert amended.status in ("applied", "merged")
    assert (visit.status, (visit.receipt or {})["problem"]["code"]) == ("refused", "replaced")
    assert (standing(world), counts(world, home)) == ([amended.id], "1")
    assert world.supervisor.operations_in_review() == set()
    world.assert_laws_hold()


def test_restored_meanwhile_it_waits_again_and_counts_once(
    world: World, home: Household, east: Cadre, sends: Sends, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = world.backs_up()
    visit = sends(world, east, home, monkeypatch)
    world.supervisor.accepts(visit)
    world.restores(backup)
    east.syncs()
    for waits in sorted(world.supervisor.operations_in_review()):
        world.supervisor.answers(waits, accepted=True)
    east.syncs()
    assert (visit.status, standing(world), counts(world, home)) == ("applied", [visit.id], "1")
    world.assert_laws_hold()
