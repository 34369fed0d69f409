"""Forms and datasets as the services use them, read once: a published version never changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy.orm import Session

from fieldsvc.processes.keys import ProcessProblem
from fieldsvc.processes.model import Process
from fieldsvc.processes.read import parse
from fieldsvc.services.context import Context
from fieldsvc.services.limits import limits
from fieldsvc.store import definitions
from fieldsvc.store.engine import Database
from sync.model import Policy, Properties, Rule, Rules

log = structlog.get_logger(__name__)


@dataclass
class _Shelf:
    """What one process has read of one database."""

    forms: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    datasets: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    rules: dict[tuple[str, int], Rules] = field(default_factory=dict)
    processes: dict[Any, dict[str, Process]] = field(default_factory=dict)


_SHELVES: WeakKeyDictionary[Database, _Shelf] = WeakKeyDictionary()


def _shelf(ctx: Context) -> _Shelf:
    return _SHELVES.setdefault(ctx.db, _Shelf())


def form(ctx: Context, session: Session, form_id: str, version: str) -> dict[str, Any] | None:
    """The definition of a version that was published once, also when it is no longer offered, or is on trial."""
    forms = _shelf(ctx).forms
    found = forms.get((form_id, version))
    if found is None:
        row = definitions.form_version(session, form_id, version)
        if row is None or (row.state == "draft" and not row.definition.get("trial")):
            return None
        # Two may read it at once: all use the copy that came first, so that nothing is made of the other's expressions.
        found = forms.setdefault((form_id, version), row.definition)
    return found


@dataclass(frozen=True, slots=True)
class Datasets:
    """The datasets in force while one push is decided. `figures`: those of the county, or of the area with a code."""

    shelf: _Shelf
    versions: Mapping[str, int]
    figures: Callable[..., Mapping[str, Decimal]]

    def __contains__(self, name: str) -> bool:
        """Whether there is such a dataset."""
        return name in self.versions

    def rules(self, name: str) -> Rules:
        """How the properties of a dataset are merged; of an unknown dataset, all by a person."""
        version = self.versions.get(name)
        return self.shelf.rules[name, version] if version is not None else Rules()

    def label(self, name: str, properties: Properties) -> str | None:
        """What an entity of this dataset is called, read from the property that the dataset names for it."""
        version = self.versions.get(name)
        by = self.shelf.datasets[name, version].get("label_property") if version is not None else None
        return properties.get(str(by or "name"))

    def definition(self, name: str) -> Mapping[str, Any]:
        """The whole definition of a dataset that is there."""
        return self.shelf.datasets[name, self.versions[name]]

    def title(self, name: str) -> dict[str, str]:
        """What a dataset is called, in each language."""
        version = self.versions.get(name)
        label = self.shelf.datasets[name, version].get("label") if version is not None else None
        said = label if isinstance(label, Mapping) else {}
        return {code: str(said.get(code) or said.get("zh") or name) for code in ("zh", "en")}

    def is_kept_from_checkers(self, name: str) -> bool:
        """Whether a checker may only add to records of this kind; those of checks themselves say otherwise."""
        version = self.versions.get(name)
        return version is None or not self.shelf.datasets[name, version].get("open_to_checkers")

    def unique(self, name: str) -> Sequence[Sequence[str]]:
        """The combinations of properties of which there may be only one; `subject` stands for the household."""
        version = self.versions.get(name)
        found: Sequence[Sequence[str]] = self.shelf.datasets[name, version].get("unique", ()) if version else ()
        return found

    def numbering(self, name: str) -> Mapping[str, str] | None:
        """Which property the server numbers, by which codes and the year of which date; most datasets have none."""
        version = self.versions.get(name)
        found: Mapping[str, str] | None = self.shelf.datasets[name, version].get("numbering") if version else None
        return found

    def properties(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The definitions of a dataset's properties, by name."""
        version = self.versions.get(name)
        if version is None:
            return {}
        return {p["name"]: p for p in properties_of(self.shelf.datasets[name, version])}

    def is_guarded(self, name: str) -> bool:
        """Whether records of this dataset go through a process, or are counted in one; asks the database nothing."""
        contents = (self.shelf.datasets[key].get("process", {}).get("content", {}) for key in self.versions.items())
        return any(
            content and name in (content["dataset"], *(one["dataset"] for one in content.get("sums", ())))
            for content in contents
        )

    def is_off(self, name: str) -> bool:
        """Whether records of this kind go through a process that the county has turned off."""
        content: Mapping[str, Any] = self.definition(name).get("process", {}).get("content", {})
        return bool(content.get("off"))

    def is_on(self, subject: str) -> bool:
        """Whether some process about records of this kind is in force, and not turned off."""
        contents = (self.shelf.datasets[key].get("process", {}).get("content", {}) for key in self.versions.items())
        return any(content.get("subject") == subject and not content.get("off") for content in contents)

    @property
    def processes(self) -> Mapping[str, Process]:
        """The process of each dataset that has one, by the dataset's name."""
        figures = self.figures()
        key = (tuple(sorted(self.versions.items())), tuple(sorted(figures.items())))
        found = self.shelf.processes.get(key)
        if found is None:
            newest = {name: self.shelf.datasets[name, version] for name, version in self.versions.items()}
            found = _processes(newest, figures)
            # Another request may hold other figures at this moment, and takes this one's place.
            self.shelf.processes = {key: found}
        return found


def _processes(definitions_: Mapping[str, Mapping[str, Any]], figures: Mapping[str, Decimal]) -> dict[str, Process]:
    """The processes these datasets state. One that does not fit them guards nothing and is said loudly: a mistake of
    the office must not keep a county's phones from sending.
    """
    found = {}
    for dataset, definition in definitions_.items():
        content = definition.get("process")
        if not content:
            continue
        try:
            found[dataset] = parse(str(content["name"]), content["content"], definitions_, figures)
        except ProcessProblem as problem:
            log.error("process refused", dataset=dataset, problem=str(problem))
    return found


def datasets(ctx: Context, session: Session) -> Datasets:
    """The newest version of every dataset."""
    shelf = _shelf(ctx)
    versions = dict(definitions.newest_datasets(session))
    for key in versions.items():
        if key not in shelf.datasets:
            row = definitions.dataset(session, *key)
            assert row is not None
            shelf.rules[key] = rules_of(row.definition)
            shelf.datasets[key] = row.definition
    return Datasets(shelf, versions, cache(partial(limits, ctx, session)))


def properties_of(definition: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """A dataset's properties with their names, whether the definition lists or maps them."""
    given = definition.get("properties") or []
    if isinstance(given, Mapping):
        return [{"name": name, **body} for name, body in given.items()]
    return list(given)


def rules_of(definition: Mapping[str, Any]) -> Rules:
    """The merge rules a dataset's definition states; a policy nobody knows is decided by a person."""
    return Rules(
        Rule(
            name=each["name"],
            policy=_policy(each.get("policy")),
            group=each.get("group"),
            ranks=_ranks(each),
        )
        for each in properties_of(definition)
    )


def _policy(name: Any) -> Policy:
    try:
        return Policy(name)
    except ValueError:
        return Policy.REVIEW


def _ranks(definition: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of an `ordered` property from lowest to highest: stated, or the order of its choices."""
    choices = definition.get("choices")
    named = [each["value"] for each in choices] if isinstance(choices, list) else []
    return tuple(definition.get("ranks") or named)
