"""`fieldsvc fsck`: reads everything the server keeps, says what is not whole, and ends with 1 when something is not.

What lies there and is named by nothing is said too, and is no damage: the end stays 0.
"""

import sys
from collections import Counter

import click

from fieldsvc.cli.settings import settings
from fieldsvc.services import fsck as services
from fieldsvc.services import orphans
from fieldsvc.services.context import Context, open_context

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
    for kind, found in number.items():
        click.echo(f"{' '.join(services.KINDS[kind])}: {found}")
    _tell_orphans(ctx)
    ctx.db.dispose()
    if not number:
        click.secho("✓ 照片、档案和日志都完整。Photos, records and the log are whole.", fg="green")
    sys.exit(1 if number else 0)


def _tell_orphans(ctx: Context) -> None:
    """How many files of each kind nothing names, how large they are together, and what is to be done."""
    number: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for one in orphans.find(ctx):
        number[one.kind] += 1
        size[one.kind] += one.bytes
        if number[one.kind] <= MOST_LINES:
            click.secho(f"· {orphans.KINDS[one.kind].zh} {orphans.KINDS[one.kind].en}: {one.key}", fg="yellow")
    for kind, found in number.items():
        words = orphans.KINDS[kind]
        click.echo(f"{words.zh} {words.en}: {found} ({size[kind] / 1_000_000:.1f} MB)")
        click.echo(f"  {words.do_zh}{words.do_en}")
