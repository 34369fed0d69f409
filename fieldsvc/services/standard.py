"""What every county begins with: the datasets, reference lists and forms that this release ships."""

from __future__ import annotations

from pathlib import Path

from fieldsvc import forms
from fieldsvc.config import Settings
from fieldsvc.services import published, reference_lists
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.datasets import DatasetDefinition


def datasets(settings: Settings) -> dict[str, DatasetDefinition]:
    """The datasets with their processes, the county's own laid over the shipped ones. Raises `ProcessProblem`."""
    own = settings.processes_file
    return forms.datasets(Path(own).read_text(encoding="utf-8") if own else "")


def publish(ctx: Context, by: Actor) -> None:
    """Publish them, datasets and lists before the forms that name them. What is published already stays as it is."""
    for definition in datasets(ctx.settings).values():
        published.publish_dataset(ctx, by, definition, digest=definition["version"])
    for listed in forms.lists().values():
        reference_lists.publish_list(ctx, by, listed)
    for source in forms.form_sources().values():
        compiled = compile_form(source.read_bytes(), source.name)
        published.publish_form(ctx, by, compiled.definition, digest=compiled.digest, source=source.name)
