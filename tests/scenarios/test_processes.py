"""Records that go through a process, moved by phones without a signal: what breaks a rule waits, nothing is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fieldsvc.problems import OwnOverride, ProcessNotice, ProcessOrder, ProcessPerson, ReasonMissing
from fieldsvc.services import people, register
from fieldsvc.store.tables import AuditRow
from tests.support.statements import statements
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.cases import Record, day, new, prepare, reports
from tests.world.outbox import Entry
from tests.world.places import Household


@pytest.fixture
def home(world: World) -> Household:
    """A household in a county that has the process."""
    prepare(world)
    return world.household()


@pytest.fixture
def east(world: World, home: Household) -> Cadre:
    return world.cadre("East", visits=[home])


@pytest.fixture
def west(world: World, home: Household) -> Cadre:
    return world.cadre("West", visits=[home])


def posted(world: World, by: Cadre, home: Household, ago: int = 8) -> Record:
    """A case whose notice has been up for some days, with its photo, on the server."""
    case = new(world, home)
    applied = by.adds(case, stage="applied", applied_on=day(world, -ago - 5), subsidy="30000")
    put_up = reports(by, case, photo=True, stage="posted", posted_on=day(world, -ago))
    by.syncs()
    assert (applied.status, put_up.status) == ("applied", "applied")
    return case


def why(entry: Entry) -> str:
    """Why an operation waits, and that it does."""
    assert entry.receipt is not None
    assert entry.status == "review"
    return str(entry.receipt["problem"]["code"])


def sentence(entry: Entry) -> str:
    assert entry.receipt is not None
    return str(entry.receipt["problem"]["title"]["zh"])


def test_a_case_moved_by_the_rules_needs_nobody(world: World, home: Household, east: Cadre, west: Cadre) -> None:
    case = posted(world, east, home)
    west.syncs()
    granted = west.corrects(case, stage="granted", granted_on=day(world))
    west.syncs()

    assert granted.status == "applied"
    assert world.record(case).stage == "granted"


def test_a_stage_passed_over_waits_and_the_record_stays(world: World, home: Household, east: Cadre) -> None:
    case = new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -3))
    jump = east.corrects(case, stage="granted", granted_on=day(world))
    east.syncs()

    assert why(jump) == "process-order"
    assert sentence(jump).startswith("跳过了「posted」，没有日期")
    assert world.record(case).stage == "applied"
    assert world.has_operation(jump), "kept, byte for byte"


def test_a_step_dated_before_the_one_it_follows_waits(world: World, home: Household, east: Cadre) -> None:
    case = new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -3))
    back = reports(east, case, photo=True, stage="posted", posted_on=day(world, -4))
    east.syncs()

    assert why(back) == "process-date"
    assert world.has_visit(back), "the visit itself is stored at once"
    assert world.record(case).posted_on is None


def test_a_notice_without_its_photo_waits_and_with_it_does_not(world: World, home: Household, east: Cadre) -> None:
    case = new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -3))
    bare = reports(east, case, photo=False, stage="posted", posted_on=day(world))
    east.syncs()
    assert why(bare) == "process-evidence"
    assert "照片" in sentence(bare)

    shown = reports(east, case, photo=True, stage="posted", posted_on=day(world))
    east.syncs()
    assert shown.status == "applied"


def test_a_photo_that_came_with_an_earlier_visit_counts(world: World, home: Household, east: Cadre) -> None:
    case = new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -3))
    early = reports(east, case, photo=True)
    east.syncs()
    later = reports(east, case, photo=False, stage="posted", posted_on=day(world))
    east.syncs()

    assert (early.status, later.status) == ("applied", "applied")


def test_a_photo_of_a_visit_that_was_taken_back_proves_nothing(world: World, home: Household, east: Cadre) -> None:
    case = new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -3))
    early = reports(east, case, photo=True)
    east.syncs()
    east.withdraws(early)
    east.syncs()
    later = reports(east, case, photo=False, stage="posted", posted_on=day(world))
    east.syncs()

    assert why(later) == "process-evidence"


def test_whoever_applied_does_not_grant(world: World, home: Household, east: Cadre) -> None:
    case = posted(world, east, home)
    own = east.corrects(case, stage="granted", granted_on=day(world))
    east.syncs()

    assert why(own) == "process-person"


def test_the_owner_does_not_grant_in_one_push_either(world: World, home: Household, east: Cadre) -> None:
    case = new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -20))
    reports(east, case, photo=True, stage="posted", posted_on=day(world, -10))
    own = east.corrects(case, stage="granted", granted_on=day(world))
    east.syncs()

    assert why(own) == "process-person"
    assert world.record(case).stage == "posted"


def test_only_the_role_that_may_accepts(world: World, home: Household, east: Cadre, west: Cadre) -> None:
    case = posted(world, east, home, ago=9)
    west.syncs()
    west.corrects(case, stage="granted", granted_on=day(world, -1))
    accepted = west.corrects(case, stage="accepted", accepted_on=day(world), grade="C")
    west.syncs()
    assert why(accepted) == "process-person"
    assert sentence(accepted) == "「accepted」只能由主管办理。"

    ctx, by = world.server.ctx, world.county.who()
    people.grant_role(ctx, by, east.person_id, "supervisor", people.area_of_code(ctx, by, None).id)
    east.syncs()
    done = east.corrects(case, stage="accepted", accepted_on=day(world), grade="C")
    east.syncs()
    assert done.status == "applied"


def test_a_notice_that_has_not_hung_its_days_waits(world: World, home: Household, east: Cadre, west: Cadre) -> None:
    case = posted(world, east, home, ago=6)
    west.syncs()
    early = west.corrects(case, stage="granted", granted_on=day(world))
    west.syncs()

    assert why(early) == "process-notice"
    assert sentence(early) == f"「posted」不足 7 天，最早 {day(world, 1)} 可到「granted」。"


def test_a_way_back_that_is_named_is_open_and_every_other_is_not(
    world: World, home: Household, east: Cadre, west: Cadre
) -> None:
    case = posted(world, east, home)
    west.syncs()
    returned = west.corrects(case, stage="returned")
    west.syncs()
    assert (returned.status, world.record(case).stage) == ("applied", "returned")

    onward = west.corrects(case, stage="granted", granted_on=day(world))
    west.syncs()
    assert why(onward) == "process-order"


def test_two_phones_pay_the_same_case_and_the_second_payment_waits(
    world: World, home: Household, east: Cadre, west: Cadre
) -> None:
    case = posted(world, east, home)
    west.syncs()
    first = east.adds(new(world, home, "payments"), case_id=case.id, amount="20000", kind="start")
    second = west.adds(new(world, home, "payments"), case_id=case.id, amount="0.01", kind="start")
    east.syncs()
    west.syncs()

    assert first.status == "applied"
    assert why(second) == "process-money"
    assert sentence(second) == "「accepted」之前最多预付 20000 元。"


def test_payments_of_one_push_are_added_up_with_those_on_the_server(world: World, home: Household, east: Cadre) -> None:
    case = posted(world, east, home)
    east.adds(new(world, home, "payments"), case_id=case.id, amount="12000", kind="start")
    east.syncs()
    fine = east.adds(new(world, home, "payments"), case_id=case.id, amount="8000", kind="start")
    over = east.adds(new(world, home, "payments"), case_id=case.id, amount="0.01", kind="start")
    east.syncs()

    assert fine.status == "applied"
    assert why(over) == "process-money"


def test_a_subsidy_lowered_below_what_was_paid_waits(world: World, home: Household, east: Cadre) -> None:
    case = posted(world, east, home)
    east.adds(new(world, home, "payments"), case_id=case.id, amount="20000", kind="start")
    lower = east.corrects(case, subsidy="19999.99")
    east.syncs()

    assert why(lower) == "process-money"
    assert world.record(case).subsidy == "30000"


def test_two_phones_that_move_a_case_along_the_line_end_at_the_later_stage(
    world: World, home: Household, east: Cadre, west: Cadre
) -> None:
    case = new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -20))
    east.syncs()
    west.syncs()
    east.loses_signal()
    reports(east, case, photo=True, stage="posted", posted_on=day(world, -10))
    further = reports(west, case, photo=True, stage="posted", posted_on=day(world, -10))
    west.corrects(case, stage="granted", granted_on=day(world))
    west.syncs()
    east.finds_signal_and_syncs()

    assert further.status == "applied"
    assert world.record(case).stage == "granted", "what is further along never goes back silently"


def test_a_stage_beside_the_line_and_one_along_it_are_for_a_person_to_choose(
    world: World, home: Household, east: Cadre, west: Cadre
) -> None:
    case = posted(world, east, home)
    west.syncs()
    east.loses_signal()
    back = east.corrects(case, stage="returned")
    west.corrects(case, stage="granted", granted_on=day(world))
    west.syncs()
    east.finds_signal_and_syncs()

    assert back.status == "conflict"
    assert world.record(case).stage == "granted"


def test_a_supervisor_lets_it_stand_with_a_reason_that_is_kept(world: World, home: Household, east: Cadre) -> None:
    case = posted(world, east, home, ago=6)
    own = east.corrects(case, stage="granted", granted_on=day(world))
    east.syncs()
    with pytest.raises(ReasonMissing):
        world.supervisor.accepts(own)
    world.supervisor.accepts(own, reason="flood, the county agreed")

    assert world.record(case).stage == "granted"
    east.syncs()
    assert own.status == "applied"
    with world.server.ctx.db.read() as session:
        [entry] = session.scalars(select(AuditRow).where(AuditRow.action == "accept-operation"))
    assert entry.detail == {
        "against": "process-person",
        "guards": ["notice", "person"],
        "reason": "flood, the county agreed",
    }


def test_nobody_lets_the_own_step_through_that_somebody_else_has_to_do(world: World, home: Household) -> None:
    prepare(world)
    boss = world.cadre("Boss", visits=[home])
    ctx, by = world.server.ctx, world.county.who()
    people.grant_role(ctx, by, boss.person_id, "supervisor", people.area_of_code(ctx, by, None).id)
    case = posted(world, boss, home)
    own = boss.corrects(case, stage="granted", granted_on=day(world))
    boss.syncs()
    assert why(own) == "process-person"

    with pytest.raises(OwnOverride):
        world.desk_of(boss).accepts(own, reason="it is fine")
    world.supervisor.accepts(own, reason="seen by me")
    assert world.record(case).stage == "granted"


def test_taking_back_a_visit_that_moved_a_case_is_no_move(world: World, home: Household, east: Cadre) -> None:
    case = new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -3))
    put_up = reports(east, case, photo=True, stage="posted", posted_on=day(world))
    east.syncs()
    taken = east.withdraws(put_up)
    east.syncs()

    assert taken.status == "applied"
    assert world.record(case).stage == "applied"


def test_what_comes_after_a_move_that_waits_is_judged_on_its_own(world: World, home: Household, east: Cadre) -> None:
    case = new(world, home)
    east.adds(case, stage="applied", applied_on=day(world, -3))
    jump = east.corrects(case, stage="granted", granted_on=day(world))
    other = east.corrects(case, owner="Wang")
    east.syncs()

    assert why(jump) == "process-order"
    assert other.status == "merged"
    assert (world.record(case).stage, world.record(case).owner) == ("applied", "Wang")


def test_many_moves_in_one_push_ask_the_database_no_more_than_a_few(world: World, home: Household, east: Cadre) -> None:
    def asked(number: int) -> int:
        cases = [new(world, home) for _ in range(number)]
        for case in cases:
            east.adds(case, stage="applied", applied_on=day(world, -3), subsidy="30000")
        east.syncs()
        for case in cases:
            reports(east, case, photo=True, stage="posted", posted_on=day(world))
            east.adds(new(world, home, "payments"), case_id=case.id, amount="20000", kind="start")
        with statements(world.server.ctx) as seen:
            receipts = east.syncs()
        assert {receipt["status"] for receipt in receipts} == {"applied"}
        # PostgreSQL takes one lock for each thing, process or not.
        return sum(line.startswith("SELECT") and "advisory" not in line for line in seen)

    asked(1)
    assert asked(20) <= asked(2)


def test_the_office_keeps_the_same_rules_and_says_so_in_its_log_when_it_does_not(
    world: World, home: Household, east: Cadre
) -> None:
    case = posted(world, east, home, ago=2)
    ctx, by = world.server.ctx, world.supervisor.who()
    seen, grant = world.record(case).version, {"stage": "granted", "granted_on": day(world)}
    with pytest.raises(ProcessNotice):
        register.edit(ctx, by, case.id, grant, seen_version=seen, reason="now")
    register.edit(ctx, by, case.id, grant, seen_version=seen, reason="flood", override=True)

    assert world.record(case).stage == "granted"
    with ctx.db.read() as session:
        [entry] = session.scalars(select(AuditRow).where(AuditRow.action == "update"))
    assert entry.detail == {"reason": "flood", "against": "process-notice"}


def test_a_supervisor_cannot_override_a_rule_about_themselves(world: World, home: Household, east: Cadre) -> None:
    case = posted(world, east, home)
    ctx, by = world.server.ctx, world.supervisor.who()
    register.edit(ctx, by, case.id, {"owner": "Supervisor"}, seen_version=world.record(case).version)
    grant = {"stage": "granted", "granted_on": day(world)}
    with pytest.raises(ProcessPerson):
        register.edit(ctx, by, case.id, grant, seen_version=world.record(case).version, override=True)


def test_a_case_the_office_opens_begins_like_any_other(world: World, home: Household) -> None:
    ctx, by = world.server.ctx, world.supervisor.who()
    with pytest.raises(ProcessOrder):
        register.create(ctx, by, "cases", {"stage": "granted", "granted_on": day(world)}, subject_id=home.id)
    begun = {"stage": "applied", "applied_on": day(world)}
    made = register.create(ctx, by, "cases", begun, subject_id=home.id)
    assert world.record(Record("cases", made, home.id)).stage == "applied"
