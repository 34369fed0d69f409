"""Shipped forms filled in with few words: what is missing or doubtful, what is computed, what would be written."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from fieldsvc.forms import form_sources, list_sources, lists
from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.effects import EntityChange
from tests.forms import both
from tests.forms.forms import completed
from tests.support.tools import node

ROOT = Path(__file__).parents[2]
#: Noon of Sunday 22 November 2026 in Shanghai, on a phone.
NOW = {"now": 1_795_327_200_000, "utc_offset": 480, "seed": 7}
PHOTO = {"sha256": "a" * 64, "bytes": 41000, "type": "image/jpeg"}
#: Records the forms look into; a story names those its household has.
NONE: dict[str, list[dict[str, str]]] = {
    name: []
    for name in (
        "members",
        "income_statements",
        "housing_cases",
        "housing_payments",
        "risks",
        "plans",
        "plan_measures",
        "problems",
        "water_checks",
    )
}
#: A county's own processes with everything that is off turned on, so that no shipped form is left out.
ALL_ON = "[leave]\noff = false\n"
Instances = Mapping[str, Sequence[Mapping[str, str]]]


@cache
def definition(name: str) -> dict[str, Any]:
    """The shipped form `name`, compiled."""
    source = form_sources()[name]
    return dict(compile_form(source.read_bytes(), source.name).definition)


@cache
def figures() -> list[dict[str, str]]:
    """The shipped thresholds, as a published form carries them."""
    with list_sources()["thresholds"].open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


@cache
def shipped_lists() -> dict[str, list[dict[str, str]]]:
    """Every reference list of this release, as a published form carries those it reads."""
    return {name: listed.rows for name, listed in lists().items()}


def context(instances: Instances | None = None) -> dict[str, Any]:
    """When and beside which lists a form is filled in."""
    return {**NOW, "instances": {**shipped_lists(), **NONE, **(instances or {})}}


def found(name: str, answers: Mapping[str, Any], instances: Instances | None = None) -> set[tuple[str, str]]:
    """What is missing, wrong or doubtful, by ref without `/data`. Calculations left out of `answers` are not held
    against them."""
    broken = both.validate(definition(name), answers, context(instances))
    return {(each.ref.removeprefix("/data"), each.kind) for each in broken if each.kind != "calculate"}


def computed(name: str, answers: Mapping[str, Any], instances: Instances | None = None) -> dict[str, str | None]:
    """What every calculation comes to, by ref without `/data`."""
    values = both.recalculated(definition(name), answers, context(instances))
    return {ref.removeprefix("/data"): value for ref, value in values.items()}


def completed_in(name: str, answers: Mapping[str, Any], instances: Instances | None = None) -> dict[str, Any]:
    """The answers with every calculation as the phone would have sent it."""
    return completed(definition(name), answers, context(instances))  # type: ignore[arg-type]


def written(name: str, answers: Mapping[str, Any], instances: Instances | None = None) -> list[EntityChange]:
    """What the answers write to records."""
    return both.changes(definition(name), answers, context(instances))


def one(changes: Sequence[EntityChange], dataset: str) -> EntityChange:
    """The only change of `dataset`."""
    [change] = [each for each in changes if each.dataset == dataset]
    return change


_SCRIPT = """
import { readFileSync } from 'node:fs';
const { openForm } = await import(process.argv[2]);
const { definition, context, cases } = JSON.parse(readFileSync(0, 'utf8'));
const { now, utc_offset: utcOffset, seed } = context;
console.log(JSON.stringify(cases.map((answers) => {
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const filling = { now, utcOffset, seed, preloads: {} };
  return openForm(definition, { context: filling, newId, answers, language: 'zh' }).answers();
})));
"""


def on_the_phone(name: str, cases: Sequence[Mapping[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """The answers of each case as the phone completes them, calculations and all. `folder` takes the script."""
    script = folder / "fill.mjs"
    script.write_text(_SCRIPT, encoding="utf-8")
    form = {**definition(name), "instances": shipped_lists()}
    given = {"definition": form, "context": NOW, "cases": cases}
    engine = (ROOT / "fieldsvc/static/core/form.js").as_uri()
    command = [node(), str(script), engine]
    ran = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True, timeout=120)
    filled: list[dict[str, Any]] = json.loads(ran.stdout)
    return filled
