"""Whether everything a phone promised to send is on the server, as it was typed, and every value of it somewhere."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from fieldsvc.store.tables import ConflictRow, SubmissionRow
from tests.simulation.judge.evidence import DECIDED, Evidence, Row
from tests.simulation.verdict import Verdict


def look(evidence: Evidence, verdict: Verdict) -> None:
    """Find what was typed and is not there."""
    visits = set(evidence.session.scalars(select(SubmissionRow.id)))
    known = evidence.operations.keys() - evidence.unread
    for line in evidence.lines.values():
        _operation(evidence, verdict, line)
        if line["kind"] == "visit" and line["id"] in known and line["id"] not in visits:
            verdict.finds("lost", f"the visit {line['id']} is not among the submissions")
    _values(evidence, verdict)


def _operation(evidence: Evidence, verdict: Verdict, line: Row) -> None:
    what = f"{line['kind']} {line['id']}"
    row = evidence.operations.get(line["id"])
    if row is None:
        told = "had arrived" if line.get("told") else "was kept"
        verdict.finds("lost", f"{what}: the phone said it {told}, and the server does not know it")
        return
    verdict.counts["acknowledged"] += 1
    body = json.loads(bytes(row.body))
    carried = body.get("changes") if line["kind"] == "edit" else body.get("answers")
    for name, value in line["typed"].items():
        if (carried or {}).get(name) != value:
            verdict.finds("lost", f"{name} = {value} of {what} is not in what the server has")
    ended = row.id in evidence.refused | evidence.taken_back or evidence.is_replaced(row.id)
    ended = ended or evidence.is_declined_with_its_household(row.id)
    if row.status == "refused" and not ended:
        verdict.finds("lost", f"{what} was refused: {row.problem}")
    if row.status == "held":
        verdict.finds("stuck", f"{what} is held")


def _values(evidence: Evidence, verdict: Verdict) -> None:
    """Each value is in a version of its record or in a conflict, unless the same cadre later said something else."""
    kept: dict[str, list[Mapping[str, str | None]]] = defaultdict(list)
    for entity, versions in evidence.versions.items():
        kept[evidence.home(entity)] += [version.properties for version in versions]
    for conflict in evidence.session.scalars(select(ConflictRow)):
        kept[evidence.home(conflict.entity_id)].append(conflict.candidate)
    for report in evidence.reports:
        said_later: set[tuple[str, str]] = set()
        for line in reversed(report["promised"]):
            if line["id"] in evidence.gone:
                continue
            for name in [name for name in DECIDED if name in line["typed"]]:
                key, value = (line["entity"], name), line["typed"][name]
                there = any(place.get(name) == value for place in kept[evidence.home(line["entity"])])
                if evidence.stands(line["id"]) and key not in said_later and not there:
                    verdict.finds("lost", f"{name} = {value} of {line['id']} is nowhere")
                said_later.add(key)
