"""Whether every phone has come to rest: nothing on its way, and what it holds is what the server has for it."""

from __future__ import annotations

from sqlalchemy import select

from fieldsvc.store.tables import BlobRow, ScopeRow
from tests.simulation.judge.evidence import Evidence, Row
from tests.simulation.verdict import Verdict


def look(evidence: Evidence, verdict: Verdict) -> None:
    """Find what is stuck on a phone, and where a phone differs from the server."""
    stored = set(evidence.session.scalars(select(BlobRow.sha256)))
    for report in evidence.reports:
        _owes_nothing(report, stored, verdict)
        _equals_the_server(evidence, report, verdict)


def _owes_nothing(report: Row, stored: set[str], verdict: Verdict) -> None:
    name = report["phone"]
    for entry in report["outbox"]:
        if entry["state"] in ("waiting", "sending") or entry["status"] == "held":
            verdict.finds("stuck", f"{name}: {entry['id']} is {entry['state']} ({entry['status']})")
    for draft in report["drafts"]:
        verdict.finds("stuck", f"{name}: the draft {draft} is still open")
    if report["problem"]:
        verdict.finds("stuck", f"{name}: {report['problem']}")
    # A visit that was refused, as one that its author took back before anybody had let it through, brings no photos.
    refused = {entry["id"] for entry in report["outbox"] if entry["state"] == "refused"}
    for photo in report["photos"]:
        verdict.counts["photos"] += 1
        if photo["owners"] and refused.issuperset(photo["owners"]):
            continue
        if not photo["done"] or photo["sha256"] not in stored:
            verdict.finds("stuck", f"{name}: photo {photo['sha256'][:12]} ({photo})")


def _equals_the_server(evidence: Evidence, report: Row, verdict: Verdict) -> None:
    name = report["phone"]
    mine = (ScopeRow.person_id == evidence.people[name], ScopeRow.revoked_pos.is_(None))
    held = set(evidence.session.scalars(select(ScopeRow.subject_id).where(*mine)))
    if set(report["subjects"]) != held:
        verdict.finds("stuck", f"{name} holds {sorted(report['subjects'])} and not {sorted(held)}")
    server = {
        row.id: (row.version, row.properties)
        for row in evidence.entities.values()
        if row.subject_id in held and not row.deleted and row.merged_into is None
    }
    phone = {row["id"]: (row["version"], row["properties"]) for row in report["entities"] if not row["gone"]}
    for entity in server.keys() | phone.keys():
        if server.get(entity) != phone.get(entity):
            verdict.finds("stuck", f"{name}: {entity} is {phone.get(entity)} and not {server.get(entity)}")
