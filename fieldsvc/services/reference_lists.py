"""Publishing reference lists, and with a new revision anew every form that carries the old one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fieldsvc.services import deadlines, limits
from fieldsvc.services.access import Action, Actor, require_anywhere
from fieldsvc.services.context import Context
from fieldsvc.services.published import add_version, attached
from fieldsvc.store import audit, definitions
from fieldsvc.store.tables import FormVersionRow
from fieldsvc.xlsform.reference import ReferenceList, bare


def publish_list(ctx: Context, by: Actor, listed: ReferenceList) -> tuple[int, list[str]]:
    """Publish a list; return its revision, and the form versions (`visit 1.2`) that carry it from now on.

    The same rows keep their revision. A published form never changes: each open form that uses the list is published
    again as `<version>.<n>`, and drafts stay on the version, and the figures, they were begun with. Raises
    `FormProblems` when a form would become too heavy.
    """
    require_anywhere(by, [Action.PUBLISH])
    with ctx.db.write() as session:
        known = definitions.lists(session, [listed.name]).get(listed.name)
        if known is not None and known.digest == listed.digest:
            return known.revision, []
        now, revision = ctx.now_ms(), known.revision + 1 if known else 1
        definitions.add_list(
            session,
            name=listed.name,
            revision=revision,
            rows=listed.rows,
            digest=listed.digest,
            published_at=now,
        )
        audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, "publish", f"list:{listed.name}/{revision}")])
        renewed = [_renew(session, by, now, row) for row in _users(session, listed.name)]
    if listed.name == limits.LIST:
        deadlines.rebuild(ctx)
    return revision, renewed


def _users(session: Session, name: str) -> list[FormVersionRow]:
    """The newest published version of every open form that carries the list."""
    newest = [definitions.form_version(session, row.id, row.version) for row in definitions.published_forms(session)]
    return [row for row in newest if row and name in row.definition.get("lists", {})]


def _renew(session: Session, by: Actor, now: int, row: FormVersionRow) -> str:
    """Publish a version again with the lists as they are now; return its name."""
    form = bare(row.definition)
    edition = form.get("edition", 0)
    authored = row.version.removesuffix(f".{edition}") if edition else row.version
    form["version"], form["edition"] = f"{authored}.{edition + 1}", edition + 1
    add_version(session, by, now, attached(session, form), source=row.source)
    return f"{row.form_id} {form['version']}"
