"""`fieldsvc process` and `fieldsvc calendar`: the rules of stages, and the days that are worked."""

from dataclasses import replace
from pathlib import Path

import click

from fieldsvc.cli.console import console
from fieldsvc.cli.files import READABLE
from fieldsvc.cli.settings import settings
from fieldsvc.processes.calendar import CalendarProblem, doubts, read_calendar
from fieldsvc.processes.keys import ProcessProblem
from fieldsvc.xlsform.datasets import DatasetDefinition


@click.group()
def process() -> None:
    """流程：检查、发布各阶段的规定。Processes: check and publish the rules of their stages.

    县里自己的规定写在 FIELDSVC_PROCESSES_FILE 指定的文件里，见 docs/processes.md。
    A county's own rules are in the file that FIELDSVC_PROCESSES_FILE names, see docs/processes.md.
    """


@process.command()
@click.argument("file", type=READABLE, required=False)
def check(file: Path | None) -> None:
    """检查流程，不发布。Say what is wrong with the processes; publish nothing."""
    found = _definitions(file)
    for definition in found.values():
        if "process" in definition:
            content = definition["process"]["content"]
            click.echo(f"✓ {definition['process']['name']}: {content['zh']} {content['en']}")


@process.command()
def publish() -> None:
    """发布流程和用到的表单：手机下次同步时收到，时限重新计算。

    Publish them, and the forms of those turned on: phones get them, deadlines are counted anew.
    """
    from fieldsvc.services import deadlines, standard

    _definitions(None)
    with console() as (ctx, by):
        offered, number = standard.renew(ctx, by), deadlines.rebuild(ctx)
    click.echo(f"已发布 published，时限 deadlines: {number}")
    for form_id in offered:
        click.echo(f"表单 form: {form_id}")


@click.group()
def calendar() -> None:
    """工作日历：法定节假日和调休上班日。The working days: public holidays and days worked to make up for them."""


@calendar.command("import")
@click.argument("file", type=READABLE)
@click.option("--yes", is_flag=True, help="有疑问也导入。Import in spite of doubts.")
def import_calendar(file: Path, yes: bool) -> None:
    """导入某年的节假日（CSV：day, kind, name），替换这一年已有的。Enter a year, in place of what was known of it.

    kind 写 holiday（放假）或 workday（调休上班）。时限随之重新计算。
    kind is holiday or workday. Deadlines that run are counted anew.
    """
    try:
        entries = read_calendar(file.read_text(encoding="utf-8"))
    except CalendarProblem as problem:
        raise click.ClickException(str(problem)) from None
    odd = doubts(entries)
    for doubt in odd:
        click.echo(f"? {doubt}")
    if odd and not yes:
        raise click.ClickException("请核对；确实无误用 --yes。Look again; if it is right, use --yes.")
    from fieldsvc.services import deadlines, workdays

    with console() as (ctx, by):
        years = workdays.enter(ctx, by, entries)
        number = deadlines.rebuild(ctx)
    click.echo(f"✓ {', '.join(map(str, years))}，时限 deadlines: {number}")


def _definitions(file: Path | None) -> dict[str, DatasetDefinition]:
    from fieldsvc.services import standard

    chosen = settings()
    try:
        return standard.datasets(replace(chosen, processes_file=str(file)) if file else chosen)
    except ProcessProblem as problem:
        raise click.ClickException(str(problem)) from None
    except OSError as trouble:
        raise click.ClickException(f"{trouble.filename}: {trouble.strerror}") from None
