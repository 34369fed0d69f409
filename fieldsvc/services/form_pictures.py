"""The pictures a form version shows: kept by digest beside every other file, given to whoever may have the form."""

from __future__ import annotations

from fieldsvc import problems
from fieldsvc.media.measure import measure
from fieldsvc.services.access import Action, Actor, area_paths
from fieldsvc.services.context import Context
from fieldsvc.store import definitions, form_shelf
from fieldsvc.xlsform.compiled import Compiled


def keep(ctx: Context, compiled: Compiled) -> None:
    """Store the pictures of a form before its version is written: what a definition names is there."""
    for digest, data in compiled.pictures.items():
        ctx.blobs.put(digest, data)


def picture(ctx: Context, by: Actor, form_id: str, version: str, sha256: str) -> tuple[bytes, str]:
    """A picture of a form version, and its media type. Raises `not-found`.

    Those of a draft are there for its testers and for who may publish; one that this version does not show, for nobody.
    """
    with ctx.db.read() as session:
        row = definitions.form_version(session, form_id, version)
        if row is None or sha256 not in row.definition.get("media", ()):
            raise problems.NotFound()
        tries = by.person_id in form_shelf.testers(session, form_id, version)
        if row.state == "draft" and not (tries or area_paths(by, Action.PUBLISH)):
            raise problems.NotFound()
    try:
        data = ctx.blobs.get(sha256)
    except KeyError:  # a database that was put back without its files
        raise problems.NotFound() from None
    found = measure(data)
    assert found is not None, "a picture is measured before it is kept"
    return data, found[0]
