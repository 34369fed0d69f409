"""`fieldsvc list`: publishing the reference lists that forms look things up in."""

from pathlib import Path

import click

from fieldsvc import sheets
from fieldsvc.cli.console import console
from fieldsvc.cli.files import READABLE
from fieldsvc.services import reference_lists
from fieldsvc.xlsform import FormProblems
from fieldsvc.xlsform.reference import reference_list


@click.group("list")
def lists() -> None:
    """列表：发布表单查用的编码表、标准表（.csv 或 .xlsx）。Reference lists that forms look things up in."""


@lists.command()
@click.argument("file", type=READABLE)
def publish(file: Path) -> None:
    """发布列表，文件名就是列表名；用到它的表单自动发布新版本。Publish a list; it is called like its file.

    第一列为 name，标签列为 label、label::en 等，其余列随意。已经开始填写的草稿仍用原来的版本。
    The first column is name, labels are label, label::en and so on, the rest is free. Forms that use the list are
    published again under a version of their own; drafts stay on the one they were begun with.
    """
    try:
        listed = reference_list(file.stem, sheets.read(file))
        with console() as (ctx, by):
            revision, renewed = reference_lists.publish_list(ctx, by, listed)
    except sheets.SheetUnreadable as reason:
        raise click.ClickException(str(reason)) from None
    except FormProblems as found:
        raise click.ClickException(found.in_two_languages()) from None
    click.echo(f"✓ {listed.name} {revision}: {len(listed.rows)} 行 rows")
    for each in renewed:
        click.echo(f"  {each}: 已发布 published")
