"""A process to try the engine on: the renovation of a house, short, with one guard of every kind."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from typing import Any

from fieldsvc.processes.calendar import Calendar
from fieldsvc.processes.findings import Finding
from fieldsvc.processes.judge import Facts, Move, Mover, Properties, judge
from fieldsvc.processes.model import Process
from fieldsvc.processes.read import parse

TEXT = """
dataset = "cases"
stage = "stage"
zh = "改造"
en = "Renovation"
blocks = ["seven"]
slots = { notice = { zh = "公示", en = "notice" } }

[[stages]]
code = "applied"
date = "applied_on"

[[stages]]
code = "posted"
date = "posted_on"
photos = ["notice"]

[[stages]]
code = "granted"
date = "granted_on"
by = ["supervisor"]
other_than = ["owner", "stage:applied"]
notice = { since = "posted", days = "notice_days" }

[[stages]]
code = "begun"
date = "begun_on"
optional = true

[[stages]]
code = "accepted"
date = "accepted_on"
needs = ["grade", "team|company"]
differ = ["checker|builder"]

[[stages]]
code = "paid"
end = true

[[stages]]
code = "returned"
side = true
from = ["posted", "granted"]

[[clocks]]
name = "grant"
zh = "审批"
en = "Grant"
since = "posted"
days = 20
working = true
until = ["granted"]

[[clocks]]
name = "agreed"
zh = "约定"
en = "Agreed"
due = "due"
until = ["accepted"]

[[sums]]
dataset = "payments"
amount = "amount"
link = "case_id"
most = "subsidy"
early = { until = "accepted", property = "kind", values = ["start"], most = { start = 20000 } }

[[clauses]]
code = "A"
zh = "甲"
en = "A"
all = [{ property = "income", per = "people", below = "line" }]
"""
CODES = ("applied", "posted", "granted", "begun", "accepted", "paid", "returned")
DATES = ("applied_on", "posted_on", "granted_on", "begun_on", "accepted_on")


def dataset(**properties: dict[str, Any]) -> dict[str, Any]:
    """A dataset definition with these properties."""
    return {"properties": {name: {"type": "string", "label": _both(name), **one} for name, one in properties.items()}}


def _both(name: str) -> dict[str, str]:
    return {"zh": f"中{name}", "en": name}


DATASETS = {
    "cases": dataset(
        stage={"policy": "ordered", "choices": [{"value": code, "label": _both(code)} for code in CODES]},
        **{name: {"type": "date"} for name in (*DATES, "due")},
        **{
            name: {}
            for name in (
                *("owner", "grade", "team", "company", "checker", "builder", "subsidy", "seven", "income", "people"),
            )
        },
    ),
    "payments": dataset(amount={}, case_id={}, kind={}),
}


def house(**changes: Any) -> Process:
    """The process, some of its top keys changed."""
    return parse("house", {**tomllib.loads(TEXT), **changes}, DATASETS, LIMITS)


LIMITS = {"line": Decimal("2995"), "notice_days": Decimal(7)}
CLERK = Mover("p1", "Clerk", frozenset({"cadre"}))
BOSS = Mover("p2", "Boss", frozenset({"supervisor"}))
TODAY = date(2026, 11, 25)
PLAIN = Calendar()


def moved(
    before: Properties | None,
    after: Properties,
    *,
    who: Mover = BOSS,
    facts: Facts | None = None,
    process: Process | None = None,
    day: date = TODAY,
) -> tuple[Finding, ...]:
    """What is found when this is moved."""
    facts = facts or Facts(photos=frozenset({"notice"}))
    return judge(process or house(), Move(before, {**(before or {}), **after}, who, day), facts, PLAIN)


def kinds(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Guard and stage of each finding."""
    return [(str(one.guard), one.stage) for one in found]
