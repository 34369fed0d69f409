"""A supervisor decides: against the record as it is at that moment, never over something newer."""

from dataclasses import replace

import pytest
from hypothesis import given

from sync.decide import Case, Conflicted, decide
from sync.model import Conflict, Edit, Entity
from sync.problems import ChoiceIncomplete
from sync.resolve import Choice, Open, Resolved, Settled, Stale, refresh, resolve
from tests.sync.strategies import RULES, properties

HOME = Entity("home", 5, {"phone": "9", "income": "100"})
CONFLICT = Conflict("home", ("phone",), {"phone": "1"}, {"phone": "9"}, {"phone": "2"}, 5, 4, "op", "east-1", "c")
CROP = replace(
    CONFLICT,
    names=("crop_code", "crop_name"),
    current={"crop_code": None, "crop_name": None},
    candidate={"crop_code": "A1", "crop_name": "maize"},
)


@pytest.mark.parametrize(
    ("choice", "value", "phone", "changed"),
    [
        (Choice.CURRENT, None, "9", ()),
        (Choice.CANDIDATE, None, "2", ("phone",)),
        (Choice.OTHER, {"phone": "3"}, "3", ("phone",)),
        (Choice.OTHER, {"phone": None}, None, ("phone",)),
    ],
)
def test_a_decision_is_a_version_that_knows_what_was_decided(choice, value, phone, changed):
    outcome = resolve(CONFLICT, choice, HOME, RULES, value)
    assert outcome == Resolved(
        Entity("home", 6, {"phone": phone, "income": "100"}, decided={"phone": 6}), {"phone": phone}, changed
    )


def test_a_group_is_decided_whole():
    outcome = resolve(CROP, Choice.CANDIDATE, HOME, RULES)
    assert outcome.entity.decided == {"crop_code": 6, "crop_name": 6}
    assert outcome.changed == ("crop_code", "crop_name")


@pytest.mark.parametrize(
    "value", [None, {}, {"crop_code": "B2"}, {"crop_code": "B2", "crop_name": "tea", "phone": "1"}]
)
def test_another_value_must_be_given_for_the_whole_conflict_and_no_more(value):
    with pytest.raises(ChoiceIncomplete):
        resolve(CROP, Choice.OTHER, HOME, RULES, value)


@pytest.mark.parametrize("choice", list(Choice))
def test_a_decision_about_an_older_value_is_not_written(choice):
    moved_on = replace(HOME, version=6, properties={"phone": "7"})
    outcome = resolve(CONFLICT, choice, moved_on, RULES, {"phone": "3"})
    assert outcome == Stale(replace(CONFLICT, current={"phone": "7"}, current_version=6))


def test_what_moved_on_elsewhere_in_the_record_does_not_matter():
    moved_on = replace(HOME, version=6, properties={"phone": "9", "income": "500"})
    assert resolve(CONFLICT, Choice.CANDIDATE, moved_on, RULES).entity.properties == {"phone": "2", "income": "500"}


def test_nothing_is_left_to_decide_once_both_values_are_equal():
    agreed = replace(HOME, properties={"phone": "2"})
    assert resolve(CONFLICT, Choice.CURRENT, agreed, RULES) == Settled(CONFLICT)
    assert refresh(CONFLICT, agreed, RULES) == Settled(CONFLICT)


def test_a_conflict_is_shown_with_the_value_of_today():
    today = replace(HOME, version=8, properties={"phone": "8"})
    assert refresh(CONFLICT, today, RULES) == Open(replace(CONFLICT, current={"phone": "8"}, current_version=8))


def test_a_decision_does_not_write_to_a_tombstone():
    gone = replace(HOME, deleted=True)
    assert resolve(CONFLICT, Choice.CANDIDATE, gone, RULES) == Stale(CONFLICT, gone=True)
    assert isinstance(resolve(CONFLICT, Choice.CURRENT, gone, RULES), Resolved)
    moved = replace(gone, properties={"phone": "7"})
    assert resolve(CONFLICT, Choice.CURRENT, moved, RULES).gone


@given(before=properties(), after=properties(), changes=properties())
def test_a_stale_edit_after_a_decision_asks_again(before, after, changes):
    """Invariant 8: a resolution is never silently overwritten."""
    edit = Edit("home", changes, trunk_version=1)
    first = decide(Case(edit, Entity("home", 2, after), before, RULES))
    if not isinstance(first, Conflicted):
        return
    [conflict, *_] = first.opened
    decided = resolve(conflict, Choice.CANDIDATE, first.entity, RULES).entity
    again = decide(Case(edit, decided, before, RULES))
    assert {n: again.entity.properties[n] for n in conflict.names} == dict(conflict.candidate)
    other = decide(Case(replace(edit, changes=after), decided, before, RULES))
    assert {n: other.entity.properties[n] for n in conflict.names} == dict(conflict.candidate)
