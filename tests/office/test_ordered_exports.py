"""A file that takes long is ordered, made by the worker, fetched by whoever ordered it, and gone in two days."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from openpyxl import load_workbook

from fieldsvc import sheets
from fieldsvc.office import export_pages
from fieldsvc.office.exporting import job
from fieldsvc.office.papers.bundle import SmallPictures
from fieldsvc.services import households, jobs
from fieldsvc.services.context import Context
from fieldsvc.services.exporting import orders, package
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.tables import AuditRow, ExportRow, JobRow, RoleRow
from tests.api.photo_world import sha256
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.evidence import Evidence, drawing
from tests.office.moments import Moments
from tests.office.test_a_visit import ANSWERS
from tests.office.test_household_page import in_slots
from tests.office.test_papers import pages_of
from tests.support.statements import statements

HOME = {"home_gps": "29.870000 118.330000 0 8", "phone": "13900000000", "hh_no": "0001"}


def worked(ctx: Context) -> None:
    """The worker does what is due."""
    jobs.run_due(ctx, job.handlers(lambda one: jobs.run_due(one, HANDLERS)))


def ordered(desk: Desk, ctx: Context, page: str = "/office/exports", **fields: str) -> bytes:
    """The bytes of a file, from the order to the download."""
    answer = desk.sends("/office/exports", page=page, **fields)
    assert answer.status_code == 302, text(answer.get_data(as_text=True))
    address = str(answer.location)
    assert "排队中" in desk.opens(address)
    worked(ctx)
    assert "已做好" in desk.opens(address)
    assert desk.asks(f"{address}/file") == 200
    assert desk.last is not None
    return desk.last.get_data()


def test_a_table_of_a_county_goes_to_the_store_piece_by_piece(
    desk: Desk, ctx: Context, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workbook of a province's households is hundreds of megabytes, and the worker has a hundred."""
    written: list[int] = []

    class Recorder(io.BytesIO):
        def write(self, data: Any) -> int:
            written.append(len(data))
            return super().write(data)

    monkeypatch.setattr(sheets, "write", lambda path, *_: path.write_bytes(bytes(3_000_000)))
    monkeypatch.setattr(tempfile, "TemporaryFile", Recorder)
    assert len(ordered(desk, ctx, kind="households")) == 3_000_000
    assert sum(written) == 3_000_000
    assert max(written) <= 300_000


def test_what_looks_like_a_formula_is_text_in_a_workbook_and_itself_in_geojson(
    desk: Desk, ctx: Context, district: District
) -> None:
    for said in (formulas := ["=1+1", "-3", "@SUM(A1)"]):
        district.household(said, district.upper, home_gps="29.870000 118.330000 0 8", hamlet=said)
    found = features(ordered(desk, ctx, kind="points"))
    found.pop("without")
    assert sorted(one["properties"]["村民小组"] for one in found.values()) == sorted(formulas)
    table = load_workbook(io.BytesIO(ordered(desk, ctx, kind="households"))).worksheets[0]
    cells = [cell for row in table.iter_rows() for cell in row if cell.value in formulas]
    assert sorted(str(cell.value) for cell in cells) == sorted(formulas)
    assert {cell.data_type for cell in cells} == {"s"}, "none is a formula"


def features(data: bytes) -> dict[str, Any]:
    found = orjson.loads(data)
    assert found["type"] == "FeatureCollection"
    return {one["id"]: one for one in found["features"]} | {"without": found["without_place"]}


@pytest.fixture
def home(district: District, evidence: Evidence) -> str:
    """A household of 上村 with a place, a member, two photos, and one that is still on a phone."""
    home = district.household("陈一", district.upper, helper=district.li, **HOME)
    district.member(home, "陈小一", id_no="990000201001011234")
    visit = evidence.visit(home, drawing(1), drawing(2), answers=ANSWERS)
    district.photo(visit, home, "/data/evidence/later", "cd" * 32)
    return home


def test_places_leave_as_geojson_with_longitude_first_masked_and_of_the_own_area_alone(
    desk: Desk, district: District, ctx: Context, home: str
) -> None:
    district.household("陈二", district.lower)
    district.household("远方", district.far, **HOME)
    found = features(ordered(desk, ctx, kind="points"))
    assert found.keys() == {home, "without"}
    assert found["without"] == 1
    assert found[home]["geometry"] == {"type": "Point", "coordinates": [118.33, 29.87]}
    assert found[home]["properties"]["行政区划"] == "上村"
    assert "13900000000" not in str(found)
    assert "139******00" in str(found)


def test_a_rectangle_and_an_area_narrow_what_leaves(desk: Desk, district: District, ctx: Context, home: str) -> None:
    near = district.household("陈二", district.lower, home_gps="29.900000 118.400000 0 8")
    assert features(ordered(desk, ctx, kind="points", area=district.lower)).keys() == {near, "without"}
    assert features(ordered(desk, ctx, kind="points", box="118.3,29.8,118.35,29.89")).keys() == {home, "without"}
    assert desk.sends("/office/exports", area=district.far).status_code == 404


def test_a_households_package_holds_records_answers_photos_papers_and_hashes_that_agree(
    desk: Desk, ctx: Context, home: str
) -> None:
    data = ordered(desk, ctx, f"/office/exports?household={home}", kind="household", household=home)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    photos = [name for name in files if name.startswith("photos/")]
    assert len(photos) == 2
    assert all(hashlib.sha256(files[name]).hexdigest() in name for name in photos)
    assert {"records/records.xlsx", "records/households.csv", "records/members.csv", "forms/visit.xlsx"} <= set(files)
    assert "陈一" in "".join(pages_of(files["papers/0001.pdf"]))
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums.keys() == files.keys() - {"SHA256SUMS"}
    assert all(hashlib.sha256(files[name]).hexdigest() == digest for name, digest in sums.items())
    listed = list(csv.DictReader(io.StringIO(files["photos.csv"].decode("utf-8-sig"))))
    assert sorted(one["文件"] for one in listed) == ["", *sorted(photos)]
    [_, answers] = load_workbook(io.BytesIO(files["forms/visit.xlsx"])).worksheets[0].values
    assert "陈一" in answers
    everything = b"".join(files.values())
    assert b"990000201001011234" not in everything


def test_a_package_says_what_was_disputed_put_aside_and_handed_to_whom(
    desk: Desk, district: District, ctx: Context, home: str
) -> None:
    conflict = district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})
    desk.sends(
        f"/office/conflicts/{conflict}/move", page=f"/office/conflicts/{conflict}", move="hold", note="等村里量水。"
    )
    secret = district.conflict(home, district.li, district.zhang, {"phone": "09990000001"}, {"phone": "09990000002"})
    desk.sends(f"/office/conflicts/{secret}", choice="candidate", reason="打通了。")
    data = ordered(desk, ctx, f"/office/exports?household={home}", kind="household", household=home)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = list(csv.DictReader(io.StringIO(archive.read("records/conflicts.csv").decode("utf-8-sig"))))
    water, phone = listed
    assert (water["项目"], water["现值"], water["另一个值"]) == ("饮水", "自来水", "山泉水")
    assert (water["状态"], water["搁置或交办说明"]) == ("待定", "等村里量水。")
    assert water["搁置时间"]
    assert (phone["状态"], phone["审定人"], phone["审定理由"]) == ("已审定", "王审核", "打通了。")
    assert "09990000002" not in phone.values(), "masked like everything else in a package"


def test_the_package_of_a_village_holds_each_of_its_households_and_nobody_elses(
    desk: Desk, district: District, ctx: Context, home: str
) -> None:
    district.household("陈二", district.upper, hh_no="0002")
    district.household("陈三", district.lower, hh_no="0003")
    with zipfile.ZipFile(io.BytesIO(ordered(desk, ctx, kind="village", area=district.upper))) as archive:
        names = archive.namelist()
        lines = archive.read("records/households.csv").decode("utf-8-sig").splitlines()
    assert sorted(name for name in names if name.startswith("papers/")) == ["papers/0001.pdf", "papers/0002.pdf"]
    assert len(lines) == 3
    refused = desk.sends("/office/exports", kind="village", area=district.east)
    assert (refused.status_code, "请选到村" in refused.get_data(as_text=True)) == (422, True)


def test_households_with_one_number_or_numbers_alike_but_for_capitals_each_have_a_folder_of_their_own(
    desk: Desk, district: District, evidence: Evidence, ctx: Context
) -> None:
    numbers = ("0007", "0007", "A1", "a1", "A2")
    homes = [district.household("陈七", district.upper, hh_no=number) for number in numbers]
    for seed, home in enumerate(homes):
        evidence.visit(home, drawing(seed), answers=ANSWERS)
    with zipfile.ZipFile(io.BytesIO(ordered(desk, ctx, kind="village", area=district.upper))) as archive:
        names = [name.lower() for name in archive.namelist()]
        lines = archive.read("photos.csv").decode("utf-8-sig").splitlines()
    assert len(set(names)) == len(names), "unpacked, nothing lies over anything else"
    folders = sorted({name.split("/")[1] for name in names if name.startswith("photos/")})
    of_each = [f"{number}-{home}".lower() for number, home in zip(numbers[:4], homes[:4], strict=True)]
    assert folders == sorted([*of_each, "a2"])
    assert {f"papers/{folder}.pdf" for folder in folders} <= set(names)
    assert len(lines) == 1 + len(homes)


def test_a_package_holds_every_photo_and_asks_for_a_page_of_them_in_one_statement(
    desk: Desk, evidence: Evidence, ctx: Context, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "_PHOTOS_AT_ONCE", 2)
    for seed in range(3, 6):
        evidence.visit(home, drawing(seed), answers=ANSWERS)
    desk.sends("/office/exports", kind="household", household=home)
    with statements(ctx) as asked:
        worked(ctx)
    address = desk.last.location if desk.last is not None else ""
    assert desk.asks(f"{address}/file") == 200
    assert desk.last is not None
    with zipfile.ZipFile(io.BytesIO(desk.last.data)) as archive:
        photos = [name for name in archive.namelist() if name.startswith("photos/")]
        listed = list(csv.DictReader(io.StringIO(archive.read("photos.csv").decode("utf-8-sig"))))
    assert (len(photos), len({one["校验值"] for one in listed})) == (5, 6)
    named = [one for one in asked if "attachments" in one and one.startswith("SELECT")]
    pages = [one for one in named if "submissions.received_at, submissions.id, attachments.ref" in one]
    assert len(pages) == 4, "three pages of two, and the end"
    assert not [one for one in named if "attachments.sha256 = " in one], "no photo is asked for alone"


def test_the_pictures_of_a_households_papers_are_looked_up_at_once(
    district: District, evidence: Evidence, ctx: Context
) -> None:
    in_slots(ctx, house="before")
    home = district.household("陈一", district.upper)
    pictures = [drawing(seed) for seed in (7, 8, 9)]
    for picture in pictures:
        evidence.visit(home, picture, answers=ANSWERS, ref="/data/house")
    by = district.actor(district.supervisor)
    found = households.household(ctx, home, by=by, viewed=False)
    look = SmallPictures(ctx, by, found)
    with statements(ctx) as asked:
        small = [look(sha256(picture)) for picture in pictures]
    assert all(one is not None and len(one) < len(whole) for one, whole in zip(small, pictures, strict=True))
    assert len([one for one in asked if "derivatives" in one]) == 1


def test_what_is_masked_leaves_only_with_a_reason_that_is_on_record(desk: Desk, ctx: Context, home: str) -> None:
    page = f"/office/exports?household={home}"
    assert desk.sends("/office/exports", page=page, kind="household", household=home, full="1").status_code == 422
    said = {"kind": "household", "household": home, "full": "1", "reason": "移交县档案馆"}
    with zipfile.ZipFile(io.BytesIO(ordered(desk, ctx, page, **said))) as archive:
        assert "990000201001011234" in archive.read("records/members.csv").decode("utf-8-sig")
    with ctx.db.read() as session:
        [entry] = session.query(AuditRow).filter_by(action="export").all()
        assert session.query(AuditRow).filter_by(action="download").count() == 1
    assert entry.detail["reason"] == "移交县档案馆"
    assert "导出资料包" in text(desk.opens(f"/office/households/{home}/viewers"))


def test_an_order_of_something_else_writes_nothing_into_the_log_of_a_household(
    desk: Desk, district: District, ctx: Context, home: str
) -> None:
    far = district.household("远方", district.far)
    for household in (home, far, "no such household"):
        refused = desk.sends("/office/exports", page="/office/exports", kind="points", household=household)
        assert refused.status_code == 404
    with ctx.db.read() as session:
        assert session.query(AuditRow).filter(AuditRow.action.in_(["view", "export"])).count() == 0


def test_a_cell_that_a_spreadsheet_would_run_is_only_text(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("=cmd|' /C calc'!A0", district.upper, hh_no="0001", hamlet="+86")
    page = f"/office/exports?household={home}"
    with zipfile.ZipFile(io.BytesIO(ordered(desk, ctx, page, kind="household", household=home))) as archive:
        assert "'+86" in archive.read("records/households.csv").decode("utf-8-sig")


def test_the_link_is_its_makers_alone_and_ends(
    desk: Desk, ctx: Context, home: str, moments: Moments, desk_of: Callable[[str], Desk]
) -> None:
    ordered(desk, ctx, kind="points")
    assert desk.last is not None
    address = desk.last.request.path
    assert desk_of("S03").asks(address) == 404
    moments.later(hours=49)
    again = desk_of("S01")
    assert again.asks(address) == 404
    assert orders.sweep(ctx) == 1
    assert not ctx.blobs.has(orders.key_of(address.split("/")[3]))
    assert "已到期删除" in again.opens(address.removesuffix("/file"))


def test_who_lost_the_area_meanwhile_gets_neither_the_file_nor_has_one_made(
    desk: Desk, district: District, ctx: Context, home: str
) -> None:
    address = desk.sends("/office/exports", kind="village", area=district.upper).location
    other = desk.sends("/office/exports", kind="village", area=district.upper).location
    [first] = [one for one in orders.shelf(ctx, district.actor(district.supervisor)).rows if one.id in address]
    work = job.handlers(lambda _: None)[orders.JOB]
    work(ctx, first.feed_id, {"export": first.id})
    with ctx.db.write() as session:
        session.query(RoleRow).filter_by(person_id=district.supervisor).update({"area_id": district.west})
    assert desk.asks(f"{address}/file") == 404
    worked(ctx)
    assert "没有做成" in desk.opens(other)


@pytest.mark.parametrize("wanted", [orders.Order("points"), orders.Order("form", form="visit")])
def test_who_answers_for_less_by_now_does_not_fetch_what_they_could_read_before(
    desk: Desk, district: District, ctx: Context, home: str, wanted: orders.Order
) -> None:
    address = f"/office/exports/{orders.order(ctx, district.actor(district.supervisor), wanted, reason='')}"
    worked(ctx)
    assert desk.asks(f"{address}/file") == 200
    with ctx.db.write() as session:
        session.query(RoleRow).filter_by(person_id=district.supervisor).update({"area_id": district.lower})
    assert desk.asks(f"{address}/file") == 404


def test_what_is_quick_has_its_turn_while_a_long_file_is_made(
    desk: Desk, district: District, ctx: Context, home: str
) -> None:
    desk.sends("/office/exports", kind="village", area=district.upper)
    with ctx.db.write() as session:
        jobs.add(session, ctx, "feed-1", "quick", {})
    states: list[str] = []

    def quick(_: Context) -> None:
        with ctx.db.read() as session:
            states.extend(row.state for row in session.query(JobRow).filter_by(kind="export"))

    jobs.run_due(ctx, job.handlers(lambda one: jobs.run_due(one, {"quick": lambda _, __, ___: quick(ctx)})))
    assert states == ["running"]


def test_a_worker_that_died_over_a_file_leaves_it_to_the_next(desk: Desk, ctx: Context, home: str) -> None:
    address = desk.sends("/office/exports", kind="points").location

    def dies(_: Context) -> None:
        raise RuntimeError

    jobs.run_due(ctx, job.handlers(dies))
    assert "制作中" in desk.opens(address)
    with ctx.db.write() as session:
        session.query(JobRow).filter_by(kind="export").update({"run_after": 0})
    worked(ctx)
    assert "已做好" in desk.opens(address)


def test_a_file_that_could_not_be_made_says_so_after_the_last_attempt(desk: Desk, ctx: Context, home: str) -> None:
    address = desk.sends("/office/exports", kind="points").location

    def dies(_: Context) -> None:
        raise RuntimeError

    for _ in range(jobs.ATTEMPTS):
        assert "没有做成" not in desk.opens(address)
        with ctx.db.write() as session:
            session.query(JobRow).filter_by(kind="export").update({"run_after": 0})
        jobs.run_due(ctx, job.handlers(dies), most=1)
    assert "没有做成" in desk.opens(address)


def test_a_file_that_is_there_no_more_is_not_found(desk: Desk, ctx: Context, home: str) -> None:
    address = desk.sends("/office/exports", kind="points").location
    worked(ctx)
    ctx.blobs.delete(orders.key_of(address.split("/")[3]))
    assert desk.asks(f"{address}/file") == 404
    with ctx.db.read() as session:
        assert session.query(AuditRow).filter_by(action="download").count() == 0


def test_a_forms_data_that_is_too_much_for_a_request_is_ordered(
    desk: Desk, district: District, ctx: Context, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_pages, "MOST", 0)
    answer = desk.sends("/office/export", form="visit", format="csv", contents="codes")
    assert answer.status_code == 302
    worked(ctx)
    assert desk.asks(f"{answer.location}/file") == 200
    assert desk.last is not None
    with zipfile.ZipFile(io.BytesIO(desk.last.data)) as archive:
        [row] = csv.DictReader(io.StringIO(archive.read("visit.csv").decode("utf-8-sig")))
    assert row["number"] == "0001"


def test_the_bar_of_a_forms_data_moves_and_what_is_quick_has_its_turn(
    desk: Desk, district: District, ctx: Context, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_pages, "MOST", 0)
    monkeypatch.setattr(job, "EVERY", 1)
    for _ in range(2):
        district.visit(home, district.li)
    desk.sends("/office/export", form="visit", format="csv", contents="codes")
    seen: list[tuple[int, int]] = []

    def quick(_: Context) -> None:
        with ctx.db.read() as session:
            seen.extend((row.done, row.total) for row in session.query(ExportRow))

    jobs.run_due(ctx, job.handlers(quick))
    assert seen == [(1, 3), (2, 3), (3, 3), (3, 3)]
