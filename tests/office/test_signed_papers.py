"""A signed paper comes back to a desk: filed in its item, kept as it came, proved by the log, taken out again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from fieldsvc.problems import NotAllowed
from fieldsvc.services import evidence, jobs, published, register
from fieldsvc.services.context import Context
from fieldsvc.services.dossier import archive, scans
from fieldsvc.services.fsck import check
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.tables import AuditRow, DerivativeRow
from tests.office.desk import Desk, hidden, text
from tests.office.district import District
from tests.support.shipped import dataset

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"


def jpeg() -> bytes:
    """A small photo."""
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
def home(district: District, ctx: Context) -> str:
    console = district.actor(district.person("孙管理", "A01", role="administrator", area=district.county))
    for name in (archive.EXEMPTIONS, scans.SCANS):
        published.publish_dataset(ctx, console, dataset(name), digest=dataset(name)["version"])
    return district.household("陈一", district.upper)


@pytest.fixture
def where(home: str) -> str:
    return f"/office/households/{home}/archive"


def files(desk: Desk, where: str, data: bytes, *, slot: str = "training", name: str = "证书.pdf") -> Any:
    fields = {**hidden(desk.opens(where)), "slot": slot, "file": (io.BytesIO(data), name)}
    return desk.client.post(f"{where}/scans", data=fields)


def filed(desk: Desk, where: str) -> str:
    """The address of the only paper in the file."""
    return f"{where}/scans/" + desk.opens(where).split(f'href="{where}/scans/')[1].split('"')[0]


def test_a_signed_paper_fills_its_item_and_is_downloaded_as_it_came(desk: Desk, home: str, where: str) -> None:
    assert files(desk, where, PDF).status_code == 302
    page = text(desk.opens(where))
    assert "培训证书 已归档 PDF 王审核 11月22日" in page
    assert "（1/18）" in page
    answer = desk.client.get(filed(desk, where))
    assert (answer.get_data(), answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment;"), "a PDF may hold a program"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "归档的签字件" in text(desk.opens(f"/office/households/{home}/viewers"))
    assert "归档的签字件" not in text(desk.opens(f"/office/households/{home}")).split("谁看过")[0]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<script>alert(1)</script>", "证书.pdf"),
        (b"MZ\x90", "证书.jpg"),
        (b"", "证书.pdf"),
        (b"GIF89a...", "证书.gif"),
        (PDF + b"\0" * 1000, "大证书.pdf"),
    ],
)
def test_what_is_no_paper_by_its_first_bytes_or_too_large_is_not_filed(
    desk: Desk, where: str, data: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scans, "MOST_BYTES", 1000)
    answer = files(desk, where, data, name=name)
    assert answer.status_code == 422
    assert "不能归档：不是 PDF、JPEG 或 PNG，或大于 20 MB" in answer.get_data(as_text=True)
    assert "（0/18）" in text(desk.opens(where))


def test_the_same_file_is_in_an_item_once_and_no_item_is_made_up(desk: Desk, where: str) -> None:
    files(desk, where, PDF)
    again = files(desk, where, PDF)
    assert again.status_code == 409
    assert "已经归在这个项目里" in again.get_data(as_text=True)
    assert files(desk, where, PDF, slot="loan").status_code == 302, "one paper may prove two items"
    assert files(desk, where, PDF, slot="nothing").status_code == 404
    assert desk.sends(f"{where}/scans", where, slot="loan").status_code == 422


def test_a_photo_is_shown_and_made_smaller_by_the_worker(desk: Desk, where: str, ctx: Context) -> None:
    data = jpeg()
    files(desk, where, data, name="证书.PDF")
    assert "已归档 JPEG" in text(desk.opens(where))
    answer = desk.client.get(filed(desk, where))
    assert (answer.get_data(), answer.headers["Content-Disposition"].split(";")[0]) == (data, "inline")
    jobs.run_due(ctx, HANDLERS)
    with ctx.db.read() as session:
        assert {row.kind for row in session.scalars(select(DerivativeRow))} == {"thumb", "screen"}


def test_a_paper_is_taken_out_with_a_reason_and_nothing_of_it_is_lost(desk: Desk, where: str, ctx: Context) -> None:
    files(desk, where, PDF)
    paper = filed(desk, where)
    assert desk.sends(paper, where, reason=" ").status_code == 422
    assert desk.sends(paper, where, reason="放错了户").status_code == 302
    assert "（0/18）" in text(desk.opens(where))
    assert desk.asks(paper) == 404
    with ctx.db.read() as session:
        log = [(row.action, row.detail) for row in session.scalars(select(AuditRow)) if row.action != "view"]
    [detail] = [detail for action, detail in log if action == "file-paper" and detail]
    assert ctx.blobs.get(detail["sha256"]) == PDF
    assert ("delete", {"reason": "放错了户"}) in log
    assert list(check(ctx)) == []


def test_no_desk_points_a_filed_paper_at_other_bytes(
    desk: Desk, desk_of: Callable[[str], Desk], home: str, where: str, district: District, ctx: Context
) -> None:
    files(desk, where, PDF)
    paper = filed(desk, where)
    record = paper.rsplit("/", 1)[1]
    for name in ("sha256", "slot", "type", "bytes"):
        address = f"/office/households/{home}/correct?entity={record}&property={name}"
        assert desk.asks(address) == 403
        assert desk_of("S02").asks(address) == 404, "another town does not learn that there is such a paper"
        fields = {f"value__{name}": "0" * 64, "reason": "看过照片", "seen": "1"}
        assert desk.sends(address, where, **fields).status_code == 403
    reviewer = district.actor(district.person("周管理", "A02", role="administrator", area=district.county))
    with pytest.raises(NotAllowed):
        register.edit(ctx, reviewer, record, {"sha256": "0" * 64}, seen_version=1, reason="看过照片")
    assert desk.client.get(paper).get_data() == PDF


def test_another_town_neither_files_nor_reads_nor_takes_out(
    desk: Desk, desk_of: Callable[[str], Desk], where: str, district: District
) -> None:
    files(desk, where, PDF)
    paper, other = filed(desk, where), desk_of("S02")
    assert other.asks(paper) == 404
    assert other.sends(paper, "/office/", reason="x").status_code == 404
    token = hidden(other.opens("/office/households"))
    sent = {**token, "slot": "loan", "file": (io.BytesIO(PDF), "x.pdf")}
    assert other.client.post(f"{where}/scans", data=sent).status_code == 404
    elsewhere = district.household("陈二", district.upper)
    assert desk.asks(paper.replace(where, f"/office/households/{elsewhere}/archive")) == 404


def test_the_evidence_package_holds_the_paper_and_the_log_proves_it(
    desk: Desk, home: str, where: str, tmp_path: Path
) -> None:
    files(desk, where, PDF)
    reply = desk.sends(f"/office/households/{home}/evidence", reason="审计抽查")
    package = tmp_path / "evidence.zip"
    package.write_bytes(reply.get_data())
    reply.close()
    assert evidence.verify(package).findings == ()
    with zipfile.ZipFile(package) as opened:
        [name] = [name for name in opened.namelist() if name.startswith("papers/")]
        assert opened.read(name) == PDF
        lines = opened.read("log.jsonl").splitlines(keepends=True)
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(package) as opened, zipfile.ZipFile(forged, "w") as copy:
        for entry in opened.namelist():
            kept = b"".join(line for line in lines if b"file-paper" not in line)
            copy.writestr(entry, kept if entry == "log.jsonl" else opened.read(entry))
    assert "not-in-log" in {one.code for one in evidence.verify(forged).findings}
