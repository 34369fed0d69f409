"""Which ledgers there are, and what stands over their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy.orm import Session

from fieldsvc import forms
from fieldsvc.config import Settings
from fieldsvc.ledgers.model import (
    OF_HOUSEHOLD,
    PAIRING_FACTS,
    PLACES,
    VISIT_FACTS,
    Ledger,
    Source,
    Text,
)
from fieldsvc.ledgers.model import Column as Declared
from fieldsvc.ledgers.read import HOUSEHOLDS, LedgerProblem, parse
from fieldsvc.problems import NotFound
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets, datasets
from fieldsvc.services.exports import OPEN, STATES
from fieldsvc.services.form_export import secret_questions
from fieldsvc.store import definitions, form_shelf
from fieldsvc.xlsform.columns import Column, Table, tables
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.versions import version_key

_ENGLISH = {"waiting": "Waiting", "approved": "Approved", "returned": "Returned", "doubt": "In doubt"}


@dataclass(frozen=True, slots=True)
class Heading:
    """One column as it is shown: its words and codes, whether it is masked, and whether it is added up."""

    of: str
    column: Column
    secret: bool
    total: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A ledger ready to be read: its declaration, its headings, and the tables of its form if it has one."""

    ledger: Ledger
    headings: Sequence[Heading]
    tables: Sequence[Table]

    def heading(self, of: str) -> Heading | None:
        """The heading of a column, if the ledger shows it."""
        return next((one for one in self.headings if one.of == of), None)


def contents(settings: Settings) -> dict[str, dict[str, Any]]:
    """What the ledgers of this county say, by name. Raises `LedgerProblem`."""
    return _contents(settings.ledgers_file)


def ledgers(ctx: Context, session: Session) -> tuple[dict[str, Ledger], list[str]]:
    """Every ledger that can be read here, and a sentence for each that does not fit the datasets."""
    known = _properties(datasets(ctx, session))
    found, refused = {}, []
    for name, content in contents(ctx.settings).items():
        try:
            found[name] = parse(name, content, known)
        except LedgerProblem as problem:
            refused.append(str(problem))
    return found, refused


def opened(ctx: Context, session: Session, name: str) -> Opened:
    """A ledger with its headings. Raises `not-found`, also for one that does not fit the datasets."""
    known = datasets(ctx, session)
    content = contents(ctx.settings).get(name)
    if content is None:
        raise NotFound()
    try:
        ledger = parse(name, content, _properties(known))
    except LedgerProblem:
        raise NotFound() from None
    versions = _versions(session, ledger)
    shown, secret = tables(versions) if versions else [], secret_questions(ctx, session, versions)
    return Opened(ledger, [_heading(one, ledger, known, shown, secret) for one in ledger.columns], shown)


def choices(ctx: Context, session: Session, ledger: Ledger) -> dict[str, tuple[Text, Mapping[str, Text]]]:
    """What each filter is called and the codes it offers, by property."""
    own = datasets(ctx, session).properties(ledger.of)
    return {one: (own[one]["label"], _codes(own[one])) for one in ledger.filters}


@lru_cache(maxsize=4)
def _contents(own: str) -> dict[str, dict[str, Any]]:
    return forms.ledgers(Path(own).read_text(encoding="utf-8") if own else "")


def _properties(known: Datasets) -> dict[str, Mapping[str, Mapping[str, Any]]]:
    return {name: known.properties(name) for name in known.versions}


def _versions(session: Session, ledger: Ledger) -> list[Definition]:
    """Every version of the ledger's form, the newest first; none for a ledger of records."""
    if ledger.source is not Source.FORM:
        return []
    known = [row.version for row in form_shelf.versions(session, ledger.of)]
    rows = [definitions.form_version(session, ledger.of, one) for one in sorted(known, key=version_key, reverse=True)]
    return [cast(Definition, row.definition) for row in rows if row is not None]


def _heading(one: Declared, ledger: Ledger, known: Datasets, shown: Sequence[Table], secret: frozenset[str]) -> Heading:
    column, is_secret = _column(one.of, ledger, known, shown)
    if one.label is not None:
        column = replace(column, label=one.label)
    masked = is_secret or column.ref in secret
    # Questions are only known here: what is masked line by line is added up in no file either.
    return Heading(one.of, column, masked, one.total and not masked)


def _column(of: str, ledger: Ledger, known: Datasets, shown: Sequence[Table]) -> tuple[Column, bool]:
    facts = {**PLACES, **VISIT_FACTS, **PAIRING_FACTS}
    if of.startswith(OF_HOUSEHOLD):
        return _property(of, known.properties(HOUSEHOLDS)[of.removeprefix(OF_HOUSEHOLD)])
    own = known.properties(ledger.of) if ledger.source is Source.DATASET else {}
    if of in own:
        return _property(of, own[of])
    table = next((one for one in shown if one.ref == ledger.repeat), None)
    if table is not None and of in table.columns:
        return table.columns[of], False
    codes = {code: {"zh": zh, "en": _ENGLISH.get(code, code)} for code, zh in STATES.items()} if of == "state" else {}
    return Column(of, of, "string", facts.get(of, {"zh": of, "en": of}), codes), False


def _property(of: str, definition: Mapping[str, Any]) -> tuple[Column, bool]:
    secret = definition.get("sensitivity", OPEN) != OPEN
    return Column(of, of, str(definition["type"]), definition["label"], _codes(definition)), secret


def _codes(definition: Mapping[str, Any]) -> dict[str, Text]:
    return {str(one["value"]): one["label"] for one in definition.get("choices") or ()}
