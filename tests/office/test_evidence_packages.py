"""A supervisor hands an auditor all evidence about a household, and that is on record before the file is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fieldsvc.services import evidence
from fieldsvc.services.context import Context
from fieldsvc.store import audit
from tests.office.desk import Desk, text
from tests.office.district import FEED, District


def test_the_package_is_downloaded_with_a_reason_and_stands_among_those_who_looked(
    desk: Desk, district: District, ctx: Context, tmp_path: Path
) -> None:
    home = district.household("陈一", district.upper)
    visit = district.visit(home, district.li)
    with ctx.db.read() as session:
        sent = district.sent(session, visit)
    with ctx.db.write() as session:
        detail = {"operations": [[visit, sent.sha256]]}
        audit.append(session, FEED, [audit.Entry(1, district.li, "push", f"device:{sent.device_id}", detail=detail)])
    page = f"/office/households/{home}/evidence"
    assert "证据包" in desk.opens(f"/office/households/{home}")
    assert desk.sends(page, reason=" ").status_code == 422
    reply = desk.sends(page, reason="审计抽查")
    assert (reply.status_code, reply.mimetype) == (200, "application/zip")
    file = tmp_path / "evidence.zip"
    file.write_bytes(reply.get_data())
    reply.close()  # as a server does once the last byte has left
    result = evidence.verify(file)
    assert (result.findings, result.subject, result.sent) == ((), "陈一", 1)
    assert "导出证据包" in text(desk.opens(f"/office/households/{home}/viewers"))


def test_nobody_exports_the_evidence_of_another_area(district: District, desk_of: Callable[[str], Desk]) -> None:
    home = district.household("陈一", district.upper)
    stranger = desk_of("S02")
    assert stranger.asks(f"/office/households/{home}/evidence") == 404
    refused = stranger.sends(f"/office/households/{home}/evidence", page="/office/", reason="x")
    assert refused.status_code == 404
    assert stranger.asks("/office/households/unknown/evidence") == 404
