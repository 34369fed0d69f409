"""Reading ledgers from their file: every name of a record is checked, every mistake says where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fieldsvc.ledgers.model import (
    OF_HOUSEHOLD,
    PAIRING_FACTS,
    PLACES,
    VISIT_FACTS,
    Column,
    Condition,
    How,
    Ledger,
    Share,
    Source,
)
from fieldsvc.processes.keys import Keys, ProcessProblem, words

Properties = Mapping[str, Mapping[str, Any]]
HOUSEHOLDS = "households"
#: The sensitivity of what nobody need mask.
OPEN = "open"


class LedgerProblem(ValueError):
    """A ledger that cannot be used; the sentence names the ledger, and the column or condition in it."""


def parse(name: str, content: Mapping[str, Any], datasets: Mapping[str, Properties]) -> Ledger:
    """The ledger of that name. `datasets`: the properties of each dataset. Raises `LedgerProblem`.

    Questions of a form are not checked here: a form has versions, and a ledger shows what each of them has.
    """
    try:
        return _parse(name, content, datasets)
    except ProcessProblem as problem:
        raise LedgerProblem(str(problem)) from None


def _parse(name: str, content: Mapping[str, Any], datasets: Mapping[str, Properties]) -> Ledger:
    keys = Keys(name, content, "zh en dataset form pairings unpaired repeat month where filters columns shares")
    sources = [one for one in Source if one in content]
    if len(sources) != 1:
        raise LedgerProblem(f"{name}: one of dataset, form, pairings and unpaired is needed")
    source = sources[0]
    of = keys.text(source) if source in (Source.DATASET, Source.FORM) else ""
    if source is Source.DATASET and of not in datasets:
        raise LedgerProblem(f"{name}: there is no dataset {of}")
    if keys.text("repeat", "") and source is not Source.FORM:
        raise LedgerProblem(f"{name}: repeat is for the rows of a form")
    known = _Known(name, source, datasets.get(of, {}), datasets.get(HOUSEHOLDS, {}))
    ledger = Ledger(
        name=name,
        label=words(name, content, None),
        source=source,
        of=of,
        columns=tuple(_column(name, one, known) for one in content.get("columns", ())),
        repeat=keys.text("repeat", ""),
        month=keys.text("month", ""),
        where=_conditions(name, keys.tables("where"), known),
        filters=tuple(keys.texts("filters")),
        shares=tuple(_share(name, one, known) for one in keys.tables("shares")),
    )
    if not ledger.columns:
        raise LedgerProblem(f"{name}: columns are needed")
    if ledger.month and known.kind(ledger.month) != "date":
        raise LedgerProblem(f"{name}: month names {ledger.month}, which is no property with a date")
    for one in ledger.filters:
        if not known.kind(one).startswith("select"):
            raise LedgerProblem(f"{name}: filters name {one}, which has no choices")
    if source is Source.UNPAIRED and any(not one.of.startswith(OF_HOUSEHOLD) for one in ledger.where):
        raise LedgerProblem(f"{name}: of a household without a helper only its own properties are known to where")
    told = [
        *((f"total of {one.of}", one.of) for one in ledger.columns if one.total),
        *((f"share over {one.of}", one.of) for share in ledger.shares for one in share.where),
        *((f"filter by {one}", one) for one in ledger.filters),
    ]
    for what, of in told:
        if known.is_masked(of):
            raise LedgerProblem(f"{name}: a {what} would say of a single row what is masked in it")
    return ledger


class _Known:
    """What the columns of one ledger may name."""

    def __init__(self, name: str, source: Source, own: Properties, household: Properties) -> None:
        self._name, self._source, self._own, self._household = name, source, own, household
        facts = {Source.FORM: VISIT_FACTS, Source.PAIRINGS: PAIRING_FACTS}.get(source, {})
        self._facts = {*PLACES, *facts}

    def must_have(self, of: str) -> None:
        """Raise `LedgerProblem` for what no row can have."""
        if of.startswith(OF_HOUSEHOLD):
            found = of.removeprefix(OF_HOUSEHOLD) in self._household
        else:
            found = of in self._facts or of in self._own or self._source is Source.FORM
        if not found:
            raise LedgerProblem(f"{self._name}: there is no {of}")

    def is_masked(self, of: str) -> bool:
        """Whether a ledger masks it: read off a total, a share or a filter it would be told, with no trace."""
        of_household = self._household if of.startswith(OF_HOUSEHOLD) else {}
        found = self._own.get(of) or of_household.get(of.removeprefix(OF_HOUSEHOLD), {})
        return bool(found.get("sensitivity", OPEN) != OPEN)

    def kind(self, of: str) -> str:
        """The type of a record's own property."""
        return str(self._own.get(of, {}).get("type", ""))


def _column(name: str, content: Any, known: _Known) -> Column:
    if isinstance(content, str):
        content = {"of": content}
    keys = Keys(f"{name}, columns", content, "of zh en total")
    of = keys.text("of")
    known.must_have(of)
    label = words(f"{name}, column {of}", content, None) if "zh" in content else None
    return Column(of, label, keys.flag("total"))


def _conditions(where: str, tables: Sequence[Mapping[str, Any]], known: _Known) -> tuple[Condition, ...]:
    found = []
    for one in tables:
        keys = Keys(f"{where}, where", one, f"of {' '.join(How)}")
        of = keys.text("of")
        known.must_have(of)
        ways = [each for each in How if each in one]
        if len(ways) != 1:
            raise LedgerProblem(f"{where}: the condition on {of} needs one of {', '.join(How)}")
        how = ways[0]
        if how is How.FILLED:
            found.append(Condition(of, how, frozenset({"yes" if keys.flag(how) else "no"})))
        else:
            found.append(Condition(of, how, frozenset(keys.texts(how))))
    return tuple(found)


def _share(name: str, content: Mapping[str, Any], known: _Known) -> Share:
    keys = Keys(f"{name}, shares", content, "zh en where")
    return Share(words(f"{name}, shares", content, None), _conditions(f"{name}, shares", keys.tables("where"), known))
