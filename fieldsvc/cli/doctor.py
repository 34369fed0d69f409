"""`fieldsvc doctor`: says in words what is wrong, and ends with 1 when something is."""

import sys
from datetime import UTC, datetime

import click

from fieldsvc.cli.settings import settings
from fieldsvc.services import doctor as services
from fieldsvc.services.context import open_context

MARKS = {"good": ("✓", "green"), "doubtful": ("?", "yellow"), "bad": ("✗", "red")}


@click.command()
def doctor() -> None:
    """检查密钥、证书、磁盘、数据库、时钟和备份。Check secrets, certificate, disk, database, clock, backup."""
    ctx = open_context(settings())
    findings = list(services.examine(ctx, datetime.now(UTC)))
    ctx.db.dispose()
    for finding in findings:
        mark, colour = MARKS[finding.level]
        click.secho(f"{mark} {finding.zh}", fg=colour)
        click.echo(f"  {finding.en}")
    sys.exit(1 if any(finding.level == "bad" for finding in findings) else 0)
