"""Which of two values a merge policy prefers, once both sides changed the same property.

A policy is asked only then: where one side alone changed a property, that side's value is what
everybody means, whatever the policy (a cadre who mistyped 60 for 6 must be able to correct a `max`).
Write rights (`immutable`, `server`, `derived`) are asked always. No preference depends on which
value arrived first, except `last_received`, whose point is the order of arrival.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any, assert_never

from sync import text
from sync.model import Policy, Writer

#: Policies that need the base itself, not only to know that both sides changed. Without it: a person.
NEED_BASE = frozenset({Policy.SET, Policy.COUNTER, Policy.APPEND})


class Pick(Enum):
    """Whose value it is to be."""

    CURRENT = "current"
    INCOMING = "incoming"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Blend:
    """A value that holds what both sides did."""

    value: str | None


def may_write(policy: Policy, writer: Writer, *, blank: bool) -> bool:
    """Whether this writer's change of a property counts at all; `blank`: it held nothing before."""
    match policy:
        case Policy.DERIVED:
            return writer is Writer.SERVER
        case Policy.SERVER:
            return writer is not Writer.PHONE
        case Policy.IMMUTABLE:
            # What a checker says of it waits for a person, who may correct it.
            return blank or writer in (Writer.OFFICE, Writer.SERVER, Writer.CHECKER)
        case _:
            return True


def same(policy: Policy, one: str | None, other: str | None) -> bool:
    """Whether two texts mean the same value: blank is blank, sets have no order, 1.50 is 1.5."""
    one, other = one or None, other or None
    if one == other:
        return True
    if one is None or other is None:
        return False
    match policy:
        case Policy.SET:
            return text.codes(one) == text.codes(other)
        case Policy.COUNTER | Policy.MAX | Policy.MIN:
            number = text.number(one)
            return number is not None and number == text.number(other)
        case _:
            return False


def prefer(
    policy: Policy, ranks: tuple[str, ...], base: str | None, current: str | None, incoming: str | None
) -> Pick | Blend:
    """What becomes of a property both sides changed: one of the two values, a blend, or a person's decision.

    Text that the policy cannot read (a counter holding words, a code without rank) goes to a person.
    """
    match policy:
        case Policy.LAST_RECEIVED | Policy.DERIVED:
            return Pick.INCOMING
        case Policy.REVIEW | Policy.IMMUTABLE | Policy.SERVER:
            return Pick.PERSON
        case Policy.SET:
            return Blend(text.blend_codes(base, current, incoming))
        case Policy.APPEND:
            return Blend(text.blend_lines(base, current, incoming))
        case Policy.COUNTER:
            total = text.add_difference(base, current, incoming)
            return Pick.PERSON if total is None else Blend(total)
        case Policy.MAX | Policy.MIN | Policy.ORDERED | Policy.GEO_BEST:
            return _better(policy, ranks, current, incoming)
        case _:
            assert_never(policy)


def prefer_checked(
    policy: Policy, ranks: tuple[str, ...], base: str | None, current: str | None, incoming: str | None
) -> Pick | Blend:
    """What becomes of a checker's value: one that can only add to the record is taken, any other waits for a person.

    So codes and lines are added and never removed, counters grow, `max`, `min` and `ordered` move on, and a position
    gets more accurate.
    """
    choice = prefer(policy, ranks, base, current, incoming)
    match policy:
        case Policy.SET:
            adds = text.codes(base) <= text.codes(incoming)
        case Policy.APPEND:
            adds = set(text.lines(base)) <= set(text.lines(incoming))
        case Policy.COUNTER:
            start, then = text.number(base or "0"), text.number(incoming)
            adds = start is not None and then is not None and start <= then
        case Policy.MAX | Policy.MIN | Policy.ORDERED:
            adds = choice is Pick.INCOMING
        case Policy.GEO_BEST:
            adds = True
        case _:
            adds = False
    return choice if adds else Pick.PERSON


def _better(policy: Policy, ranks: tuple[str, ...], current: str | None, incoming: str | None) -> Pick:
    """The side with the better value; any value is better than a blank."""
    if not current or not incoming:
        return Pick.INCOMING if incoming else Pick.CURRENT
    here, there = _merit(policy, ranks, current), _merit(policy, ranks, incoming)
    if here is None or there is None or here[0] != there[0]:
        return Pick.PERSON
    return Pick.INCOMING if (there > here) is (policy is not Policy.MIN) else Pick.CURRENT


def _merit(policy: Policy, ranks: tuple[str, ...], value: str) -> tuple[Any, ...] | None:
    """A kind and then what to compare within the kind; `None` for text the policy cannot read."""
    if policy is Policy.ORDERED:
        return ("rank", ranks.index(value)) if value in ranks else None
    if policy is Policy.GEO_BEST:
        error = text.accuracy(value)
        # Equally good fixes: the text decides, so that both orders of arrival agree.
        return None if error is None else ("position", -error, value)
    return text.measure(value)
