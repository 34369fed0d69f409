"""Money across records: what was paid for a case, against what there is for it. Exact, in fen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fieldsvc.processes import findings
from fieldsvc.processes.findings import Finding
from fieldsvc.processes.model import Early, Process, Sum
from fieldsvc.processes.money import fen

Properties = Mapping[str, str | None]


def judge_sum(process: Process, rule: Sum, record: Properties, parts: Iterable[Properties]) -> Iterator[Finding]:
    """What the parts break together: more than there is, an amount that is none, an advance nobody may give.

    What nobody entered is no money to give: a payment out of an unknown subsidy waits for who knows it.
    """
    counted = [part for part in parts if rule.where is None or part.get(rule.where[0]) in rule.where[1]]
    amounts = [fen(part.get(rule.amount)) for part in counted]
    for part, amount in zip(counted, amounts, strict=True):
        if amount is None and part.get(rule.amount):
            yield findings.not_in_fen(part.get(rule.amount) or "")
    most, paid = fen(record.get(rule.most)), sum(amount or 0 for amount in amounts)
    if paid > 0 and most is None:
        yield findings.of_unknown(process, rule.most, paid)
    elif most is not None and paid > most:
        yield findings.too_much(process, rule.most, paid, most)
    if rule.early is not None and not _reached(process, record, rule.early):
        kinds = [part.get(rule.early.property) or "" for part in counted]
        yield from _early(process, rule.early, [(k, a or 0) for k, a in zip(kinds, amounts, strict=True)])


def _early(process: Process, early: Early, paid: list[tuple[str, int]]) -> Iterator[Finding]:
    until = process.stages[early.until]
    if any(kind not in early.values for kind, _ in paid):
        yield findings.paid_early(until, None)
    for kind, most in sorted(early.most.items()):
        if sum(amount for each, amount in paid if each == kind) > most * 100:
            yield findings.paid_early(until, int(most * 100))


def _reached(process: Process, record: Properties, early: Early) -> bool:
    stage, line = process.stage_of(record), process.line
    return stage is not None and stage.code in line and line.index(stage.code) >= line.index(early.until)
