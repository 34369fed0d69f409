"""Reading a process from its file: every name is checked against the dataset, every mistake says where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from fieldsvc.processes.clauses import read_clause
from fieldsvc.processes.keys import Keys, ProcessProblem, words
from fieldsvc.processes.model import STAGE_MARK, Clock, Early, Notice, Process, Stage, Sum

Definition = Mapping[str, Any]
Limits = Mapping[str, Decimal]
__all__ = ["ProcessProblem", "overlay", "parse"]
_LISTS = {"stages": "code", "clocks": "name", "clauses": "code"}


def parse(
    name: str, content: Mapping[str, Any], datasets: Mapping[str, Definition], limits: Mapping[str, Decimal]
) -> Process:
    """The process of that name. Raises `ProcessProblem` naming the process, and the stage or clock.

    `limits`: the figures in force that the process may name instead of a number. One that is `off` has no clocks.
    """
    keys = Keys(name, content, f"dataset subject stage zh en off slots blocks sums {' '.join(_LISTS)}", limits)
    dataset = keys.text("dataset")
    if dataset not in datasets:
        raise ProcessProblem(f"{name}: there is no dataset {dataset}")
    properties = {one["name"]: one for one in _properties(datasets[dataset])}
    held = keys.text("stage")
    if held not in properties:
        raise ProcessProblem(f"{name}: {dataset} has no property {held}")
    if properties[held].get("policy") != "ordered":
        raise ProcessProblem(
            f"{name}: {dataset}.{held} must have the policy ordered, or two phones overwrite each other"
        )
    choices = {str(one["value"]): one.get("label") for one in properties[held].get("choices") or ()}
    stages = _stages(name, keys.tables("stages"), choices, properties, limits)
    blocks = tuple(keys.texts("blocks"))
    _must_be(name, "blocks", blocks, properties)
    clauses = tuple(read_clause(name, one, properties) for one in keys.tables("clauses"))
    slots = {slot: words(f"{name}, slot {slot}", one, None) for slot, one in keys.table("slots").items()}
    for stage in stages.values():
        _must_be(f"{name}, stage {stage.code}", "photos", stage.photos, slots)
    if any(stage.clause for stage in stages.values()) and not clauses:
        raise ProcessProblem(f"{name}: a stage asks for a clause, and there is none")
    clocks = tuple(_clock(name, one, stages, properties, limits) for one in keys.tables("clocks"))
    return Process(
        name=name,
        label=words(name, content, None),
        dataset=dataset,
        stage_property=held,
        stages=stages,
        clocks=() if content.get("off") else clocks,
        sums=tuple(_sum(name, one, stages, properties, datasets, limits) for one in keys.tables("sums")),
        clauses=clauses,
        blocks=blocks,
        slots=slots,
        limits=limits,
        names={key: one.get("label") or {"zh": key, "en": key} for key, one in properties.items()},
    )


def overlay(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """A process as a county wants it: its own values laid over the shipped ones, stage by stage and clock by clock."""
    merged = {**base, **{key: value for key, value in over.items() if key not in _LISTS}}
    for key, by in _LISTS.items():
        given = {one.get(by): one for one in over.get(key, ())}
        known = [{**one, **given.pop(one.get(by), {})} for one in base.get(key, ())]
        if known or given:
            merged[key] = [*known, *given.values()]
    return merged


def _stages(
    name: str, tables: Sequence[Mapping[str, Any]], choices: Mapping[str, Any], properties: Definition, limits: Limits
) -> dict[str, Stage]:
    codes = [str(one.get("code", "")) for one in tables]
    stages: dict[str, Stage] = {}
    for code, one in zip(codes, tables, strict=True):
        where = f"{name}, stage {code}"
        if code not in choices:
            raise ProcessProblem(f"{where}: the stage's property has no such code")
        if code in stages:
            raise ProcessProblem(f"{where}: stands there twice")
        stages[code] = _stage(where, code, one, choices[code], codes, properties, limits)
    if not any(not stage.side for stage in stages.values()):
        raise ProcessProblem(f"{name}: has no stages")
    return stages


def _stage(
    where: str,
    code: str,
    content: Mapping[str, Any],
    label: Any,
    codes: Sequence[str],
    properties: Definition,
    limits: Limits,
) -> Stage:
    keys = Keys(
        where,
        content,
        "code zh en date by other_than differ needs photos notice from side optional end clause",
    )
    date = keys.text("date", "")
    if date and properties.get(date, {}).get("type") != "date":
        raise ProcessProblem(f"{where}: {date} is no property with a date")
    needs = tuple(tuple(one.split("|")) for one in keys.texts("needs"))
    _must_be(where, "needs", [one for each in needs for one in each], properties)
    come_from = tuple(keys.texts("from"))
    _must_be(where, "from", come_from, codes)
    other_than = tuple(keys.texts("other_than"))
    marked = [one.removeprefix(STAGE_MARK) for one in other_than if one.startswith(STAGE_MARK)]
    _must_be(where, "other_than", marked, codes)
    _must_be(where, "other_than", [one for one in other_than if not one.startswith(STAGE_MARK)], properties)
    differ = tuple([*one.split("|"), ""][:2] for one in keys.texts("differ"))
    _must_be(where, "differ", [one for pair in differ for one in pair], properties)
    if keys.flag("side") and not come_from:
        raise ProcessProblem(f"{where}: a stage beside the line needs from")
    return Stage(
        code=code,
        label=words(where, content, label),
        date=date or None,
        by=frozenset(keys.texts("by")),
        other_than=other_than,
        differ=tuple((one, other) for one, other in differ),
        needs=needs,
        photos=tuple(keys.texts("photos")),
        notice=_notice(where, content.get("notice"), codes, properties, limits) if "notice" in content else None,
        come_from=come_from,
        side=keys.flag("side"),
        optional=keys.flag("optional"),
        end=keys.flag("end"),
        clause=keys.flag("clause"),
    )


def _notice(where: str, content: Any, codes: Sequence[str], properties: Definition, limits: Limits) -> Notice:
    keys = Keys(f"{where}, notice", content, "since days working", limits)
    dates = [key for key, one in properties.items() if one.get("type") == "date"]
    _must_be(where, "notice", [keys.text("since")], [*codes, *dates])
    return Notice(keys.text("since"), keys.number("days"), keys.flag("working"))


def _clock(
    name: str, content: Mapping[str, Any], stages: Mapping[str, Stage], properties: Definition, limits: Limits
) -> Clock:
    where = f"{name}, clock {content.get('name')}"
    keys = Keys(where, content, "name zh en since until days working due alarms", limits)
    until = tuple(keys.texts("until"))
    _must_be(where, "until", [one.partition("=")[0] for one in until], {*stages, *properties})
    since, due = keys.text("since", ""), keys.text("due", "")
    if bool(since) == bool(due) or (since and "days" not in content):
        raise ProcessProblem(f"{where}: needs either since and days, or due")
    dates = {key for key, one in properties.items() if one.get("type") == "date"}
    dated = {stage.code for stage in stages.values() if stage.date}
    _must_be(where, "since" if since else "due", [since or due], dates | dated)
    return Clock(
        name=keys.text("name"),
        label=words(where, content, None),
        until=until,
        since=since or None,
        days=keys.number("days", 0),
        working=keys.flag("working"),
        due=due or None,
        alarms=tuple(sorted(keys.numbers("alarms", (7, 3, 0)), reverse=True)),
    )


def _sum(
    name: str,
    content: Mapping[str, Any],
    stages: Mapping[str, Stage],
    properties: Definition,
    datasets: Definition,
    limits: Limits,
) -> Sum:
    where = f"{name}, sum of {content.get('dataset')}"
    keys = Keys(where, content, "dataset amount link most where early")
    dataset = keys.text("dataset")
    if dataset not in datasets:
        raise ProcessProblem(f"{where}: there is no dataset {dataset}")
    theirs = {one["name"] for one in _properties(datasets[dataset])}
    _must_be(where, "amount", [keys.text("amount")], theirs)
    _must_be(where, "link", [keys.text("link")], theirs)
    _must_be(where, "most", [keys.text("most")], properties)
    only = None
    if "where" in content:
        inner = Keys(f"{where}, where", content["where"], "property in")
        _must_be(where, "where", [inner.text("property")], theirs)
        only = (inner.text("property"), frozenset(inner.texts("in")))
    early = _early(f"{where}, early", content["early"], stages, theirs, limits) if "early" in content else None
    return Sum(dataset, keys.text("amount"), keys.text("link"), keys.text("most"), only, early)


def _early(where: str, content: Any, stages: Mapping[str, Stage], theirs: set[str], limits: Limits) -> Early:
    keys = Keys(where, content, "until property values most")
    _must_be(where, "until", [keys.text("until")], stages)
    _must_be(where, "property", [keys.text("property")], theirs)
    values = keys.texts("values")
    most = keys.table("most")
    _must_be(where, "most", most, values)
    amounts = Keys(f"{where}, most", most, " ".join(values), limits)
    return Early(
        keys.text("until"),
        keys.text("property"),
        frozenset(values),
        {value: Decimal(amounts.number(value)) for value in most},
    )


def _must_be(where: str, key: str, named: Iterable[str], known: Iterable[str]) -> None:
    allowed = set(known)
    for one in named:
        if one not in allowed:
            raise ProcessProblem(f"{where}: {key} names {one}, which there is not")


def _properties(definition: Definition) -> list[Definition]:
    """A dataset's properties with their names, whether the definition lists or maps them."""
    given = definition.get("properties") or []
    return [{"name": key, **one} for key, one in given.items()] if isinstance(given, Mapping) else list(given)
