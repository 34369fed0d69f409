"""`fieldsvc purge`: what is kept no longer than the settings say, shown, and let go only when asked to."""

import click

from fieldsvc.cli.console import console
from fieldsvc.services import purge as services

#: What goes, in words, by the name of its count.
WORDS = {
    "views": ("谁看过哪一户的记录", "lines about who looked"),
    "tombstones": ("已删除档案的内容", "values of deleted records"),
    "photos": ("已删除农户的照片", "photos of deleted households"),
    "exports": ("过期导出的登记", "orders of files that are over"),
    "imports": ("过期导入表格的内容", "what imported sheets held"),
}


@click.command()
@click.option("--yes", is_flag=True, help="真的清除；不写只列出数量。Do it; without this it is only shown.")
def purge(yes: bool) -> None:
    """清除超过保存期限的内容，先列出数量。Let go what is kept no longer; first shown.

    期限由 FIELDSVC_KEEP_… 决定，见 docs/operating.md。手机上传的内容、审核决定和谁写过什么的日志从不清除。
    FIELDSVC_KEEP_… say how long. What phones sent, decisions, and the log of who wrote are never touched.
    """
    with console() as (ctx, by):
        due = services.carry_out(ctx, by) if yes else services.look(ctx, by)
    for name, (zh, en) in WORDS.items():
        click.echo(f"{getattr(due, name):>8}  {zh} {en}")
    if not yes:
        click.echo("没有改动任何内容；加 --yes 才清除。Nothing was changed; say --yes to let it go.")
