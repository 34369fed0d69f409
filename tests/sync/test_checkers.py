"""A checker verifies and never overwrites: what differs from the record waits, unless it can only add to it."""

import pytest
from hypothesis import given

from sync import text
from sync.decide import Applied, Case, Conflicted, decide, decide_together
from sync.merge import alike, merge, written
from sync.model import Edit, Entity, Policy, Rule, Rules, Writer
from tests.sync.strategies import RULES, properties, unit_values
from tests.sync.test_policies import FAR, NEAR, NEAR_TOO

PERSON = "a person"


def outcome_of(policy, base, current, incoming):
    rules = Rules([Rule("it", policy, ranks=("planned", "building", "finished"))])
    result = merge({"it": base}, {"it": current}, {"it": incoming}, rules, writer=Writer.CHECKER)
    fate = [PERSON for _ in result.clashes] + [lost.reason for lost in result.superseded]
    return result.properties["it"], fate[0] if fate else None


# policy, base, current, incoming, value afterwards, fate of the incoming value
TABLE = [
    # Nobody else changed it, and still it is not the checker's to change.
    ("review", "1", "1", "2", "1", PERSON),
    ("review", "1", "1", None, "1", PERSON),
    ("review", None, None, "2", None, PERSON),
    ("last_received", "1", "1", "2", "1", PERSON),
    ("immutable", "A", "A", "B", "A", PERSON),
    ("server", "A", "A", "B", "A", PERSON),
    ("derived", "A", "A", "B", "A", "not-writable"),
    # What only adds is taken.
    ("set", "a", "a", "a b", "a b", None),
    ("set", "a", "a c", "a b", "a b c", None),
    ("set", "a b", "a b", "b", "a b", PERSON),
    ("append", "dry", "dry", "dry\nroof leaks", "dry\nroof leaks", None),
    ("append", "dry", "dry", "roof leaks", "dry", PERSON),
    ("counter", "5", "5", "6", "6", None),
    ("counter", "5", "5", "4", "5", PERSON),
    ("counter", "5", "5", "many", "5", PERSON),
    ("max", "9", "9", "12", "12", None),
    ("max", "9", "9", "2", "9", PERSON),
    ("min", "2", "2", "1", "1", None),
    ("min", "2", "2", "9", "2", PERSON),
    ("ordered", "building", "building", "finished", "finished", None),
    ("ordered", "building", "building", "planned", "building", PERSON),
    ("ordered", "building", "building", "unheard-of", "building", PERSON),
    ("geo_best", FAR, FAR, NEAR, NEAR, None),
    ("geo_best", NEAR, NEAR, FAR, NEAR, "outranked"),
    ("geo_best", NEAR_TOO, NEAR_TOO, None, NEAR_TOO, "outranked"),
    # Both agree: nobody need look.
    ("review", "1", "2", "2", "2", None),
]


@pytest.mark.parametrize(("policy", "base", "current", "incoming", "after", "fate"), TABLE)
def test_what_becomes_of_a_checkers_value(policy, base, current, incoming, after, fate):
    assert outcome_of(Policy(policy), base, current, incoming) == (after, fate)


@given(base=properties(), current=properties(), changes=properties())
def test_a_checker_never_overwrites_what_somebody_wrote(base, current, changes):
    """Invariant 23: whatever was written stays, or is part of what is there afterwards."""
    result = merge(base, current, changes, RULES, writer=Writer.CHECKER)
    for unit in RULES.units(current):
        if not alike(unit, current, result.properties):
            assert only_adds(unit, unit_values(unit, current), unit_values(unit, result.properties))


def only_adds(unit, here, now):
    lead = unit.names[0]
    here, now = here[lead], now[lead]
    match unit.policy:
        case Policy.SET:
            return text.codes(here) <= text.codes(now)
        case Policy.APPEND:
            return set(text.lines(here)) <= set(text.lines(now))
        case Policy.COUNTER:
            return text.number(here) <= text.number(now)
        case Policy.MAX | Policy.MIN | Policy.ORDERED | Policy.GEO_BEST:
            return now is not None
        case _:
            return False


@given(base=properties(), current=properties(), changes=properties())
def test_every_value_of_a_checker_that_is_not_taken_waits_or_is_on_record(base, current, changes):
    """Invariants 2 and 23: nothing a checker found disappears."""
    result = merge(base, current, changes, RULES, writer=Writer.CHECKER)
    open_ = {name for clash in result.clashes for name in clash.names}
    lost = {name for each in result.superseded for name in each.values}
    for unit in written(base, changes, RULES):
        if not {*open_, *lost}.isdisjoint(unit.names):
            continue
        wrote = unit_values(unit, {**base, **changes})
        assert alike(unit, wrote, result.properties) or unit.policy in (Policy.SET, Policy.APPEND, Policy.COUNTER)


def test_a_checker_fills_what_was_never_set_and_nothing_that_was_blanked():
    rules = Rules([Rule("phone"), Rule("bank")])
    result = merge({"bank": None}, {"bank": None}, {"phone": "1", "bank": "A"}, rules, writer=Writer.CHECKER)
    assert result.properties == {"phone": "1", "bank": None}
    assert [clash.names for clash in result.clashes] == [("bank",)]


def test_a_group_of_which_one_part_is_known_waits_whole():
    rules = Rules([Rule("code", group="crop"), Rule("name", group="crop")])
    result = merge({}, {"code": "A1"}, {"code": "B2", "name": "tea"}, rules, writer=Writer.CHECKER)
    assert result.properties == {"code": "A1"}
    [clash] = result.clashes
    assert clash.candidate == {"code": "B2", "name": "tea"}


def test_of_two_equally_leading_groups_a_person_decides():
    rules = Rules([Rule("fix", Policy.GEO_BEST, group="fix"), Rule("source", group="fix")])
    seen = {"fix": NEAR, "source": "gps"}
    result = merge(seen, seen, {"fix": NEAR, "source": "map"}, rules, writer=Writer.CHECKER)
    assert result.properties == seen
    assert len(result.clashes) == 1


def test_what_a_policy_needs_the_base_for_waits_when_nobody_knows_it():
    rules = Rules([Rule("needs", Policy.SET)])
    result = merge(None, {"needs": "water"}, {"needs": "water road"}, rules, writer=Writer.CHECKER)
    assert result.properties == {"needs": "water"}
    assert len(result.clashes) == 1


def edit(base, **changes):
    return Edit("h", changes, trunk_version=base, base_version=base, writer=Writer.CHECKER)


def test_a_checker_may_correct_what_the_checker_wrote():
    entity, rules = Entity("h", 2, {"phone": "1", "bank": "A"}), Rules()
    case = Case(edit(2, phone="2", bank="B"), entity, dict(entity.properties), rules, own=frozenset({"phone"}))
    outcome = decide(case)
    assert isinstance(outcome, Conflicted)
    assert outcome.entity.properties == {"phone": "2", "bank": "A"}
    assert [conflict.names for conflict in outcome.opened] == [("bank",)]


def test_within_one_form_a_checkers_second_word_replaces_the_first():
    entity, rules = Entity("h", 1, {}), Rules()
    verdict = decide_together(
        [Case(edit(1, phone="1"), entity, {}, rules), Case(edit(1, phone="2"), entity, {}, rules)]
    )
    assert [type(outcome) for outcome in verdict.outcomes] == [Applied, Applied]
    assert verdict.outcomes[-1].entity.properties == {"phone": "2"}
