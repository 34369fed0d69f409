"""What every county begins with: the datasets, reference lists and forms that this release ships."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fieldsvc import forms
from fieldsvc.config import Settings
from fieldsvc.services import published, reference_lists
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import definitions
from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.datasets import DatasetDefinition


def datasets(settings: Settings) -> dict[str, DatasetDefinition]:
    """The datasets with their processes, the county's own laid over the shipped ones. Raises `ProcessProblem`."""
    return forms.datasets(_countys_own(settings))


def publish(ctx: Context, by: Actor) -> None:
    """Publish them, datasets and lists before the forms that name them. What is published already stays as it is.

    A form about a kind of record this county does not keep, such as leave where it is off, is left out.
    """
    known = datasets(ctx.settings)
    for definition in known.values():
        published.publish_dataset(ctx, by, definition, digest=definition["version"])
    for listed in forms.lists().values():
        reference_lists.publish_list(ctx, by, listed)
    for source in forms.form_sources().values():
        _publish_form(ctx, by, source, known)


def renew(ctx: Context, by: Actor) -> list[str]:
    """Publish the datasets with their processes as they are today; the ids of the forms that came with new ones.

    A dataset is new here when its process was turned on, and brings its forms unless this county has had them: what it
    has changed, or offers no longer, stays as it is.
    """
    known = datasets(ctx.settings)
    with ctx.db.read() as session:
        there, had = dict(definitions.newest_datasets(session)), definitions.form_ids(session)
    for definition in known.values():
        published.publish_dataset(ctx, by, definition, digest=definition["version"])
    withdraw(ctx, by)
    new = {name: definition for name, definition in known.items() if name not in there}
    sources = [source for form_id, source in forms.form_sources().items() if form_id not in had] if new else []
    return [source.stem for source in sources if _publish_form(ctx, by, source, new)]


def withdraw(ctx: Context, by: Actor) -> None:
    """Let nothing fall due any more of the processes that are off and were in force; their stages guard as before."""
    with ctx.db.read() as session:
        there = dict(definitions.newest_datasets(session))
    for name, definition in forms.turned_off(_countys_own(ctx.settings)).items():
        if name in there:
            published.publish_dataset(ctx, by, definition, digest=definition["version"])


def _publish_form(ctx: Context, by: Actor, source: Path, known: Mapping[str, object]) -> bool:
    compiled = compile_form(source.read_bytes(), source.name)
    if compiled.definition["subject_dataset"] not in known:
        return False
    return published.publish_form(ctx, by, compiled.definition, digest=compiled.digest, source=source.name)


def _countys_own(settings: Settings) -> str:
    own = settings.processes_file
    return Path(own).read_text(encoding="utf-8") if own else ""
