"""The laws of merging one entity, tried on drawn edits of a household with a property of every policy."""

from decimal import Decimal
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from sync import text
from sync.merge import alike, edits, merge, written
from sync.model import LossReason, Policy, Properties, Unit, Writer
from sync.policy import same
from tests.sync.strategies import DECLARED, RULES, properties, unit_values, writers

bases = st.none() | properties()


def apply(base, current, changes, **options):
    return merge(base, current, changes, RULES, **options)


def clashing(result):
    return {name for clash in result.clashes for name in clash.names}


@given(base=bases, current=properties(), changes=properties(), writer=writers)
def test_equal_values_never_conflict(base, current, changes, writer):
    """Invariant 1."""
    result = apply(base, current, changes, writer=writer)
    for clash in result.clashes:
        assert any(not same(RULES.unit(n).policy, clash.current[n], clash.candidate[n]) for n in clash.names)


@given(base=bases, current=properties(), changes=properties(), writer=writers)
def test_no_value_is_lost_silently(base, current, changes, writer):
    """Invariant 2: what was written is current, part of a blend, or waits in a conflict, or recorded."""
    result = apply(base, current, changes, writer=writer)
    waiting = {clash.names: clash.candidate for clash in result.clashes}
    recorded = {tuple(lost.values): lost.values for lost in result.superseded}
    for unit in written(base, changes, RULES):
        wrote = unit_values(unit, {**(base or {}), **changes})
        kept = waiting.get(unit.names) or recorded.get(unit.names) or result.properties
        assert alike(unit, kept, wrote) or is_blended(unit, base or {}, current, wrote, result.properties)


def is_blended(unit: Unit, base: Properties, current: Properties, wrote: Properties, after: Properties) -> bool:
    """Whether the value afterwards holds what both sides did, in the terms of the policy."""
    [name] = unit.names
    was, here, there, now = base.get(name), current.get(name), wrote[name], after.get(name)
    match unit.policy:
        case Policy.SET:
            added, removed = text.codes(there) - text.codes(was), text.codes(was) - text.codes(there)
            return added <= text.codes(now) and removed.isdisjoint(text.codes(now))
        case Policy.COUNTER:
            return Decimal(now) - Decimal(here or 0) == Decimal(there) - Decimal(was or 0)
        case Policy.APPEND:
            return set(text.lines(there)) - set(text.lines(was)) <= set(text.lines(now))
        case _:
            return False


@given(base=bases, current=properties(), changes=properties(), writer=writers)
def test_what_nobody_touched_stays(base, current, changes, writer):
    """Invariant 3."""
    result = apply(base, current, changes, writer=writer)
    touched = {name for unit in written(base, changes, RULES) for name in unit.names}
    for name in current:
        if name not in touched:
            assert result.properties[name] == current[name]
    assert set(result.properties) <= set(current) | touched
    assert result.changed <= touched


@given(base=bases, current=properties(), changes=properties(), writer=writers)
def test_a_groups_values_come_from_one_writer(base, current, changes, writer):
    """Invariant 4: no latitude of one fix with the longitude of another, no code beside another's name."""
    result = apply(base, current, changes, writer=writer)
    for unit in RULES.units(["crop_code", "fix"]):
        assert len(unit.names) == 2
        sides = unit_values(unit, current), unit_values(unit, {**(base or {}), **changes})
        assert unit_values(unit, result.properties) in sides
        assert all(dict(c.candidate) == sides[1] for c in result.clashes if c.names == unit.names)


@given(base=properties(), one=properties(), other=properties())
def test_swapping_the_two_sides_changes_nothing(base, one, other):
    """Invariant 5, for two phones; only `last_received` is about the order itself."""
    first = apply(base, apply(base, base, one).properties, other)
    second = apply(base, apply(base, base, other).properties, one)
    assert clashing(first) == clashing(second)
    for rule in DECLARED:
        if rule.policy is not Policy.LAST_RECEIVED and rule.name not in clashing(first):
            assert same(rule.policy, first.properties.get(rule.name), second.properties.get(rule.name))


@given(base=properties(), changes=st.tuples(properties(), properties(), properties()))
def test_the_order_of_arrival_changes_nothing_or_a_person_decides(base, changes):
    """Invariant 5, for any number of phones: all orders in which nobody is asked end alike."""
    ends = []
    for order in permutations(changes):
        now, asked = base, set()
        for edit in order:
            result = apply(base, now, edit)
            now, asked = result.properties, asked | clashing(result)
        ends.append((now, asked))
    for rule in DECLARED:
        if rule.policy is not Policy.LAST_RECEIVED:
            settled = [now.get(rule.name) for now, asked in ends if rule.name not in asked]
            assert all(same(rule.policy, settled[0], value) for value in settled)


@given(
    counts=st.lists(st.integers(-9, 9).map(str), min_size=1, max_size=5),
    order=st.randoms(use_true_random=False),
)
def test_counters_add_up_in_any_order(counts, order):
    """Invariant 5 for counters: everybody's difference is in the sum exactly once."""
    total = 10 + sum(int(count) - 10 for count in counts)
    order.shuffle(counts)
    now: Properties = {"people": "10"}
    for count in counts:
        now = apply({"people": "10"}, now, {"people": count}).properties
    assert same(Policy.COUNTER, now["people"], str(total))


@given(
    counts=st.lists(st.integers(-9, 9).map(str), min_size=1, max_size=5),
    order=st.randoms(use_true_random=False),
)
def test_counts_of_a_lost_history_add_up_in_any_order(counts, order):
    """Invariant 5, where a backup from before the first count was put back: each goes on from the one before it."""
    chain = list(zip(["", *counts], counts, strict=False))
    order.shuffle(chain)
    now: Properties = {}
    for was, said in chain:
        result = apply({"people": was} if was else {}, now, {"people": said})
        assert not result.clashes
        now = result.properties
    assert same(Policy.COUNTER, now["people"], counts[-1])


def test_a_count_over_one_that_was_blanked_on_purpose_is_for_a_person():
    result = apply({"people": "5"}, {"people": None}, {"people": "7"})
    assert [dict(clash.candidate) for clash in result.clashes] == [{"people": "7"}]


@given(base=properties(), one=properties(), other=properties())
def test_edits_of_different_properties_commute_and_both_stay(base, one, other):
    """Invariant 6."""
    touched = {name for unit in written(base, one, RULES) for name in unit.names}
    apart = {name: value for name, value in other.items() if touched.isdisjoint(RULES.unit(name).names)}
    alone, together = apply(base, base, one), apply(base, apply(base, base, apart).properties, one)
    also = apply(base, alone.properties, apart)
    assert not also.clashes
    assert together.properties == also.properties
    for unit in written(base, one, RULES):
        assert unit_values(unit, also.properties) == unit_values(unit, alone.properties)


@given(base=bases, current=properties(), changes=properties(), writer=writers, author=st.sampled_from(["", "Li"]))
def test_merging_the_same_edit_again_changes_nothing(base, current, changes, writer, author):
    """Invariant 7. Counters are the exception: that one operation counts once is the receipt's duty."""
    changes = {name: value for name, value in changes.items() if name != "people"}
    once = apply(base, current, changes, writer=writer, author=author)
    again = apply(base, once.properties, changes, writer=writer, author=author)
    assert again.changed == frozenset()
    assert clashing(again) == clashing(once)


@given(base=bases, current=properties(), changes=properties())
def test_the_groups_and_properties_do_not_affect_each_other(base, current, changes):
    whole = apply(base, current, changes)
    for unit in RULES.units(changes):
        alone = apply(base, current, {name: changes[name] for name in unit.names if name in changes})
        assert unit_values(unit, alone.properties) == unit_values(unit, whole.properties)


@given(seen=bases, changes=properties(), current=properties(), writer=writers)
def test_leaving_out_what_the_form_merely_repeated_changes_nothing(seen, changes, current, writer):
    real = edits(seen, changes, RULES)
    assert apply(seen, current, changes, writer=writer) == apply(seen, current, real, writer=writer)


@given(base=bases, current=properties(), changes=properties(), writer=writers)
def test_a_persons_decision_is_only_replaced_by_a_person(base, current, changes, writer):
    """Invariant 8: whatever the policy, an edit that had not seen the decision waits."""
    result = apply(base, current, changes, writer=writer, decided=frozenset(current))
    for name in current:
        if result.properties[name] != current[name]:
            assert writer is Writer.SERVER or current.keys().isdisjoint(RULES.unit(name).names)


@given(current=properties(), changes=properties())
def test_without_a_known_base_only_blanks_are_filled_and_rankings_kept(current, changes):
    """A version lost in a restore must not become last-write-wins."""
    result = apply(None, current, changes)
    ranked = {Policy.MAX, Policy.MIN, Policy.ORDERED, Policy.GEO_BEST, Policy.LAST_RECEIVED}
    for name in result.changed:
        unit = RULES.unit(name)
        assert unit.policy in ranked or not any(unit_values(unit, current).values())


def test_lines_carry_their_authors_name_once():
    base = {"story": "quiet"}
    east = apply(base, base, {"story": "quiet\nroof leaks"}, author="East")
    west = apply(base, east.properties, {"story": "quiet\nson is back"}, author="West")
    assert west.properties["story"] == "quiet\nEast: roof leaks\nWest: son is back"


def test_an_author_may_take_back_a_line_whose_name_the_phone_has_not_seen():
    base = {"story": "quiet"}
    first = apply(base, base, {"story": "quiet\nroof leaks"}, author="East")
    seen = {"story": "quiet\nroof leaks"}
    assert apply(seen, first.properties, {"story": "quiet"}, author="East").properties["story"] == "quiet"
    more = apply(seen, first.properties, {"story": "quiet\nroof leaks\nnew door"}, author="East")
    assert more.properties["story"] == "quiet\nEast: roof leaks\nEast: new door"


def test_what_policies_bar_or_outrank_is_recorded():
    base = {"household_no": "A", "last_reading": "1"}
    current = {**base, "last_reading": "9"}
    result = apply(base, current, {"household_no": "B", "last_reading": "5"})
    assert [(dict(lost.values), lost.reason) for lost in result.superseded] == [
        ({"household_no": "B"}, LossReason.NOT_WRITABLE),
        ({"last_reading": "5"}, LossReason.OUTRANKED),
    ]


def test_a_blend_that_leaves_nothing_does_not_invent_a_blank():
    """Absent means never set, and a first import fills only that."""
    result = apply({"needs": "water road"}, {}, {"needs": "water"})
    assert (result.properties, result.changed) == ({}, frozenset())
    group = apply({}, {}, {"crop_code": "A1", "crop_name": ""})
    assert group.properties == {"crop_code": "A1"}
