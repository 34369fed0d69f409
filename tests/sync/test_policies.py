"""Every policy against base, current and incoming: what becomes of a property both sides may have changed."""

import pytest

from sync.merge import merge
from sync.model import LossReason, Policy, Rule, Rules, Writer
from sync.policy import same

PERSON = "a person"
BARRED = LossReason.NOT_WRITABLE
LOST = LossReason.OUTRANKED
NEAR, FAR, BY_HAND = "30.1 110.1 0 5", "30.3 110.3 0 60", "30.4 110.4"
NEAR_TOO = "30.2 110.2 0 5"


def outcome_of(policy, base, current, incoming, writer=Writer.PHONE):
    """The value afterwards, and how the incoming one fared if it is not that value."""
    rules = Rules([Rule("it", policy, ranks=("planned", "building", "finished"))])
    result = merge({"it": base}, {"it": current}, {"it": incoming}, rules, writer=writer)
    fate = [PERSON for _ in result.clashes] + [lost.reason for lost in result.superseded]
    return result.properties["it"], fate[0] if fate else None


# policy, base, current, incoming, value afterwards, fate of the incoming value
TABLE = [
    # One side changed it: its value, whatever the policy.
    ("review", "1", "1", "2", "2", None),
    ("review", "1", "2", "1", "2", None),
    ("review", "1", "1", None, None, None),
    ("last_received", "1", "1", "2", "2", None),
    ("max", "9", "9", "2", "2", None),
    ("min", "2", "2", "9", "9", None),
    ("ordered", "finished", "finished", "planned", "planned", None),
    ("set", "a b", "a b", "b", "b", None),
    ("counter", "5", "5", "7", "7", None),
    ("counter", "5", "5", None, None, None),
    ("append", "a", "a", "b", "b", None),
    ("geo_best", NEAR, NEAR, FAR, FAR, None),
    # Both changed it to the same value: agreement.
    ("review", "1", "2", "2", "2", None),
    ("review", "1", None, "", None, None),
    ("set", "a", "b c", "c b", "b c", None),
    ("max", "1", "2.50", "2.5", "2.50", None),
    ("immutable", None, "A", "A", "A", None),
    ("counter", "5", None, None, None, None),
    # Both changed it differently.
    ("review", "1", "2", "3", "2", PERSON),
    ("review", "1", None, "3", None, PERSON),
    ("review", "1", "2", None, "2", PERSON),
    ("last_received", "1", "2", "3", "3", None),
    ("last_received", "1", "2", None, None, None),
    ("max", "1", "2", "10", "10", None),
    ("max", "1", "10", "2", "10", LOST),
    ("max", "1", None, "0", "0", None),
    ("max", "1", "0", None, "0", LOST),
    ("max", "2024-01-01", "2024-03-01", "2024-02-28", "2024-03-01", LOST),
    ("max", "1", "2", "2024-02-28", "2", PERSON),
    ("max", "1", "2", "many", "2", PERSON),
    ("max", "1", "2", "1e999999999", "2", PERSON),
    ("min", "5", "2", "10", "2", LOST),
    ("min", "5", "10", "2", "2", None),
    ("min", "5", "few", "2", "few", PERSON),
    ("ordered", "planned", "building", "finished", "finished", None),
    ("ordered", "planned", "finished", "building", "finished", LOST),
    ("ordered", "planned", "finished", "sold", "finished", PERSON),
    ("ordered", None, "planned", None, "planned", None),
    ("set", "a b", "a b c", "b d", "b c d", None),
    ("set", "a", None, "a b", "b", None),
    ("set", "a b", "a", "b", None, None),
    ("counter", "5", "6", "6", "7", None),
    ("counter", "5", "6", "4", "5", None),
    ("counter", None, "1.25", "2", "3.25", None),
    ("counter", "1", "-1", "3", "1", None),
    ("counter", "0.1", "0.3", "0.1000", "0.3", None),
    ("counter", "2", "1", "1", "0", None),
    ("counter", "5", "six", "7", "six", PERSON),
    ("counter", "five", "6", "6", "6", None),
    ("counter", "5", "6", None, "6", PERSON),
    ("append", "a", "a\nb", "a\nc", "a\nb\nc", None),
    ("append", "a", "a\nc", "a\nb", "a\nb\nc", None),
    ("append", "a\nb", "b", "a\nb\nc", "b\nc", None),
    ("append", None, "x", "y\nx\n \ny", "x\ny", None),
    ("append", "a", None, "b", "b", None),
    ("geo_best", None, FAR, NEAR, NEAR, None),
    ("geo_best", None, NEAR, FAR, NEAR, LOST),
    ("geo_best", None, NEAR, NEAR_TOO, NEAR_TOO, None),
    ("geo_best", None, NEAR_TOO, NEAR, NEAR_TOO, LOST),
    ("geo_best", None, FAR, BY_HAND, FAR, LOST),
    ("geo_best", None, BY_HAND, "30.1 110.1 0 0", BY_HAND, LOST),
    ("geo_best", NEAR, FAR, "by the well", FAR, PERSON),
    ("geo_best", NEAR, FAR, "30.1", FAR, PERSON),
    # Write rights.
    ("immutable", None, None, "A", "A", None),
    ("immutable", None, "A", "B", "A", PERSON),
    ("immutable", "A", "A", "B", "A", BARRED),
    ("immutable", "A", "A", None, "A", BARRED),
    ("server", "1", "1", "2", "1", BARRED),
    ("derived", "1", "1", "2", "1", BARRED),
    ("derived", "1", "2", "2", "2", None),
]


@pytest.mark.parametrize(("policy", "base", "current", "incoming", "value", "fate"), TABLE)
def test_a_phones_value_fares_as_its_policy_says(policy, base, current, incoming, value, fate):
    assert outcome_of(Policy(policy), base, current, incoming) == (value, fate)


@pytest.mark.parametrize(
    ("policy", "writer", "allowed"),
    [
        ("immutable", Writer.OFFICE, True),
        ("immutable", Writer.SERVER, True),
        ("immutable", Writer.IMPORT, False),
        ("server", Writer.OFFICE, True),
        ("server", Writer.IMPORT, True),
        ("server", Writer.SERVER, True),
        ("derived", Writer.OFFICE, False),
        ("derived", Writer.IMPORT, False),
        ("derived", Writer.SERVER, True),
    ],
)
def test_the_office_corrects_what_a_phone_may_not_write(policy, writer, allowed):
    assert outcome_of(Policy(policy), "1", "1", "2", writer) == (("2", None) if allowed else ("1", BARRED))


def test_two_offices_that_write_a_server_property_differently_ask_a_person():
    assert outcome_of(Policy.SERVER, "1", "2", "3", Writer.OFFICE) == ("2", PERSON)


def test_a_value_computed_by_the_server_replaces_an_older_computation():
    assert outcome_of(Policy.DERIVED, "1", "2", "3", Writer.SERVER) == ("3", None)


def test_every_policy_stands_in_the_table():
    assert {row[0] for row in TABLE} == set(Policy)


def test_an_undeclared_property_is_reviewed():
    result = merge({"it": "1"}, {"it": "2"}, {"it": "3"}, Rules())
    assert [clash.names for clash in result.clashes] == [("it",)]


@pytest.mark.parametrize(
    ("policy", "one", "other", "equal"),
    [
        ("review", None, "", True),
        ("review", "1", "1.0", False),
        ("counter", "1", "1.0", True),
        ("counter", "one", "one ", False),
        ("set", "a b", " b  a", True),
        ("set", "a", None, False),
    ],
)
def test_values_are_equal_as_their_policy_reads_them(policy, one, other, equal):
    assert same(Policy(policy), one, other) is equal
    assert same(Policy(policy), other, one) is equal


@pytest.mark.parametrize("policy", ["set", "counter", "append"])
def test_a_group_is_never_blended(policy):
    rules = Rules([Rule("one", Policy(policy), group="g"), Rule("two", Policy(policy), group="g")])
    base = {"one": "1", "two": "2"}
    result = merge(base, {"one": "3", "two": "2"}, {"one": "1", "two": "5"}, rules)
    assert result.properties == {"one": "3", "two": "2"}
    assert [clash.candidate for clash in result.clashes] == [{"one": "1", "two": "5"}]


@pytest.mark.parametrize(("policy", "second"), [("review", None), ("geo_best", None), ("last_received", "photo")])
def test_a_group_whose_leading_value_is_equal_is_not_ranked_by_it(policy, second):
    """Same position, different source: accuracy cannot say which source is right."""
    rules = Rules([Rule("fix", Policy(policy), group="fix"), Rule("source", group="fix")])
    current, incoming = {"fix": NEAR, "source": "gps"}, {"fix": NEAR, "source": "photo"}
    result = merge({}, current, incoming, rules)
    assert result.properties["source"] == (second or "gps")
    assert bool(result.clashes) is (second is None)
