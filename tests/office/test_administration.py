"""管理: what records follow, how the server is set, how old the backup is, and texts for the village's chat."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldsvc.config import Settings
from fieldsvc.office.words import catalogue
from fieldsvc.services import backup, published
from fieldsvc.services.context import Context
from fieldsvc.store import jobs
from sync.model import Policy
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.moments import Moments
from tests.support.app import app_on
from tests.support.shipped import dataset


@pytest.fixture
def boss(district: District) -> str:
    """The county's administrator."""
    return district.person("县管理员", "A01", role="administrator", area=district.county)


@pytest.fixture
def office(boss: str, desk_of: Callable[[str], Desk]) -> Desk:
    """Their desk."""
    return desk_of("A01")


def set_otherwise(ctx: Context, **settings: object) -> Desk:
    """The county administrator's desk at a server that is set so."""
    changed = dataclasses.replace(ctx, settings=dataclasses.replace(ctx.settings, **settings))  # type: ignore[arg-type]
    desk = Desk(app_on(changed))
    assert desk.signs_in("A01").status_code == 302
    return desk


def test_the_rules_of_a_kind_of_record_are_said_in_words(desk: Desk, district: District, ctx: Context) -> None:
    console = district.actor(district.person("表管理员", "A03", role="administrator", area=district.county))
    published.publish_dataset(ctx, console, dataset("archive_exemptions"), digest="x")
    published.publish_dataset(ctx, console, dataset("housing_cases"), digest="x")
    assert "档案不适用项 archive_exemptions 2 项 1" in text(desk.opens("/office/datasets"))
    page = text(desk.opens("/office/datasets/archive_exemptions"))
    assert "不能重复：农户、档案项目" in page
    assert "以办公室为准 只由办公室和导入填写；手机上填的记下来，但不采用。" in page
    assert "不适用的原因 reason 文字 以办公室为准" in page
    assert "这类档案有办理流程" in desk.opens("/office/datasets/housing_cases")
    page = text(desk.opens("/office/datasets/households"))
    assert "联系电话 phone 文字 由人审定 个人信息，默认隐藏" in page
    assert desk.asks("/office/datasets/nothing") == 404


def test_every_policy_has_words(ctx: Context) -> None:
    for policy in Policy:
        assert {f"policy.{policy}", f"policy.{policy}.about"} <= set(catalogue("zh"))


def test_what_is_said_of_a_setting_is_what_the_manual_says() -> None:
    manual = {f"setting.{one.name}": one.metadata["help"] for one in dataclasses.fields(Settings)}
    said = {key: text for key, text in catalogue("en").items() if key.startswith("setting.")}
    assert said == manual, "and of every setting something is said in the reader's language"


def test_settings_are_shown_without_a_secret_to_the_county_alone(
    boss: str, district: District, ctx: Context, desk_of: Callable[[str], Desk]
) -> None:
    secret, password = "a secret that signs every session", "hunter2"
    address = f"s3://key:{password}@store/photos?token={password}"
    desk = set_otherwise(ctx, secret_key=secret, map_tianditu_key=password, blobs_url=address, unsent_days=9)
    page = desk.opens("/office/settings")
    assert "<b>9</b>" in page
    assert "s3://•••@store/photos?•••" in page
    assert secret not in page
    assert password not in page
    district.person("镇管理员", "A02", role="administrator", area=district.west)
    assert desk_of("A02").asks("/office/settings") == 404


def test_the_backups_age_is_told_and_an_old_or_missing_one_alarms_those_who_can_help(
    boss: str, district: District, ctx: Context, tmp_path: Path, moments: Moments, desk_of: Callable[[str], Desk]
) -> None:
    folder = tmp_path / "backups"
    assert "还没有备份" in set_otherwise(ctx, backup_folder=str(folder)).opens("/office/")
    copy = backup.back_up(ctx.settings, folder)
    _made_at(copy, moments.now)
    moments.later(hours=5)
    desk = set_otherwise(ctx, backup_folder=str(folder))
    assert "最近的备份" not in desk.opens("/office/")
    assert "最近的备份是 5 小时前。" in desk.opens("/office/admin")
    moments.later(hours=22)
    desk = set_otherwise(ctx, backup_folder=str(folder))
    for page in ("/office/", "/office/admin"):
        assert "最近的备份是 27 小时前，太旧了" in desk.opens(page)
    desk.signs_in("S03")
    assert "备份" not in text(desk.opens("/office/"))


def _made_at(copy: Path, at: int) -> None:
    os.utime(copy, (at / 1000, at / 1000))


def test_a_store_of_photos_that_has_been_away_for_hours_alarms_those_who_can_help(
    boss: str, district: District, ctx: Context, desk_of: Callable[[str], Desk]
) -> None:
    shown = set_otherwise(ctx)
    assert "在等照片存储" not in shown.opens("/office/admin")
    with ctx.db.write() as session:
        noted = ctx.now_ms() - 5 * 3_600_000
        feed_id = district.actor(boss).feed_id
        jobs.add(session, job_id="photo", feed_id=feed_id, kind="derive", payload={}, now_ms=noted)
        jobs.put_off(session, "photo", error="FilesAway: away", run_after=ctx.now_ms(), since=noted)
    assert "1 个后台任务在等照片存储，最久的已等 5 小时" in shown.opens("/office/admin")
    district.person("镇管理员", "A02", role="administrator", area=district.west)
    assert "在等照片存储" not in desk_of("A02").opens("/office/admin")


def test_a_production_server_without_a_backup_folder_is_an_alarm(boss: str, ctx: Context) -> None:
    desk = set_otherwise(ctx, mode="production", secret_key="0123456789abcdef" * 3)
    assert "没有设置备份文件夹" in desk.opens("/office/")


def test_a_reminder_names_villages_hamlets_and_numbers_but_neither_a_family_nor_a_cadre(
    desk: Desk, district: District
) -> None:
    for name, hamlet in (("陈一", "塘上组"), ("欧阳五", "塘上组"), ("吴三", "塘下组"), ("郑四", "")):
        district.household(name, district.upper, helper=district.li, hamlet=hamlet)
    district.visit(district.household("周二", district.upper, helper=district.zhang), district.zhang)
    page = desk.opens("/office/coverage/reminder")
    told = page.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]
    assert told.splitlines() == [
        "【上村】2026年11月走访提醒：共 5 户，截至 11月22日 09:01 还有 4 户没有走访。",
        "塘上组 2 户：欧＊＊、陈＊",
        "塘下组 1 户：吴＊",
        "未写小组 1 户：郑＊",
        "没有信号也可以先填写，有信号时自动上传。",
    ]
    assert "李帮扶" not in page
    assert "张帮扶" not in page
