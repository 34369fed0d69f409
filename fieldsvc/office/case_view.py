"""A record in its process, in words: the bar of stages, what the next one needs, the deadlines that run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldsvc.office.format import Format
from fieldsvc.office.words import Words
from fieldsvc.services.cases import Case
from fieldsvc.services.deadlines import Due


def shown(case: Case, label: str, t: Words, f: Format) -> dict[str, Any]:
    """What the template draws of a case."""
    return {
        "label": label,
        "process": _in(case.process, t),
        "steps": [
            {
                "label": _in(step.label, t),
                "state": step.state,
                "word": t(f"step.{step.state}"),
                "day": f.date_text(step.day) if step.day else "",
                "by": step.by,
            }
            for step in case.steps
        ],
        "beside": _in(case.beside, t) if case.beside else "",
        "next": _in(case.next, t) if case.next else "",
        "ways": [{"code": code, "label": _in(name, t)} for code, name in case.ways],
        "needs": [{"label": _in(need.label, t), "there": need.there, "photo": need.photo} for need in case.needs],
        "clocks": [due(one, t, f) for one in case.clocks],
        "clauses": t("comma").join(_in(one, t) for one in case.clauses),
        "ruled_out": bool(case.against),
        "ended": case.ended,
    }


def due(one: Due, t: Words, f: Format) -> dict[str, Any]:
    """A deadline in words: 还剩 3 个工作日."""
    if one.over > 0:
        left = t("due.over", n=one.over)
    elif one.left == 0:
        left = t("due.today")
    else:
        left = t("due.left-working" if one.working else "due.left", n=one.left)
    level = "over" if one.over > 0 else "near" if one.alarm is not None else "calm"
    return {
        "label": _in(one.label, t),
        "day": f.date_text(one.due.isoformat()),
        "left": left,
        "level": level,
        "certain": one.certain,
    }


def _in(text: Mapping[str, str], t: Words) -> str:
    return text.get(t.language) or text.get("zh") or ""
