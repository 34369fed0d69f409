"""Money across records: what was paid for a case, against what there is for it. Exact, in fen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fieldsvc.processes import findings
from fieldsvc.processes.findings import Finding
from fieldsvc.processes.model import Early, Process, Sum
from fieldsvc.processes.money import fen

Properties = Mapping[str, str | None]


def judge_sum(process: Process, rule: Sum, record: Properties, parts: Iterable[Properties]) -> Iterator[Finding]:
    """What the parts break together: more than there is, an amount that is none, an advance nobody may give."""
    held = list(parts)
    amounts = {}
    for place, part in enumerate(held):
        amount = fen(part.get(rule.amount))
        if amount is None and part.get(rule.amount):
            yield findings.not_in_fen(part.get(rule.amount) or "")
        amounts[place] = amount or 0
    most, paid = fen(record.get(rule.most)), sum(amounts.values())
    if held and most is not None and paid > most:
        yield findings.too_much(process, rule.most, paid, most)
    if rule.early is not None and not _reached(process, record, rule.early):
        yield from _early(process, rule.early, held, amounts)


def _early(process: Process, early: Early, parts: list[Properties], amounts: Mapping[int, int]) -> Iterator[Finding]:
    until = process.stages[early.until]
    for part in parts:
        if part.get(early.property) not in early.values:
            yield findings.paid_early(until, None)
            return
    most = None if early.most is None else int(early.most * 100)
    if most is not None and sum(amounts.values()) > most:
        yield findings.paid_early(until, most)


def _reached(process: Process, record: Properties, early: Early) -> bool:
    stage, line = process.stage_of(record), process.line
    return stage is not None and stage.code in line and line.index(stage.code) >= line.index(early.until)
