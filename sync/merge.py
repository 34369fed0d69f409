"""Three-way merge of one entity, unit by unit: what the author had seen, what is current, what was written.

Knows nothing of operations, branches or storage. A *unit* is a property or a group of properties
(latitude with longitude, code with name) that always comes from one writer.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import assert_never

from sync import policy, text
from sync.model import LossReason, Policy, Properties, Rules, Superseded, Unit, Writer
from sync.policy import Blend, Pick


@dataclass(frozen=True, slots=True)
class Clash:
    """Both sides changed this unit, to values that only a person may choose between."""

    names: tuple[str, ...]
    base: Properties
    current: Properties
    candidate: Properties


@dataclass(frozen=True, slots=True)
class Merge:
    """The properties after merging everything that can be, and what could not.

    `changed` differ from the current values, `agreed` were written with the value that is current
    already, `concurrent` were settled by a policy although others had changed them too.
    """

    properties: Properties
    changed: frozenset[str]
    agreed: frozenset[str]
    concurrent: frozenset[str]
    clashes: tuple[Clash, ...]
    superseded: tuple[Superseded, ...]


def part(properties: Properties, names: tuple[str, ...]) -> dict[str, str | None]:
    """The values of a unit; a property never set reads as blank."""
    return {name: properties.get(name) or None for name in names}


def agree(names: Iterable[str], one: Properties, other: Properties, rules: Rules) -> bool:
    """Whether both hold the same values of these properties, as the properties' policies read them."""
    return all(policy.same(rules.unit(name).policy, one.get(name), other.get(name)) for name in names)


def alike(unit: Unit, one: Properties, other: Properties) -> bool:
    """Whether both hold the same values of the unit."""
    return all(policy.same(unit.policy, one.get(name), other.get(name)) for name in unit.names)


def written(seen: Properties | None, changes: Properties, rules: Rules) -> tuple[Unit, ...]:
    """The units that `changes` really changes, compared with what its author had seen.

    A form states every property it shows; only those that differ from what the phone showed are edits.
    """
    units = rules.units(changes)
    if seen is None:
        return units
    after = {**seen, **changes}
    return tuple(unit for unit in units if not alike(unit, seen, after))


def edits(seen: Properties | None, changes: Properties, rules: Rules) -> dict[str, str | None]:
    """The part of `changes` that is an edit: what a form merely showed and stated again is left out.

    Store this with the effect: later links of the branch are laid over it.
    """
    names = {name for unit in written(seen, changes, rules) for name in unit.names}
    return {name: value or None for name, value in changes.items() if name in names}


def merge(
    seen: Properties | None,
    current: Properties,
    changes: Properties,
    rules: Rules,
    *,
    writer: Writer = Writer.PHONE,
    author: str = "",
    decided: Set[str] = frozenset(),
    own: Set[str] = frozenset(),
) -> Merge:
    """Merge `changes`, made by somebody who had `seen` these properties, into the `current` ones.

    A unit changed on one side takes that side's values; changed on both sides to the same value is
    agreement, never a conflict; changed differently is settled by its policy. `seen` is `None` when
    nobody knows the base any more: then whatever differs from a current value waits for a person.
    `decided` were settled by a person after `seen`: another value waits, whatever the policy. A checker's value that
    differs from one somebody else wrote waits too, unless it only adds to it; `own` are the values of the author's own.
    Swapping the two sides never changes the merged values, and units do not affect each other.
    """
    after = dict(current)
    agreed: set[str] = set()
    concurrent: set[str] = set()
    clashes: list[Clash] = []
    superseded: list[Superseded] = []
    wished = {**(seen or {}), **changes}
    for unit in written(seen, changes, rules):
        base, here, there = (part(one, unit.names) for one in (seen or {}, current, wished))
        if unit.policy is Policy.APPEND:
            [name] = unit.names
            base[name], there[name] = text.attribute(base[name], here[name], there[name], author)
        if _agree(unit, None if seen is None else base, here, there):
            agreed.update(unit.names)
            continue
        if not policy.may_write(unit.policy, writer, blank=not any(base.values())):
            superseded.append(Superseded(there, LossReason.NOT_WRITABLE))
            continue
        if not alike(unit, base, here):
            concurrent.update(unit.names)
        if writer is not Writer.SERVER and not decided.isdisjoint(unit.names):
            choice: Pick | Blend = Pick.PERSON
        elif writer is Writer.CHECKER and not own >= set(unit.names) and not current.keys().isdisjoint(unit.names):
            choice = _choose_checked(unit, base, here, there, base_known=seen is not None)
        else:
            choice = _choose(unit, base, _counted(unit, base, current, here), there, base_known=seen is not None)
        match choice:
            case Pick.INCOMING:
                _put(after, there)
            case Pick.CURRENT:
                superseded.append(Superseded(there, LossReason.OUTRANKED))
            case Pick.PERSON:
                clashes.append(Clash(unit.names, base, here, there))
            case Blend(value):
                _put(after, {unit.names[0]: value})
            case _:
                assert_never(choice)
    changed = frozenset(name for name, value in after.items() if value != current.get(name))
    return Merge(after, changed, frozenset(agreed), frozenset(concurrent), tuple(clashes), tuple(superseded))


def _put(after: dict[str, str | None], values: Properties) -> None:
    # A blank is stored only where somebody blanked something: absent means never set.
    after.update({name: value for name, value in values.items() if value or name in after})


def _counted(unit: Unit, base: Properties, current: Properties, here: Properties) -> Properties:
    """What is here, where a counter that nobody ever set stands at nothing, as it does for whoever counts first.

    After a restored backup somebody may have counted on from a number that has still to come back.
    """
    [name, *_] = unit.names
    return {name: "0"} if unit.policy is Policy.COUNTER and name not in current and base[name] else here


def _agree(unit: Unit, base: Properties | None, here: Properties, there: Properties) -> bool:
    """Whether both sides say the same. Two who each counted one more do not: together they counted two."""
    if unit.policy is Policy.COUNTER and base is not None:
        [name] = unit.names
        if text.add_difference(base[name], here[name], there[name]) is not None:
            return False
    return alike(unit, here, there)


def _choose(unit: Unit, base: Properties, here: Properties, there: Properties, *, base_known: bool) -> Pick | Blend:
    if alike(unit, base, here):
        return Pick.INCOMING
    if unit.policy in policy.NEED_BASE and not base_known:
        return Pick.PERSON
    lead = unit.names[0]
    if len(unit.names) > 1 and policy.same(unit.policy, here[lead], there[lead]):
        # The leading property does not tell the two groups apart, so a policy that ranks cannot either.
        return Pick.INCOMING if unit.policy is Policy.LAST_RECEIVED else Pick.PERSON
    return policy.prefer(unit.policy, unit.ranks, base[lead], here[lead], there[lead])


def _choose_checked(
    unit: Unit, base: Properties, here: Properties, there: Properties, *, base_known: bool
) -> Pick | Blend:
    """As `_choose`, for a value that must not overwrite: what was on the screen alone decides nothing."""
    lead = unit.names[0]
    if unit.policy in policy.NEED_BASE and not base_known:
        return Pick.PERSON
    if len(unit.names) > 1 and policy.same(unit.policy, here[lead], there[lead]):
        return Pick.PERSON
    return policy.prefer_checked(unit.policy, unit.ranks, base[lead], here[lead], there[lead])
