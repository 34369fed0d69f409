"""What every county begins with: the datasets, reference lists and forms that this release ships."""

from __future__ import annotations

from fieldsvc import forms
from fieldsvc.services import published, reference_lists
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.xlsform import compile_form


def publish(ctx: Context, by: Actor) -> None:
    """Publish them, datasets and lists before the forms that name them. What is published already stays as it is."""
    for definition in forms.datasets().values():
        published.publish_dataset(ctx, by, definition, digest=definition["version"])
    for listed in forms.lists().values():
        reference_lists.publish_list(ctx, by, listed)
    for source in forms.form_sources().values():
        compiled = compile_form(source.read_bytes(), source.name)
        published.publish_form(ctx, by, compiled.definition, digest=compiled.digest, source=source.name)
