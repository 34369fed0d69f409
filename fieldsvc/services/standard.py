"""What every county begins with: the datasets, reference lists and forms that this release ships."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import forms
from fieldsvc.config import Settings
from fieldsvc.services import published, reference_lists, trials
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import definitions, form_shelf
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
    """Publish the datasets with their processes as they are today; the ids of the forms that came with those turned on.

    A dataset is new here when its process was turned on, and brings its forms unless this county has had them: what it
    has changed, or offers no longer, stays as it is. One that was off and is on again offers the forms it took along.
    """
    known = datasets(ctx.settings)
    with ctx.db.read() as session:
        there, had = dict(definitions.newest_datasets(session)), definitions.form_ids(session)
        was_off = _off(session, there)
    for definition in known.values():
        published.publish_dataset(ctx, by, definition, digest=definition["version"])
    withdraw(ctx, by)
    back = _forms_about(ctx, {content["subject"] for name, content in was_off.items() if name in known}, "retired")
    with ctx.db.read() as session:
        again = [form_id for form_id in back if trials.went_along(session, by, form_id)]
    for form_id in again:
        trials.reopen(ctx, by, form_id)
    new = {name: definition for name, definition in known.items() if name not in there}
    sources = [source for form_id, source in forms.form_sources().items() if form_id not in had] if new else []
    return [*again, *(source.stem for source in sources if _publish_form(ctx, by, source, new))]


def withdraw(ctx: Context, by: Actor) -> None:
    """Let nothing fall due any more of the processes that are off and were in force; their stages guard as before.

    The forms about what only such a process is about are offered no longer: whoever filled one in would wait in vain.
    """
    with ctx.db.read() as session:
        there = dict(definitions.newest_datasets(session))
        was_off = _off(session, there)
    ended = set()
    for name, definition in forms.turned_off(_countys_own(ctx.settings)).items():
        if name in there:
            published.publish_dataset(ctx, by, definition, digest=definition["version"])
            if name not in was_off:
                ended.add(_content(definition).get("subject"))
    on = {_content(definition).get("subject") for definition in datasets(ctx.settings).values()}
    for subject in sorted(filter(None, ended - on)):
        for form_id in _forms_about(ctx, {subject}, "open"):
            trials.retire(ctx, by, form_id, along_with=subject)


def _off(session: Session, there: Mapping[str, int]) -> dict[str, Mapping[str, Any]]:
    """The processes that are off, by dataset, of those that are about subjects of their own."""
    rows = [definitions.dataset(session, name, version) for name, version in there.items()]
    said = {row.name: (row.definition.get("process") or {}).get("content", {}) for row in rows if row is not None}
    return {name: content for name, content in said.items() if content.get("off") and content.get("subject")}


def _content(definition: DatasetDefinition) -> Mapping[str, Any]:
    """What its process says, nothing where it has none."""
    content: Mapping[str, Any] = (definition.get("process") or {}).get("content", {})
    return content


def _forms_about(ctx: Context, subjects: Collection[str | None], state: str) -> list[str]:
    """The forms about these kinds of record that are open or retired."""
    with ctx.db.read() as session:
        return [row.id for row in form_shelf.forms(session) if row.state == state and row.subject_dataset in subjects]


def _publish_form(ctx: Context, by: Actor, source: Path, known: Mapping[str, object]) -> bool:
    compiled = compile_form(source.read_bytes(), source.name)
    if compiled.definition["subject_dataset"] not in known:
        return False
    return published.publish_form(ctx, by, compiled.definition, digest=compiled.digest, source=source.name)


def _countys_own(settings: Settings) -> str:
    own = settings.processes_file
    return Path(own).read_text(encoding="utf-8") if own else ""
