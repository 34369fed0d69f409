"""`fieldsvc fsck`: reads everything the server keeps, says what is not whole, and ends with 1 when something is not."""

import sys
from collections import Counter

import click

from fieldsvc.cli.settings import settings
from fieldsvc.services import fsck as services
from fieldsvc.services.context import open_context

#: More lines of one kind help nobody; the number is said anyway.
MOST_LINES = 20


@click.command()
@click.option("--quick", is_flag=True, help="只看文件在不在，不逐个核对内容。Look whether files are there only.")
def fsck(quick: bool) -> None:
    """核对照片、档案和日志是否完整，不改动任何内容。Check that photos, records and the log are whole.

    恢复备份之后、换磁盘之后，或怀疑有人改动过数据时运行；服务不用停。
    Run it after a restore, after a new disk, or when somebody may have tampered; the server may run on.
    """
    ctx = open_context(settings())
    number: Counter[str] = Counter()
    for broken in services.check(ctx, quick=quick):
        number[broken.kind] += 1
        if number[broken.kind] <= MOST_LINES:
            zh, en = services.KINDS[broken.kind]
            click.secho(f"✗ {zh} {en}: {broken.what}", fg="red")
    ctx.db.dispose()
    for kind, found in number.items():
        click.echo(f"{' '.join(services.KINDS[kind])}: {found}")
    if not number:
        click.secho("✓ 照片、档案和日志都完整。Photos, records and the log are whole.", fg="green")
    sys.exit(1 if number else 0)
