"""`fieldsvc form`: checking an XLSForm, and publishing it."""

from pathlib import Path

import click

from fieldsvc.cli.settings import console
from fieldsvc.xlsform import Compiled, FormProblems, compile_form

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def form() -> None:
    """表单：检查、发布 XLSForm（.xlsx 或 .md）。Forms: check and publish an XLSForm (.xlsx or .md)."""


@form.command()
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """检查表单，列出所有问题，不发布。List everything wrong with a form; publish nothing."""
    compiled = _compile(file)
    click.echo(f"✓ {compiled.definition['form']} {compiled.definition['version']}")


@form.command()
@click.argument("file", type=FILE)
def publish(file: Path) -> None:
    """发布表单：手机下次同步时收到。Publish a form; phones receive it with their next sync.

    已发布的版本不能修改，只能发布新版本。
    A published version never changes; publish a new one instead.
    """
    compiled = _compile(file)
    from fieldsvc.services import published

    with console() as (ctx, by):
        published.publish_form(ctx, by, compiled.definition, digest=compiled.digest, source=file.name)
    click.echo(f"✓ {compiled.definition['form']} {compiled.definition['version']}: 已发布 published")


def _compile(file: Path) -> Compiled:
    try:
        compiled = compile_form(file.read_bytes(), file.name)
    except FormProblems as found:
        lines = [f"{problem.sentence('zh')}\n  {problem.sentence('en')}" for problem in found.problems]
        raise click.ClickException("\n".join(lines)) from None
    for warning in compiled.warnings:
        click.echo(f"? {warning.sentence('zh')}\n  {warning.sentence('en')}")
    return compiled
