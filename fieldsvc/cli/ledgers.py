"""`fieldsvc ledger`: whether the county's own ledgers can be read."""

from pathlib import Path

import click

from fieldsvc import forms
from fieldsvc.cli.files import READABLE
from fieldsvc.cli.settings import settings
from fieldsvc.ledgers.read import LedgerProblem, parse
from fieldsvc.processes.keys import ProcessProblem


@click.group()
def ledger() -> None:
    """台账：检查县里自己的台账。Ledgers: check the county's own.

    写在 FIELDSVC_LEDGERS_FILE 指定的文件里，见 docs/ledgers.md。
    They are in the file that FIELDSVC_LEDGERS_FILE names, see docs/ledgers.md.
    """


@ledger.command()
@click.argument("file", type=READABLE, required=False)
def check(file: Path | None) -> None:
    """检查台账，指出哪一本哪一列有问题。Say which ledger and which column is wrong."""
    own = str(file) if file else settings().ledgers_file
    try:
        text = Path(own).read_text(encoding="utf-8") if own else ""
        datasets = {name: one["properties"] for name, one in forms.datasets().items()}
        found = [parse(name, content, datasets) for name, content in forms.ledgers(text).items()]
    except (LedgerProblem, ProcessProblem) as problem:
        raise click.ClickException(str(problem)) from None
    except OSError as trouble:
        raise click.ClickException(f"{trouble.filename}: {trouble.strerror}") from None
    for one in found:
        click.echo(f"✓ {one.name}: {one.label['zh']} {one.label['en']}")
