"""The doctor says in words what is wrong with a server, and ends with 1 when something is."""

import dataclasses
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from fieldsvc.config import Settings
from fieldsvc.demo.authority import Authority
from fieldsvc.services import doctor, published, setup, telling
from fieldsvc.services.context import Context, open_context
from fieldsvc.services.doctor import machine
from fieldsvc.store import people
from fieldsvc.store.tables import OperationRow, PersonRow
from tests.cli.conftest import Run
from tests.forms.forms import SETTINGS, compiled
from tests.support.ports import free_port

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture
def ctx(county: Run, environment: dict[str, str]) -> Iterator[Context]:
    opened = open_context(Settings.from_environment(environment))
    yield opened
    opened.db.dispose()


def found(ctx: Context, word: str, now: datetime = NOW) -> list[str]:
    """The levels of what the doctor says with this word in it, in either language."""
    return [each.level for each in doctor.examine(ctx, now) if word in each.zh + each.en]


def test_the_doctor_names_what_is_wrong_and_its_remedy(county: Run) -> None:
    said = county("doctor", secret_key="a" * 40, public_url="http://field.example")
    assert said.exit_code == 1
    assert "FIELDSVC_SECRET_KEY" in said.output
    assert "HTTPS" in said.output
    assert "FIELDSVC_BACKUP_FOLDER" in said.output


def test_the_doctor_finds_a_healthy_server_healthy(county: Run, tmp_path: Path) -> None:
    backups = str(tmp_path / "backups")
    assert county("backup", backups).exit_code == 0
    said = county("doctor", backup_folder=backups, public_url="https://field.example")
    assert "✗" not in said.output
    assert said.exit_code == 0


def test_the_doctor_names_a_database_and_an_object_store_that_do_not_answer(run: Run) -> None:
    gone = f"127.0.0.1:{free_port()}"
    said = run(
        "doctor",
        database_url=f"postgresql://county@{gone}/county",
        blobs_url=f"s3://key:hidden@photos?region=here&endpoint=http://{gone}",
    )
    assert said.exit_code == 1
    assert "FIELDSVC_DATABASE_URL" in said.output
    assert "FIELDSVC_BLOBS_URL" in said.output
    assert "hidden" not in said.output


@pytest.mark.parametrize("wrong", ["/var/photos", "http://photos.example/bucket"])
def test_a_place_for_photos_that_is_none_ends_the_command_with_a_sentence(run: Run, wrong: str) -> None:
    said = run("doctor", blobs_url=wrong)
    assert said.exit_code == 1
    assert "FIELDSVC_BLOBS_URL" in said.output


def test_the_doctor_sees_a_damaged_database(county: Run, environment: dict[str, str]) -> None:
    file = Path(environment["FIELDSVC_DATA_FOLDER"]) / "fieldsvc.db"
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with file.open("r+b") as handle:
        handle.seek(4096 * 10)
        handle.write(b"\xff" * 4096 * 20)
    said = county("doctor")
    assert said.exit_code == 1
    assert "✗" in said.output


def test_a_server_without_a_secret_key_is_told_so_before_anything_else(run: Run) -> None:
    said = run("doctor", mode="production", secret_key="")
    assert said.exit_code == 1
    assert "FIELDSVC_SECRET_KEY 至少要有 32 个随机字符" in said.output
    assert "openssl rand -hex 32" in said.output


def test_a_mode_for_trying_out_is_doubtful_and_no_failure(ctx: Context) -> None:
    assert found(ctx, "FIELDSVC_MODE=production") == ["doubtful"]


@pytest.mark.parametrize(("days", "level"), [(90, "good"), (8, "doubtful"), (-1, "bad")])
def test_a_certificate_is_told_by_the_days_it_has_left(
    run: Run, environment: dict[str, str], tmp_path: Path, days: int, level: str
) -> None:
    file, key = Authority(tmp_path / "authority").certificate_for(["127.0.0.1"], NOW)
    settings = Settings.from_environment(
        {**environment, "FIELDSVC_TLS_CERTIFICATE": str(file), "FIELDSVC_TLS_KEY": str(key)}
    )
    ctx = open_context(settings)
    [left] = [each.en for each in doctor.examine(ctx, NOW) if "days left" in each.en]
    ends = NOW + timedelta(days=int(left.split("has ")[1].split(" ")[0]))
    assert found(ctx, "certificate", ends - timedelta(days=days)) == [level]
    ctx.db.dispose()


def test_a_certificate_that_cannot_be_read_is_named(run: Run, tmp_path: Path) -> None:
    said = run("doctor", tls_certificate=str(tmp_path / "nowhere.pem"))
    assert said.exit_code == 1
    assert f"证书文件 {tmp_path / 'nowhere.pem'} 读不出来" in said.output


@pytest.mark.parametrize(("free_gb", "level"), [(40, "good"), (6, "doubtful"), (1, "bad")])
def test_a_disk_that_fills_up_is_seen_before_it_is_full(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, free_gb: int, level: str
) -> None:
    usage = shutil.disk_usage(ctx.settings.data_folder)._replace(free=free_gb * machine.GIGABYTE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)  # no test may fill the disk of its machine
    assert found(ctx, f"剩余 {free_gb} GB") == [level]


def test_a_database_that_is_not_reachable_is_bad_and_the_rest_is_looked_at_all_the_same(run: Run) -> None:
    nowhere = f"postgresql+psycopg://field:hidden@127.0.0.1:{free_port()}/field?connect_timeout=5"
    said = run("doctor", database_url=nowhere, public_url="http://field.example")
    assert said.exit_code == 1
    assert "数据库打不开" in said.output
    assert "FIELDSVC_DATABASE_URL" in said.output
    assert "HTTPS" in said.output
    assert "pg_dump" in said.output
    assert "hidden" not in said.output, "the database's password"


def test_a_database_that_was_never_begun_is_doubtful_and_told_what_to_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    said = run("doctor")
    assert "? 数据库还没有建立。新建一个县用 fieldsvc init" in said.output
    assert said.exit_code == 0


def test_a_form_that_no_engine_computes_any_more_is_named_with_its_questions_and_a_newer_version_heals_it(
    ctx: Context,
) -> None:
    def publish(version: str, pattern: str) -> None:
        rows = [
            {"type": "text", "name": "phone", "label": "电话", "constraint": f"regex(., '{pattern}')"},
            {"type": "begin group", "name": "more", "label": "其他"},
            {"type": "text", "name": "door", "label": "门牌"},
            {"type": "end group"},
        ]
        definition = compiled(rows, settings=[{**SETTINGS, "version": version, "subject_dataset": "households"}])
        text = json.dumps(definition).replace("[0-9]{11}", "(?<=1)[0-9]")  # as an earlier release let it pass
        published.publish_form(ctx, setup.console(ctx), json.loads(text), digest=version, source="trial.md")

    assert found(ctx, "trial") == []
    publish("1", "[0-9]{11}")
    [said] = [each for each in doctor.examine(ctx, NOW) if "trial" in each.zh]
    assert said.level == "doubtful"
    assert "表单 trial（1 版）有 1 处算式或格式规则已不能计算：phone。" in said.zh
    assert "fieldsvc form check" in said.en
    publish("2", "[0-9]{8}")
    assert found(ctx, "trial") == []


@pytest.mark.parametrize(
    ("now", "level"),
    [
        (NOW, "good"),
        (NOW - timedelta(days=3), "bad"),
        (datetime(1970, 1, 2, tzinfo=UTC), "bad"),
    ],
)
def test_a_clock_that_is_behind_what_has_arrived_is_wrong(ctx: Context, now: datetime, level: str) -> None:
    with ctx.db.write() as session:
        [feed_id] = session.connection().exec_driver_sql("SELECT id FROM feeds").scalars().all()
        arrived = int((NOW - timedelta(hours=1)).timestamp() * 1000)
        session.add(
            OperationRow(
                feed_id=feed_id,
                id="operation-1",
                kind="edit",
                subject_id="home",
                author_id="east",
                device_id=None,
                body=b"{}",
                sha256="0" * 64,
                status="applied",
                received_at=arrived,
                updated_at=arrived,
            )
        )
    assert found(ctx, "clock", now) == [level]


def test_no_backup_and_an_old_one_are_bad_and_last_nights_is_good(county: Run, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    assert "✗ 还没有备份。运行 fieldsvc backup" in county("doctor", backup_folder=str(backups)).output
    assert county("backup", str(backups)).exit_code == 0
    file = backups / "fieldsvc.db"
    for hours, mark, status in ((10, "✓", 0), (30, "✗", 1)):
        then = file.stat().st_ctime - hours * 3600
        os.utime(file, (then, then))
        said = county("doctor", backup_folder=str(backups))
        assert f"{mark} 最近的备份是 {hours} 小时前" in said.output
        assert said.exit_code == status


@pytest.mark.parametrize(
    ("revision", "said"), [("0001", "? 数据库是旧版本的。先 fieldsvc backup"), ("9999", "✗ 数据库已被更新的版本升级过")]
)
def test_tables_of_another_release_are_told_by_what_to_do_about_them(
    county: Run, environment: dict[str, str], revision: str, said: str
) -> None:
    with sqlite3.connect(Path(environment["FIELDSVC_DATA_FOLDER"]) / "fieldsvc.db") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    database.close()
    answer = county("doctor")
    assert said in answer.output
    assert ("pip install --upgrade fieldsvc" in answer.output) == (revision == "9999")


def test_a_file_that_somebody_else_made_in_the_data_folder_is_named_with_whose_it_should_be(
    ctx: Context, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(environment["FIELDSVC_DATA_FOLDER"])
    assert found(ctx, "chown") == []
    whose = Path.stat

    def stat(path: Path, **how: bool) -> os.stat_result:
        said = list(whose(path, **how))
        said[4] += path.name == "fieldsvc.db"  # only root may give a file away
        return os.stat_result(said)

    monkeypatch.setattr(Path, "stat", stat)
    [said] = [each for each in doctor.examine(ctx, NOW) if "chown" in each.en]
    assert said.level == "bad"
    assert str(folder / "fieldsvc.db") in said.en
    assert f"chown -R {machine._name(folder.stat().st_uid)} {folder}" in said.zh


def test_who_looks_as_somebody_else_than_the_datas_owner_is_told_whom_to_be(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert found(ctx, "sudo -E -u") == ["doubtful"]


def test_a_folder_for_backups_that_cannot_be_written_is_bad(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "backups").mkdir()
    settings = dataclasses.replace(ctx.settings, backup_folder=str(tmp_path / "backups"))
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).name != "backups")  # root may write everywhere
    assert found(dataclasses.replace(ctx, settings=settings), "ReadWritePaths") == ["bad"]


@pytest.mark.parametrize(
    ("told", "before", "levels"),
    [
        (None, "", []),
        ("now", "", []),
        ("before", "", ["bad"]),
        ("before", "k" * 40, ["doubtful"]),
        (None, "k" * 40, ["doubtful"]),
        ("now", "k" * 40, ["good"]),
        ("another's", "k" * 40, ["bad", "good"]),
    ],
)
def test_phones_that_seal_to_another_key_are_counted_until_the_key_of_before_can_go(
    ctx: Context, told: str | None, before: str, levels: list[str]
) -> None:
    secret = {"now": ctx.settings.secret_key, "before": "k" * 40, "another's": "z" * 40}.get(told or "")
    with ctx.db.write() as session:
        person = session.scalars(select(PersonRow)).one()
        people.add_device(
            session,
            id="phone",
            feed_id=person.feed_id,
            person_id=person.id,
            install_id="install",
            name="phone",
            token_sha256="0" * 64,
            told=secret and f"{telling.print_of(secret)}0",
            created_at=0,
            last_seen_at=0,
        )
    settings = dataclasses.replace(ctx.settings, old_secret_keys=before)
    findings = doctor.examine(dataclasses.replace(ctx, settings=settings), NOW)
    assert [each.level for each in findings if "seal" in each.en] == levels


def test_nothing_is_found_wrong_without_a_remedy() -> None:
    parts = Path(doctor.__file__).parent.glob("*.py")
    assert [part.name for part in parts if "Finding(" in part.read_text("utf-8").replace("class Finding", "")] == [
        "finding.py"
    ], "what is not well is made by `trouble`, which asks for what to do"
