"""Both engines at once: what a test says of `validate`, `recalculated` and `changes` is asked of the phone as well.

The phone's engine listens in one Node process for as long as the tests run, so that a question costs a millisecond.
"""

from __future__ import annotations

import atexit
import json
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from fieldsvc.xlsform import runtime
from fieldsvc.xlsform.effects import EntityChange, changes_of
from fieldsvc.xlsform.lists import Lists
from fieldsvc.xlsform.rules import Violation
from fieldsvc.xlsform.scope import Context
from fieldsvc.xlsform.tree import plant
from tests.support.tools import node

SCRIPT = Path(__file__).parents[1] / "js" / "judging.js"
#: What the server alone has to say: the phone sends no unknown names, and computes by itself.
SERVERS = ("unknown", "calculate", "entity")
#: The ids of items that the phone makes by itself begin so.
GROWN = "new-"


@cache
def _engine() -> subprocess.Popen[str]:
    process = subprocess.Popen([node(), str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.communicate)
    return process


def phone_says(definition: Mapping[str, Any], answers: Any, context: Mapping[str, Any]) -> dict[str, Any]:
    """What the phone's engine makes of the answers as they are: `violations`, `answers` by ref and `changes`.

    A counted repeat grows on the phone by itself, and the server waits for what it is sent: what the phone says of
    items that are not among the answers is left out.
    """
    engine = _engine()
    assert engine.stdin
    assert engine.stdout
    engine.stdin.write(json.dumps({"definition": definition, "answers": answers, "context": context}) + "\n")
    engine.stdin.flush()
    said = json.loads(engine.stdout.readline())
    assert "judged" in said, said
    judged: dict[str, Any] = said["judged"]
    grown = [
        ref[: -len("_id")]
        for ref, value in judged["answers"].items()
        if ref.endswith("/_id") and value.startswith(GROWN)
    ]
    judged["violations"] = [each for each in judged["violations"] if not each[0].startswith(tuple(grown))]
    judged["changes"] = [each for each in judged["changes"] if not str(each["item"]).startswith(GROWN)]
    return judged


def validate(definition: Any, answers: Any, context: Mapping[str, Any]) -> list[Violation]:
    """`runtime.validate`, of which the phone says the same in the same order and with the same words."""
    found = runtime.validate(definition, answers, context)
    language = context.get("language") or definition["default_language"]
    ours = [
        [each.ref, each.level, each.kind, _said(each.message, language, definition), each.needs_reason]
        for each in found
        if each.kind not in SERVERS
    ]
    assert phone_says(definition, answers, context)["violations"] == ours
    return found


def recalculated(definition: Any, answers: Any, context: Mapping[str, Any]) -> dict[str, str | None]:
    """`runtime.recalculated`, of which the phone has computed every one."""
    values = runtime.recalculated(definition, answers, context)
    phone = phone_says(definition, answers, context)["answers"]
    assert {ref: phone.get(ref) for ref in values} == values
    return values


def changes(definition: Any, answers: Any, context: Mapping[str, Any]) -> list[EntityChange]:
    """What the answers write to records, by both."""
    lists = Lists(definition, context.get("instances", {}), "zh")
    at = Context(context["now"], context["utc_offset"], str(context["seed"]))
    found = changes_of(plant(definition, answers, at, lists), definition["entities"])
    phone = phone_says(definition, answers, context)["changes"]
    assert phone == [asdict(change) for change in found]
    return found


def _said(message: Mapping[str, str], language: str, definition: Any) -> str:
    words = message.get(language)
    return words if words is not None else message.get(definition["default_language"], "")
