"""What becomes of an edit, told as the cases a county really has."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.decide import (
    Applied,
    Case,
    Conflicted,
    Held,
    Merged,
    Review,
    decide,
    decide_together,
    retarget,
    status_of,
    target,
    undo,
    worst,
)
from sync.model import (
    Action,
    CloseReason,
    Conflict,
    Edit,
    Entity,
    HeldReason,
    LossReason,
    ReviewReason,
    Status,
    Superseded,
    Writer,
)
from sync.policy import same
from sync.problems import MergedInACircle
from tests.sync.reference import Operation, Server
from tests.sync.strategies import RULES, properties, writers

SEEN = {"phone": "1", "income": "100", "score": "7"}
HOME = Entity("home", 4, SEEN)
MOVED_ON = Entity("home", 5, {**SEEN, "phone": "9"})


def case(changes, entity=HOME, seen=SEEN, *, action=Action.UPDATE, trunk=4, **rest):
    edit = Edit("home", changes, action, "op", trunk_version=trunk, branch_id="east-1")
    return Case(edit, entity, seen, RULES, **rest)


def test_an_edit_of_what_nobody_else_touched_is_applied():
    outcome = decide(case({"phone": "2"}))
    assert isinstance(outcome, Applied)
    assert (outcome.entity.version, outcome.entity.properties["phone"]) == (5, "2")
    assert (outcome.changed, outcome.advanced) == (("phone",), True)


def test_a_visit_that_changes_nothing_makes_no_version():
    assert decide(case(SEEN)) == Applied(HOME)
    assert decide(case(SEEN, MOVED_ON)) == Applied(MOVED_ON)


def test_an_edit_beside_somebody_elses_is_merged_and_says_what_was_overtaken():
    outcome = decide(case({"income": "200"}, MOVED_ON))
    assert isinstance(outcome, Merged)
    assert outcome.overtaken == ("phone",)
    assert outcome.entity.properties == {"phone": "9", "income": "200", "score": "7"}


def test_a_score_the_server_computed_meanwhile_overtakes_nobody():
    assert isinstance(decide(case({"income": "2"}, Entity("home", 5, {**SEEN, "score": "8"}))), Applied)


def test_the_safe_part_of_a_conflicting_edit_is_applied():
    outcome = decide(case({"phone": "2", "income": "200"}, MOVED_ON))
    assert isinstance(outcome, Conflicted)
    assert outcome.entity.properties == {"phone": "9", "income": "200", "score": "7"}
    [conflict] = outcome.opened
    assert conflict == Conflict(
        "home", ("phone",), {"phone": "1"}, {"phone": "9"}, {"phone": "2"}, 6, 4, "op", "east-1"
    )


def test_a_conflict_alone_makes_no_version():
    outcome = decide(case({"phone": "2"}, MOVED_ON))
    assert (outcome.advanced, outcome.changed, outcome.entity) == (False, (), MOVED_ON)


def test_without_a_known_base_a_difference_waits_and_the_rest_is_merged():
    outcome = decide(case({"phone": "2", "village": "upper"}, seen=None))
    assert isinstance(outcome, Conflicted)
    assert outcome.entity.properties["village"] == "upper"
    assert isinstance(decide(case({"village": "upper"}, seen=None)), Merged)


def test_a_decision_the_phone_has_not_seen_is_asked_again_though_its_value_is_the_base():
    decided = replace(HOME, version=6, decided={"phone": 6})
    assert isinstance(decide(case({"phone": "2"}, decided)), Conflicted)
    assert isinstance(decide(case({"phone": "2"}, decided, trunk=6)), Applied)


WAITING = Conflict("home", ("phone",), {"phone": "1"}, {"phone": "9"}, {"phone": "5"}, 5, branch_id="east-1", id="c")


def test_a_newer_value_of_the_same_branch_replaces_its_candidate():
    outcome = decide(case({"phone": "6"}, MOVED_ON, {**SEEN, "phone": "5"}, conflicts=(WAITING,)))
    assert [(closed.conflict.id, closed.reason) for closed in outcome.closed] == [("c", CloseReason.SUPERSEDED)]
    assert outcome.opened[0].base == {"phone": "1"}


def test_another_phones_newer_value_leaves_the_candidate_waiting():
    other = replace(WAITING, branch_id="west-1")
    outcome = decide(case({"phone": "6"}, MOVED_ON, MOVED_ON.properties, conflicts=(other,)))
    assert isinstance(outcome, Applied)
    assert outcome.closed == ()


def test_a_conflict_ends_when_somebody_writes_the_waiting_value():
    other = replace(WAITING, branch_id=None)
    outcome = decide(case({"phone": "5"}, MOVED_ON, MOVED_ON.properties, conflicts=(other,)))
    assert [closed.reason for closed in outcome.closed] == [CloseReason.EQUAL]


def test_what_a_later_link_already_changed_is_recorded_not_taken():
    outcome = decide(case({"phone": "2", "income": "2"}, later=({"phone": "3"},)))
    assert outcome.superseded == (Superseded({"phone": "2"}, LossReason.LATER_EDIT),)
    assert outcome.changed == ("income",)


def test_a_group_that_a_later_link_changed_in_part_is_replaced_whole():
    outcome = decide(case({"crop_code": "A1", "crop_name": "maize"}, later=({"crop_name": "tea"},)))
    assert outcome.changed == ()


def test_what_a_later_link_added_to_this_one_is_not_added_for_this_one():
    """The later one counted on from 5 to 9, so that its 4 are its own; this one's 2 are in no record yet."""
    now = Entity("home", 6, {"phone": "3", "people": "7"})
    outcome = decide(case({"people": "5", "phone": "2"}, now, {"people": "3"}, beside=({"people": "9", "phone": "3"},)))
    assert outcome.entity.properties == {"phone": "3", "people": "9"}
    assert outcome.superseded == (Superseded({"phone": "2"}, LossReason.LATER_EDIT),)


@pytest.mark.parametrize(
    ("earlier", "later", "left"),
    [
        ("power water", "power water", "power water"),
        ("power water", "power", "power"),
        ("road", "road water", "road"),
        ("road", "power road", "power road"),
    ],
)
def test_a_code_that_the_same_person_took_back_later_does_not_come_back(earlier, later, left):
    now = Entity("home", 6, {"needs": "power road"} if "road" in earlier else {"needs": "power"})
    outcome = decide(case({"needs": earlier}, now, now.properties, beside=({"needs": later},)))
    assert outcome.entity.properties["needs"] == left


# Creating, deleting, unknown entities


def test_a_creation_makes_version_one_without_the_blanks():
    outcome = decide(case({"phone": "1", "income": None}, None, {}, action=Action.CREATE, trunk=0))
    assert outcome == Applied(Entity("home", 1, {"phone": "1"}), ("phone",), advanced=True)


def test_a_creation_that_says_nothing_still_creates():
    assert decide(case({}, None, {}, action=Action.CREATE, trunk=0)).advanced


@pytest.mark.parametrize(
    ("action", "trunk", "outcome"),
    [
        (Action.UPDATE, 0, Held(HeldReason.CREATION)),
        (Action.UPDATE, 4, Review(ReviewReason.ENTITY_UNKNOWN)),
        (Action.DELETE, 0, Review(ReviewReason.ENTITY_UNKNOWN)),
    ],
)
def test_an_edit_of_an_unknown_entity_waits(action, trunk, outcome):
    assert decide(case({"phone": "1"}, None, {}, action=action, trunk=trunk)) == outcome


@pytest.mark.parametrize("insisted", [{"forced": True}, {"accepted": True}])
def test_an_edit_of_an_unknown_entity_may_be_insisted_on(insisted):
    outcome = decide(case({"phone": "2"}, None, {"phone": "1", "village": "upper"}, trunk=4, **insisted))
    assert outcome.entity == Entity("home", 1, {"phone": "2", "village": "upper"})
    assert decide(case({"phone": "2"}, None, None, **insisted)).entity.properties == {"phone": "2"}


def test_an_edit_from_the_future_is_held_until_forced():
    assert decide(case({"phone": "2"}, trunk=9)) == Held(HeldReason.AHEAD)
    assert isinstance(decide(case({"phone": "2"}, trunk=9, forced=True)), Applied)


TOMBSTONE = replace(HOME, version=5, deleted=True)


@pytest.mark.parametrize("action", [Action.UPDATE, Action.CREATE])
def test_nothing_is_written_to_a_tombstone_without_a_person(action):
    assert decide(case({"phone": "2"}, TOMBSTONE, action=action)) == Review(ReviewReason.ENTITY_DELETED)
    revived = decide(case({"phone": "2"}, TOMBSTONE, action=action, accepted=True))
    assert revived.entity == replace(HOME, version=6, properties={**SEEN, "phone": "2"})


def test_reviving_without_a_change_is_a_version_too():
    assert decide(case({}, TOMBSTONE, accepted=True)).entity == replace(HOME, version=6)


def test_a_deletion_leaves_a_tombstone_with_the_last_values():
    assert decide(case({}, action=Action.DELETE)) == Applied(TOMBSTONE, advanced=True)


@pytest.mark.parametrize("accepted", [False, True])
def test_a_deletion_of_what_was_merged_away_changes_nothing(accepted):
    merged = replace(MOVED_ON, merged_into="other")
    assert decide(case({}, merged, action=Action.DELETE, accepted=accepted)) == Applied(merged)


def test_deleting_twice_is_deleting_once():
    assert decide(case({}, TOMBSTONE, action=Action.DELETE)) == Applied(TOMBSTONE)


@pytest.mark.parametrize("seen", [SEEN, None])
def test_a_deletion_of_what_others_edited_meanwhile_is_reviewed(seen):
    assert decide(case({}, MOVED_ON, seen, action=Action.DELETE)) == Review(ReviewReason.CHANGED_SINCE)
    assert decide(case({}, MOVED_ON, seen, action=Action.DELETE, accepted=True)).entity.deleted


SIX = list(permutations(["edit", "delete", "recreate"]))


@pytest.mark.parametrize("order", SIX)
def test_in_no_order_is_a_deleted_household_resurrected_or_an_edit_lost(order):
    asked = {
        "edit": Operation("edit", "home", {"phone": "2"}, trunk_version=1),
        "delete": Operation("delete", "home", {}, trunk_version=1, delete=True),
        "recreate": Operation("recreate", "home", {"phone": "1", "village": "upper"}, create=True),
    }
    server = Server()
    server.receive(Operation("import", "home", {"phone": "1"}, create=True))
    for name in order:
        server.receive(asked[name])
    deleted = server.entities["home"].deleted
    assert deleted is (order[0] == "delete")
    if deleted:
        assert server.status("edit") is server.status("recreate") is Status.REVIEW
    else:
        assert server.entities["home"].properties["phone"] == "2" or server.open_conflicts()
        assert server.status("delete") is Status.REVIEW


# Merged households


def test_operations_on_a_merged_household_go_to_the_survivor():
    assert target("a", {"a": "b", "b": "c"}) == "c"
    assert target("c", {"a": "b", "b": "c"}) == "c"


def test_households_merged_in_a_circle_are_a_problem_not_a_hang():
    with pytest.raises(MergedInACircle) as problem:
        target("a", {"a": "b", "b": "a"})
    assert problem.value.details == {"entities": ["a", "b"]}
    assert str(problem.value).startswith("merged-in-a-circle")


def test_an_edit_of_the_merged_record_conflicts_where_the_survivor_differs():
    edit = retarget(Edit("home", {"phone": "2", "income": "200"}, trunk_version=4), "other")
    survivor = Entity("other", 2, {"phone": "1", "income": "150"}, decided={"phone": 1})
    outcome = decide(Case(edit, survivor, SEEN, RULES))
    assert {conflict.names for conflict in outcome.opened} == {("income",), ("phone",)}
    assert outcome.entity.id == "other"


# Whole operations


def test_one_edit_that_must_wait_makes_the_whole_visit_wait():
    unborn = Case(Edit("child", {"phone": "1"}), None, {}, RULES)
    verdict = decide_together([case({"phone": "2"}), unborn])
    assert (verdict.status, verdict.effective) == (Status.HELD, False)
    assert [status_of(outcome) for outcome in verdict.outcomes] == [Status.APPLIED, Status.HELD]


def test_a_visit_shows_the_worst_of_its_effects():
    merged = case({"income": "200"}, MOVED_ON)
    assert decide_together([case({"phone": "2"})]).status is Status.APPLIED
    assert decide_together([replace(merged, entity=replace(MOVED_ON, id="b")), case({})]).status is Status.MERGED
    assert decide_together([case({"phone": "2"}, MOVED_ON)]).effective


def test_statuses_have_one_order():
    assert worst([]) is Status.APPLIED
    assert worst([Status.HELD, Status.CONFLICT]) is Status.HELD
    assert worst([Status.HELD, Status.REVIEW]) is Status.REVIEW
    assert worst(list(Status)) is Status.REFUSED


def test_two_edits_of_one_entity_in_one_visit_build_on_each_other():
    verdict = decide_together([case({"phone": "2"}), case({"phone": "3", "income": "5"})])
    assert [outcome.entity.version for outcome in verdict.outcomes] == [5, 6]
    assert verdict.outcomes[1].entity.properties == {"phone": "3", "income": "5", "score": "7"}
    assert verdict.status is Status.APPLIED


def test_a_conflict_closed_by_the_first_edit_is_not_closed_again():
    agreeing = case({"phone": "5"}, MOVED_ON, MOVED_ON.properties, conflicts=(WAITING,))
    first, second = decide_together([agreeing, replace(agreeing, seen=None)]).outcomes
    assert (len(first.closed), second.closed) == (1, ())


def test_a_later_edit_may_follow_one_that_waits():
    waiting = case({"phone": "2"}, TOMBSTONE)
    assert decide_together([waiting, waiting]).status is Status.REVIEW


def test_a_creation_and_an_edit_of_it_in_one_visit():
    made = case({"phone": "1"}, None, {}, action=Action.CREATE, trunk=0)
    verdict = decide_together([made, case({"phone": "1", "income": "3"}, None, {}, trunk=0)])
    assert verdict.outcomes[1].entity == Entity("home", 2, {"phone": "1", "income": "3"})


# Withdrawal


def test_a_withdrawn_visit_takes_back_its_own_differences_only():
    before = {"phone": "1", "people": "4", "needs": "water", "village": ""}
    after = {"phone": "2", "people": "5", "needs": "water road", "income": "100"}
    changes, seen = undo(before, after)
    assert changes == {"phone": "1", "people": "4", "needs": "water", "income": None}
    now = Entity("home", 7, {**after, "people": "7", "needs": "water road power"})
    outcome = decide(Case(Edit("home", changes, trunk_version=7), now, seen, RULES))
    assert outcome.entity.properties == {"phone": "1", "people": "6", "needs": "power water", "income": None}


@given(before=properties(), after=properties())
def test_undoing_at_once_restores_what_was(before, after):
    changes, seen = undo(before, after)
    edit = Edit("home", changes, trunk_version=1, writer=Writer.SERVER)
    outcome = decide(Case(edit, Entity("home", 1, after), seen, RULES))
    for name in {*before, *after}:
        assert same(RULES.unit(name).policy, outcome.entity.properties.get(name), before.get(name))


@given(
    current=properties(),
    seen=st.none() | properties(),
    changes=properties(),
    writer=writers,
    deleted=st.booleans(),
    trunk=st.integers(0, 6),
    accepted=st.booleans(),
)
def test_versions_advance_by_one_exactly_when_something_changed(
    current, seen, changes, writer, deleted, trunk, accepted
):
    """Invariant 10."""
    entity = Entity("home", 5, current, deleted=deleted)
    edit = Edit("home", changes, trunk_version=trunk, writer=writer)
    outcome = decide(Case(edit, entity, seen, RULES, accepted=accepted))
    if isinstance(outcome, Held | Review):
        return
    assert outcome.advanced is (outcome.entity != entity)
    assert outcome.entity.version == 5 + outcome.advanced
    assert outcome.changed == () or outcome.advanced
