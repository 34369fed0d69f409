"""`fieldsvc slots`: whether the county's own slots of photo series can be read."""

from dataclasses import replace
from pathlib import Path

import click

from fieldsvc import forms
from fieldsvc.cli.settings import settings
from fieldsvc.series.read import SlotProblem, check_dates
from fieldsvc.services import slots as of_county

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def slots() -> None:
    """照片槽位：检查县里自己的照片槽位。Photo slots: check the county's own.

    写在 FIELDSVC_SLOTS_FILE 指定的文件里，见 docs/forms.md。
    They are in the file that FIELDSVC_SLOTS_FILE names, see docs/forms.md.
    """


@slots.command()
@click.argument("file", type=FILE, required=False)
def check(file: Path | None) -> None:
    """检查槽位，指出哪一个的哪一项有问题。Say which slot is wrong, and which key of it."""
    chosen = settings()
    try:
        found = of_county.shelf(replace(chosen, slots_file=str(file)) if file else chosen)
        check_dates(found, {name: one["properties"] for name, one in forms.datasets().items()})
    except SlotProblem as problem:
        raise click.ClickException(str(problem)) from None
    for name, slot in found.items():
        click.echo(f"✓ {name}: {slot['zh']} {slot['en']}")
