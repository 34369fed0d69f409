"""Context and actor for the commands, with what is wrong said in words."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from fieldsvc.cli.settings import settings
from fieldsvc.problems import Problem
from fieldsvc.services import setup
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context, open_context
from fieldsvc.store import condition
from fieldsvc.store.engine import is_there

NOT_BEGUN = "数据库还没有建立，请先运行 fieldsvc init。There is no database yet: run fieldsvc init first."


@contextmanager
def console() -> Iterator[tuple[Context, Actor]]:
    """The context and the person at the console; problems end the command with their sentence.

    Where nothing was begun yet nothing is made: a command that is lost in a folder leaves no database behind.
    """
    chosen = settings()
    if not is_there(chosen.database_url):
        raise click.ClickException(NOT_BEGUN)
    ctx = open_context(chosen)
    try:
        with ctx.db.read() as session:
            current = condition.is_current(session)
        if not current:
            raise setup.NotBegun
        yield ctx, setup.console(ctx)
    except setup.NotBegun:
        raise click.ClickException(NOT_BEGUN) from None
    except Problem as problem:
        raise click.ClickException(f"{problem.title['zh']} {problem.title['en']}") from None
    finally:
        ctx.db.dispose()
