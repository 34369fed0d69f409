"""A clerk checks a form on the server, sees what would change, publishes it, and takes it out of use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fieldsvc.cli import main
from fieldsvc.config import Settings
from fieldsvc.forms import datasets
from fieldsvc.services import published, setup
from fieldsvc.services.context import open_context
from fieldsvc.services.definitions import datasets as known_datasets
from tests.forms.forms import SETTINGS, Row, markdown
from tests.forms.pictured import PICTURES, source

Run = Callable[..., Result]
PHONE = {"type": "text", "name": "phone", "label": "电话"}
SUBJECT = {"type": "hidden", "name": "household", "bind::fs:prefill": "__id"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "FIELDSVC_MODE": "test",
        "FIELDSVC_DATA_FOLDER": str(tmp_path / "data"),
        "FIELDSVC_SECRET_KEY": "0123456789abcdef" * 4,
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    def run(*words: str, typed: str = "") -> Result:
        return CliRunner(env=environment).invoke(main, list(words), input=typed)

    begun = run("init", typed="清源区\n990101\n王管理\n9001\nvery secret\nvery secret\n")
    assert begun.exit_code == 0, begun.output
    ctx = open_context(Settings.from_environment(environment))
    by = setup.console(ctx)
    for definition in datasets().values():
        published.publish_dataset(ctx, by, definition, digest=definition["version"])
    ctx.db.dispose()
    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    def write(version: str, *rows: Row, **settings: str) -> str:
        path = tmp_path / f"trial-{version}.md"
        settings = {**SETTINGS, "version": version, "subject_dataset": "households", **settings}
        entities = [{"list_name": "households", "entity_id": "${household}"}]
        path.write_text(markdown([SUBJECT, *rows], settings=[settings], entities=entities), encoding="utf-8")
        return str(path)

    return write


def test_a_good_form_is_checked_without_being_published(run: Run, write: Callable[..., str]) -> None:
    said = run("form", "check", write("1", PHONE))
    assert said.exit_code == 0, said.output
    assert "✓ trial 1" in said.output
    assert run("form", "check", write("1", PHONE), "--against", "1").exit_code != 0


def test_a_version_that_is_not_there_is_answered_with_those_that_are(run: Run, write: Callable[..., str]) -> None:
    none = run("form", "check", write("3", PHONE), "--against", "9")
    assert "没有要比较的这个版本（9；trial 还没有版本）" in none.output
    run("form", "publish", write("1", PHONE))
    run("form", "publish", write("2", {**PHONE, "label": "手机"}))
    said = run("form", "check", write("3", PHONE), "--against", "9")
    assert said.exit_code == 1
    assert "没有要比较的这个版本（9；trial 有 1、2）。写一个已有的版本，或者写另一个文件的名字。" in said.output
    assert "(9; of trial there are 1, 2). Name one of those there are, or another file." in said.output


def test_two_files_are_compared_with_and_without_a_database(
    run: Run, environment: dict[str, str], write: Callable[..., str], tmp_path: Path
) -> None:
    old, new = write("1", PHONE), write("2", {**PHONE, "type": "integer"})
    nowhere = {**environment, "FIELDSVC_DATA_FOLDER": str(tmp_path / "elsewhere")}
    alone = CliRunner(env=nowhere).invoke(main, ["form", "check", new, "--against", old])
    for said in (run("form", "check", new, "--against", old), alone):
        assert said.exit_code == 0, said.output
        assert "与 1 版相比" in said.output
        assert "的题型由 文本 改为 整数" in said.output
    broken = run("form", "check", new, "--against", write("0", {**PHONE, "type": "txt"}))
    assert broken.exit_code == 1
    assert "trial-0.md:\n" in broken.output


def test_a_command_about_forms_without_a_file_or_with_two_is_answered_with_how_it_is_written(
    run: Run, write: Callable[..., str]
) -> None:
    old, new = write("1", PHONE), write("2", PHONE)
    two = run("form", "check", old, new)
    assert f"比较两个文件：fieldsvc form check {new} --against {old}" in two.output
    none = run("form", "publish")
    assert "例如：fieldsvc form publish visit.xlsx" in none.output
    for said in (two, none):
        assert said.exit_code == 1
        assert "Usage" not in said.output


def test_a_file_that_is_not_there_is_answered_with_the_one_that_was_meant(
    run: Run, write: Callable[..., str], tmp_path: Path
) -> None:
    write("1", PHONE)
    for words in (["form", "check"], ["list", "publish"], ["form", "check", write("2", PHONE), "--against"]):
        said = run(*words, str(tmp_path / "trail-1.md"))
        assert said.exit_code == 1
        assert f"{tmp_path} 里没有这个文件：trail-1.md。是不是 trial-1.md？" in said.output
        assert "Usage" not in said.output
    assert "这是文件夹" in run("form", "check", str(tmp_path)).output


def test_a_form_is_checked_where_there_is_no_database_and_none_is_left_behind(
    environment: dict[str, str], write: Callable[..., str], tmp_path: Path
) -> None:
    runner = CliRunner(env=environment)
    good = runner.invoke(main, ["form", "check", write("1", PHONE)])
    assert good.exit_code == 0, good.output
    assert "✓ trial 1" in good.output
    bad = runner.invoke(main, ["form", "check", write("2", PHONE, subject_dataset="houshold")])
    assert "houshold → households?" in bad.output
    lost = runner.invoke(main, ["form", "retire", "trial"])
    assert "fieldsvc init" in lost.output
    assert not list(tmp_path.rglob("*.db"))


def test_two_versions_are_laid_side_by_side_before_publishing(run: Run, write: Callable[..., str]) -> None:
    assert "已发布" in run("form", "publish", write("1", PHONE)).output
    said = run("form", "check", write("2", {**PHONE, "type": "integer"}))
    assert "与 1 版相比" in said.output
    assert "! “电话”（phone）的题型由 文本 改为 整数" in said.output
    assert "“电话” (phone) was of type text and is now whole number" in said.output


def test_a_version_that_is_not_newer_or_has_other_content_is_refused_with_its_cell(
    run: Run, write: Callable[..., str]
) -> None:
    run("form", "publish", write("2", PHONE))
    older = run("form", "publish", write("1.9", PHONE))
    assert older.exit_code == 1
    assert "settings 表，第 2 行，version 列：版本号没有增大（1.9 ≤ 2）" in older.output
    other = run("form", "publish", write("2", {**PHONE, "label": "手机"}))
    assert "这个版本已经有了，而且内容不同（2）。改用更大的版本号再上传。" in other.output
    assert run("form", "publish", write("2", PHONE)).exit_code == 0


def test_a_form_about_nothing_and_an_unknown_dataset_are_refused(run: Run, write: Callable[..., str]) -> None:
    said = run("form", "check", write("1", PHONE, subject_dataset="houshold"))
    assert "houshold → households?" in said.output
    assert said.exit_code == 1


def test_publishing_adds_the_new_property_to_the_record_and_a_release_keeps_it(
    run: Run, write: Callable[..., str], environment: dict[str, str]
) -> None:
    clan = {"type": "text", "name": "clan", "label": "宗族", "save_to": "clan_name"}
    said = run("form", "publish", write("1", clan))
    assert "档案里还没有这个项目，发布时会新增（clan_name）" in said.output
    ctx = open_context(Settings.from_environment(environment))
    for _ in range(2):
        with ctx.db.read() as session:
            found = known_datasets(ctx, session).properties("households")["clan_name"]
        assert (found["policy"], found["label"]["zh"], found["form"]) == ("review", "宗族", "trial")
        shipped = datasets()["households"]
        published.publish_dataset(ctx, setup.console(ctx), shipped, digest=shipped["version"])
    ctx.db.dispose()


def test_a_file_without_an_id_is_no_version_of_the_form_its_name_happens_to_be_but_may_come_again(
    run: Run, write: Callable[..., str], tmp_path: Path, environment: dict[str, str]
) -> None:
    unnamed = tmp_path / "trial.md"
    settings = {"version": "2", "subject_dataset": "households", "namespaces": SETTINGS["namespaces"]}
    entities = [{"list_name": "households", "entity_id": "${household}"}]
    unnamed.write_text(markdown([SUBJECT, PHONE], settings=[settings], entities=entities), encoding="utf-8")
    assert "没有表单编号，用文件名代替（trial）" in run("form", "check", str(unnamed)).output
    assert run("form", "publish", write("1", PHONE)).exit_code == 0
    refused = run("form", "publish", str(unnamed))
    assert refused.exit_code == 1
    assert "没有表单编号，而文件名正好是另一张已有表单的编号（trial）" in refused.output
    assert "文件名代替" not in refused.output
    wells = unnamed.rename(tmp_path / "wells.md")
    assert [run("form", "publish", str(wells)).exit_code for _ in range(2)] == [0, 0]
    visit = wells.rename(tmp_path / "visit.md")
    alone = CliRunner(env={**environment, "FIELDSVC_DATA_FOLDER": str(tmp_path / "none")})
    assert "the id of a form that is there already (visit)" in alone.invoke(main, ["form", "check", str(visit)]).output


def test_a_form_is_retired_and_opened_again(run: Run, write: Callable[..., str]) -> None:
    run("form", "publish", write("1", PHONE))
    assert "已停用" in run("form", "retire", "trial").output
    assert "已启用" in run("form", "reopen", "trial").output
    assert run("form", "retire", "nobody").exit_code == 1


def test_a_form_is_published_with_the_pictures_named_after_it(run: Run, tmp_path: Path) -> None:
    files = [("roofs.md", source()), *PICTURES.items()]
    paths = [tmp_path / name for name, _ in files]
    for path, (_, data) in zip(paths, files, strict=True):
        path.write_bytes(data)
    refused = run("form", "publish", str(paths[0]))
    assert refused.exit_code != 0
    assert "图片没有一起上传（瓦.png）" in refused.output
    assert "已发布" in run("form", "publish", *map(str, paths)).output
