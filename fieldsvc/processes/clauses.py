"""The rule table: on which grounds somebody qualifies, and what rules it out whatever the grounds.

Income is compared as a total with the line times the heads, never as a rounded share: a household exactly at the
line is not below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fieldsvc.processes.keys import Keys, ProcessProblem, words
from fieldsvc.processes.model import Clause, Condition, Process
from fieldsvc.processes.money import number

#: Codes that say "none of these" in a list of reasons against.
NONE_OF_THEM = frozenset({"", "none", "no"})


@dataclass(frozen=True, slots=True)
class Grounds:
    """Which clauses a record fulfils, which reasons stand against it, and which limits nobody has entered."""

    clauses: tuple[Clause, ...] = ()
    against: tuple[str, ...] = ()
    limits_missing: tuple[str, ...] = ()

    @property
    def qualified(self) -> bool:
        """Whether some clause holds and nothing stands against it."""
        return bool(self.clauses) and not self.against


def grounds(process: Process, properties: Mapping[str, str | None]) -> Grounds:
    """What the rule table says of a record, with the limits of the process."""
    limits = process.limits
    held = tuple(clause for clause in process.clauses if all(_holds(c, properties, limits) for c in clause.conditions))
    against = tuple(f"{name}={code}" for name in process.blocks for code in _codes(properties.get(name)))
    wanted = {one for clause in process.clauses for one in _limits_in(clause.conditions)}
    return Grounds(held, against, tuple(sorted(wanted - set(limits))))


def read_clause(name: str, content: Mapping[str, Any], properties: Iterable[str]) -> Clause:
    """One clause of a file. Raises `ProcessProblem`."""
    where, known = f"{name}, clause {content.get('code')}", set(properties)
    keys = Keys(where, content, "code zh en all")
    conditions = tuple(_read(where, one, known) for one in keys.tables("all"))
    if not conditions:
        raise ProcessProblem(f"{where}: all must hold a condition")
    return Clause(keys.text("code"), words(where, content, None), conditions)


def _read(where: str, content: Mapping[str, Any], known: set[str]) -> Condition:
    keys = Keys(where, content, "property in below per any")
    if "any" in content:
        return Condition(any=tuple(_read(where, one, known) for one in keys.tables("any")))
    named, per = keys.text("property"), keys.text("per", "")
    for one in (named, per):
        if one and one not in known:
            raise ProcessProblem(f"{where}: there is no property {one}")
    if ("in" in content) == ("below" in content):
        raise ProcessProblem(f"{where}: {named} needs either in or below")
    return Condition(named, frozenset(keys.texts("in")), keys.text("below", "") or None, per or None)


def _holds(condition: Condition, properties: Mapping[str, str | None], limits: Mapping[str, Decimal]) -> bool:
    if condition.any:
        return any(_holds(one, properties, limits) for one in condition.any)
    value = properties.get(condition.property) or ""
    if condition.below is None:
        return not condition.values.isdisjoint(value.split())
    total, limit = number(value), limits.get(condition.below)
    heads = number(properties.get(condition.per)) if condition.per else Decimal(1)
    return total is not None and limit is not None and heads is not None and heads > 0 and total < limit * heads


def _limits_in(conditions: Iterable[Condition]) -> set[str]:
    return {name for one in conditions for name in ({one.below} if one.below else set()) | _limits_in(one.any)}


def _codes(value: str | None) -> list[str]:
    return [code for code in (value or "").split() if code not in NONE_OF_THEM]
