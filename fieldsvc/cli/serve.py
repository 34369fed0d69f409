"""`fieldsvc serve`: the server and its worker, until told to stop."""

import os
import sys

import click

from fieldsvc.cli.settings import settings
from fieldsvc.config import Settings
from fieldsvc.series.read import SlotProblem
from fieldsvc.series.shelf import shelf


def _settings() -> Settings:
    """The settings; a county's file that cannot be used ends the command here, and not a page a week later."""
    chosen = settings()
    try:
        shelf(chosen.slots_file)
    except SlotProblem as problem:
        raise click.ClickException(str(problem)) from None
    return chosen


def _part(name: str, door: int | None, told: int | None) -> None:
    """Run one part in this process; each imports what it needs and no more.

    Every part brings the database up to date before it uses it. They may all begin at once, on several
    machines: a lock lets one do it and the others wait and find it done.
    """
    from fieldsvc.serve.programs import NICENESS
    from fieldsvc.store.migrate import upgrade

    chosen = _settings()
    upgrade(chosen.database_url)
    os.nice(NICENESS[name])
    if name == "jobs":
        from fieldsvc.serve import jobs

        jobs.run(chosen)
    else:
        from fieldsvc.serve import web

        web.run(chosen, uploads=name == "uploads", door=door, told=told)


@click.command()
@click.option(
    "--part",
    type=click.Choice(["web", "uploads", "jobs"]),
    help="只运行其中一部分（多台机器时用）。Run one part only, when several machines share the work.",
)
@click.option("--door", type=int, hidden=True, help="The number of a socket that listens already.")
@click.option("--told", type=int, hidden=True, help="The number of a pipe that hears when the part is ready.")
def serve(part: str | None, door: int | None, told: int | None) -> None:
    """运行服务器，按 Ctrl-C 停止。Run the server; Ctrl-C stops it.

    启动前自动升级数据库；停止时先处理完正在进行的请求；收到 SIGHUP 时换上新装的版本，不中断服务。
    Brings the database up to date first; when stopped, finishes the requests under way; on SIGHUP puts the release
    that is installed by then in its own place, and turns nobody away meanwhile.
    """
    if part is not None:
        _part(part, door, told)
        return
    from fieldsvc.serve import programs

    chosen = _settings()
    sys.exit(programs.serve(chosen, ready=lambda: click.echo(f"fieldsvc: {chosen.bind}", err=True)))
