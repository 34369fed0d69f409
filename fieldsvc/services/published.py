"""Publishing forms and datasets: immutable versions, announced to every phone through the feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import claims
from fieldsvc.services.access import Action, Actor, require_anywhere
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import properties_of
from fieldsvc.store import audit, changes, definitions
from fieldsvc.store.tables import DatasetRow, FormVersionRow
from fieldsvc.xlsform.compiled import digest_of
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.reference import attach, bare


def publish_form(
    ctx: Context, by: Actor, definition: Mapping[str, Any], *, digest: str, source: str | None = None
) -> bool:
    """Publish a compiled form version; false when exactly this version is published already.

    The reference lists it names are put in (decision 0008). Phones learn of it at their next sync; drafts stay on the
    version they were begun with. Raises `form-version-exists` when the version has other content, and `FormProblems`
    with `list-missing` when there is no list or dataset of a name it reads.
    """
    require_anywhere(by, [Action.PUBLISH])
    form_id, version = str(definition["form"]), str(definition["version"])
    with ctx.db.write() as session:
        known = definitions.form_version(session, form_id, version)
        if known is not None:
            if not is_of(known, digest):
                raise problems.FormVersionExists(form=form_id, version=version)
            return False
        whole = attached(session, definition)
        # A form without lists keeps the digest its author was shown.
        own = digest_of(whole) if "lists" in whole else digest
        add_version(session, by, ctx.now_ms(), whole, digest=own, source=source)
    return True


def is_of(known: FormVersionRow, digest: str) -> bool:
    """Whether a version was made of the compiled form with this digest, whatever lists it was given."""
    return digest in (known.digest, digest_of(bare(known.definition)))


def attached(session: Session, definition: Mapping[str, Any]) -> Definition:
    """The form with the reference lists it reads, as they are published now. Raises `FormProblems`."""
    form = cast(Definition, definition)
    names = form.get("reads") or {}
    found = {name: (row.revision, row.rows) for name, row in definitions.lists(session, names).items()}
    return attach(form, found, [name for name, _ in definitions.newest_datasets(session)]) if names else form


def add_version(
    session: Session, by: Actor, now: int, definition: Definition, *, digest: str | None = None, source: str | None
) -> None:
    """Write a version whole as it is, offer it instead of the ones before, and announce it to the phones."""
    form_id, version = definition["form"], str(definition["version"])
    digest = digest or digest_of(definition)
    title, subject = dict(definition["title"]), definition["subject_dataset"]
    definitions.add_form(session, form_id, title, subject, visit=bool(definition.get("visit")))
    definitions.add_form_version(
        session,
        form_id=form_id,
        version=version,
        definition=dict(definition),
        source=source,
        digest=digest,
        state="published",
        published_at=now,
    )
    definitions.retire_others(session, form_id, version)
    data = {
        "version": version,
        "digest": digest,
        "title": definition["title"],
        "subject_dataset": definition["subject_dataset"],
    }
    audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, "publish", f"form:{form_id}/{version}")])
    changes.append(session, by.feed_id, [changes.NewChange(changes.FORMS_TOPIC, "form", form_id, now, data=data)])


def publish_dataset(ctx: Context, by: Actor, definition: Mapping[str, Any], *, digest: str) -> int:
    """Publish a dataset's definition and return its version; the same content keeps its version.

    A property may be added, relabelled or given another policy; its type never changes, because values of
    the old type are in every phone's outbox. Properties that a form has brought stay, although a release's own file
    does not know them. Raises `property-type-changed`.
    """
    require_anywhere(by, [Action.PUBLISH])
    name = str(definition["name"])
    with ctx.db.write() as session:
        versions = dict(definitions.newest_datasets(session))
        known = definitions.dataset(session, name, versions[name]) if name in versions else None
        if known is not None:
            definition, digest = _with_those_of_forms(known.definition, definition, digest)
        if known is not None and known.digest == digest:
            return known.version
        _same_types(known, definition)
        now, version = ctx.now_ms(), known.version + 1 if known else 1
        definitions.add_dataset(
            session,
            name=name,
            version=version,
            definition={**definition, "version": version},
            digest=digest,
            published_at=now,
        )
        if known is not None and _unique(definition) != _unique(known.definition):
            claims.begin(session, by.feed_id, name, _unique(definition))
        data = {"version": version, "digest": digest}
        audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, "publish", f"dataset:{name}/{version}")])
        changes.append(session, by.feed_id, [changes.NewChange(changes.FORMS_TOPIC, "dataset", name, now, data=data)])
    return version


def _with_those_of_forms(
    known: Mapping[str, Any], definition: Mapping[str, Any], digest: str
) -> tuple[Mapping[str, Any], str]:
    """The definition with the properties that forms added to the one before, and its digest."""
    names = _types(definition["properties"])
    brought = [one for one in properties_of(known) if one.get("form") and one["name"] not in names]
    if not brought:
        return definition, digest
    if isinstance(definition["properties"], Mapping):
        more: Any = {one["name"]: {key: body for key, body in one.items() if key != "name"} for one in brought}
        wider = {**definition, "properties": {**definition["properties"], **more}}
    else:
        wider = {**definition, "properties": [*definition["properties"], *brought]}
    return wider, digest_of([digest, brought])


def _unique(definition: Mapping[str, Any]) -> list[list[str]]:
    return [list(names) for names in definition.get("unique", ())]


def _same_types(known: DatasetRow | None, definition: Mapping[str, Any]) -> None:
    """Raise unless every property that was there before is there with its old type."""
    if known is None:
        return
    new = _types(definition["properties"])
    for name, kind in _types(known.definition["properties"]).items():
        if new.get(name) != kind:
            raise problems.PropertyTypeChanged(dataset=known.name, property=name)


def _types(properties: Any) -> dict[str, Any]:
    """The type of each property, whether the definition keeps them as a list or by name."""
    if isinstance(properties, Mapping):
        return {name: one.get("type") for name, one in properties.items()}
    return {one["name"]: one.get("type") for one in properties}
