"""`fieldsvc rescue`: what a phone could not send, taken in from its backup file."""

from pathlib import Path

import click

from fieldsvc.cli.console import console
from fieldsvc.cli.files import READABLE
from fieldsvc.problems import Problem
from fieldsvc.services import rescue as services


@click.command()
@click.argument("file", type=READABLE)
def rescue(file: Path) -> None:
    """导入手机导出的备份（.rescue），走访仍记在填写人名下。Take in a backup that a phone exported.

    同一份文件可以导入多次，不会重复。
    The same file may be taken in again; nothing is doubled.
    """
    with console() as (ctx, by), file.open("rb") as stream:
        try:
            taken = services.take_in(ctx, by, stream)
        except Problem as problem:
            raise click.ClickException(f"{problem.title['zh']} {problem.title['en']}") from None
    click.echo(f"{taken.author}: {'已核对 proven' if taken.proven else '未能核对 unproven'}")
    for one in taken.receipts:
        click.echo(f"{one.id} {one.status}{' (已收到 known)' if one.duplicate else ''}")
    click.echo(f"照片 photos {taken.photos}，缺 missing {taken.photos_missing}，草稿 drafts {taken.drafts}")
