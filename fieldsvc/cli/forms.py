"""`fieldsvc form`: checking an XLSForm, publishing it, and taking a form out of use."""

from collections.abc import Sequence
from pathlib import Path

import click

from fieldsvc.cli.console import console
from fieldsvc.cli.files import READABLE
from fieldsvc.cli.settings import settings
from fieldsvc.services import authoring, form_alone, trials
from fieldsvc.services.authoring import Checked
from fieldsvc.store.engine import is_there
from fieldsvc.xlsform import FormProblems, compile_form
from fieldsvc.xlsform.bundle import bundled, is_form
from fieldsvc.xlsform.definition import Definition

FILES = click.argument("files", nargs=-1, type=READABLE)
NO_FILE = (
    "请写上表单文件的名字，例如：fieldsvc form {command} visit.xlsx\n"
    "  Name the form's file, such as: fieldsvc form {command} visit.xlsx"
)
ONE_FORM = (
    "一次只检查或发布一个表单，这里有：{names}。比较两个文件：fieldsvc form check {new} --against {old}\n"
    "  One form at a time, and these are several: {names}. To compare two files: "
    "fieldsvc form check {new} --against {old}"
)


@click.group()
def form() -> None:
    """表单：检查、发布 XLSForm（.xlsx 或 .md）。Forms: check and publish an XLSForm (.xlsx or .md)."""


@form.command()
@FILES
@click.option(
    "--against",
    metavar="VERSION|FILE",
    help="与哪个版本或文件比较；不写则与现用版本比较。Compare with this version, or with another file.",
)
def check(files: tuple[Path, ...], against: str | None) -> None:
    """检查表单：列出所有问题、提示，以及与现用版本的差别；不发布。还没有建库时，按自带的档案类别检查。

    \b
    List everything wrong with a form, doubts, and what differs from the version in force; publish nothing. Where
    there is no database yet, it is checked against the datasets and lists of this release.
    """
    form, other = _read(files, "check"), _other(against)
    if (against is None or other) and not is_there(settings().database_url):
        _say(form_alone.check(*form, against=other))
        return
    with console() as (ctx, by):
        found = authoring.check(ctx, by, *form, against=other or against)
    _say(found)


@form.command()
@FILES
def publish(files: tuple[Path, ...]) -> None:
    """发布表单：手机下次同步时收到。Publish a form; phones receive it with their next sync.

    有图片时，把图片跟在表单后面一起写上，或者用一个 .zip。
    Name the pictures it shows after the form, or give one .zip with all of them.

    已发布的版本不能修改，只能发布新版本。
    A published version never changes; publish a new one instead.
    """
    with console() as (ctx, by):
        found = authoring.publish(ctx, by, *_read(files, "publish"))
    _say(found)
    click.echo("已发布 published")


@form.command()
@click.argument("form_id")
def retire(form_id: str) -> None:
    """停用表单：手机不再列出，已开始的可以填完。Offer a form no longer; what was begun may be finished."""
    with console() as (ctx, by):
        trials.retire(ctx, by, form_id)
    click.echo(f"✓ {form_id}: 已停用 retired")


@form.command()
@click.argument("form_id")
def reopen(form_id: str) -> None:
    """重新启用已停用的表单。Offer a retired form again."""
    with console() as (ctx, by):
        trials.reopen(ctx, by, form_id)
    click.echo(f"✓ {form_id}: 已启用 open")


def _read(files: Sequence[Path], command: str) -> tuple[bytes, str]:
    """A form, or a form and the pictures it shows, as one file with its name."""
    if not files:
        raise click.ClickException(NO_FILE.format(command=command))
    forms = [str(path) for path in files if is_form(path.name)]
    if len(forms) > 1:
        raise click.ClickException(ONE_FORM.format(names=", ".join(forms), new=forms[-1], old=forms[0]))
    return bundled((path.name, path.read_bytes()) for path in files)


def _other(against: str | None) -> Definition | None:
    """The form of another file to compare with, where `against` names one; its mistakes end the command."""
    path = Path(against or "")
    if not is_form(path.name) and not path.is_file():
        return None
    file: Path = READABLE.convert(against, None, None)
    try:
        return compile_form(*_read([file], "check")).definition
    except FormProblems as found:
        raise click.ClickException(f"{file}:\n{found.in_two_languages()}") from None


def _say(found: Checked) -> None:
    """Everything found, in both languages; mistakes end the command."""
    if found.problems or found.compiled is None:
        lines = [f"{problem.sentence('zh')}\n  {problem.sentence('en')}" for problem in found.problems]
        raise click.ClickException("\n".join(lines))
    for warning in found.warnings:
        click.echo(f"? {warning.sentence('zh')}\n  {warning.sentence('en')}")
    if found.differences:
        click.echo(f"与 {found.before} 版相比 Compared with version {found.before}:")
    for difference in found.differences:
        mark = "!" if difference.grave else "·"
        click.echo(f"{mark} {difference.sentence('zh')}\n  {difference.sentence('en')}")
    click.echo(f"✓ {found.compiled.definition['form']} {found.compiled.definition['version']}")
