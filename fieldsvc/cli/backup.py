"""`fieldsvc backup` and `fieldsvc restore`, for a server on one machine."""

from pathlib import Path

import click

from fieldsvc.cli.settings import settings
from fieldsvc.services import backup as services
from fieldsvc.services.context import open_context

FOLDER = click.Path(file_okay=False, path_type=Path)


def _folder(given: Path | None) -> Path:
    chosen = given or Path(settings().backup_folder)
    if not given and not settings().backup_folder:
        raise click.ClickException(
            "写明文件夹，或设 FIELDSVC_BACKUP_FOLDER。Name a folder, or set FIELDSVC_BACKUP_FOLDER."
        )
    return chosen


@click.command()
@click.argument("folder", type=FOLDER, required=False)
def backup(folder: Path | None) -> None:
    """把数据库和照片备份到文件夹，服务不用停。Copy database and photos to a folder while the server runs.

    再次备份到同一文件夹只复制新照片。最好每晚一次，并把文件夹放在另一台机器上。
    A second backup into the same folder copies new photos only. Do it nightly, onto another machine.
    """
    try:
        copy = services.back_up(settings(), _folder(folder))
    except services.NoBackup as reason:
        raise click.ClickException(str(reason)) from None
    click.echo(f"{copy}  {copy.stat().st_size / 1_000_000:.1f} MB")


@click.command()
@click.argument("folder", type=FOLDER, required=False)
@click.option(
    "--database-is-back",
    is_flag=True,
    help="数据库已用它自己的工具恢复（如 pg_restore）。The database was put back by its own tools, such as pg_restore.",
)
def restore(folder: Path | None, database_is_back: bool) -> None:
    """从备份恢复（先停止服务）。Put a backup back; stop the server first.

    备份之后手机上传过的走访，手机会自动再传一遍。
    What phones sent after the backup was made, they send again by themselves.
    """
    chosen = settings()
    if not database_is_back:
        try:
            services.restore(chosen, _folder(folder))
        except services.NoBackup as reason:
            raise click.ClickException(str(reason)) from None
    ctx = open_context(chosen)
    services.new_epochs(ctx)
    ctx.db.dispose()
    click.echo("已恢复，可以启动服务。Restored; the server may be started.")
