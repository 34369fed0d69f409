"""Drafts that some people try out on their own phones, and forms that are retired or opened again.

A phone learns of both through its feed like of any other form; nobody else's phone hears of a trial.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services.access import Action, Actor, require_anywhere
from fieldsvc.services.context import Context
from fieldsvc.store import audit, changes, definitions, form_shelf, people
from fieldsvc.store.changes import NewChange
from fieldsvc.store.tables import FormVersionRow
from fieldsvc.xlsform.trial import trial_id

#: What a phone is told of a form it is not to offer any more: it is about nothing, so no record lists it.
_NOTHING = ""


def set_testers(ctx: Context, by: Actor, form_id: str, version: str, wanted: Collection[str]) -> None:
    """Say who tries a draft out. Raises `not-found` for a draft or a person that is not there."""
    require_anywhere(by, [Action.PUBLISH])
    with ctx.db.write() as session:
        row = _draft(session, form_id, version)
        for person_id in wanted:
            person = people.get(session, person_id)
            if person is None or person.feed_id != by.feed_id or not person.active:
                raise problems.NotFound()
        held = set(form_shelf.testers(session, row.form_id, version))
        more, fewer = sorted(set(wanted) - held), sorted(held - set(wanted))
        form_shelf.add_testers(session, row.form_id, version, more)
        form_shelf.remove_testers(session, row.form_id, version, fewer)
        _tell(ctx, session, by, row, more, offered=True)
        _tell(ctx, session, by, row, fewer, offered=False)
        _note(ctx, session, by, "testers", f"form:{row.form_id}/{version}", {"people": sorted(wanted)})


def end(ctx: Context, by: Actor, form_id: str, version: str) -> None:
    """A draft is published or given up: its testers' phones drop it. What nobody tried is taken away altogether."""
    require_anywhere(by, [Action.PUBLISH])
    with ctx.db.write() as session:
        row = _draft(session, form_id, version)
        held = form_shelf.testers(session, row.form_id, version)
        if held:
            _tell(ctx, session, by, row, held, offered=False)
            form_shelf.set_version_state(session, row.form_id, version, "ended")
        else:
            form_shelf.forget_draft(session, row.form_id, version)
        _note(ctx, session, by, "draft-ended", f"form:{row.form_id}/{version}", {})


def retire(ctx: Context, by: Actor, form_id: str, *, along_with: str = "") -> None:
    """Offer a form no longer: phones hide it, what was begun may be finished, what arrives is still accepted.

    `along_with`: the kind of record that it is about, where that is kept no longer; `went_along` tells such a form.
    """
    _open(ctx, by, form_id, state="retired", detail={"along_with": along_with} if along_with else {})


def went_along(session: Session, by: Actor, form_id: str) -> bool:
    """Whether this form was last retired with what it is about, and not by somebody who wanted it so."""
    last = audit.of_thing(session, by.feed_id, f"form:{form_id}", "retired", limit=1)
    return bool(last and last[0].detail.get("along_with"))


def reopen(ctx: Context, by: Actor, form_id: str) -> None:
    """Offer a retired form again."""
    _open(ctx, by, form_id, state="open")


def _open(ctx: Context, by: Actor, form_id: str, *, state: str, detail: Mapping[str, str] | None = None) -> None:
    require_anywhere(by, [Action.PUBLISH])
    with ctx.db.write() as session:
        row = next((one for one in form_shelf.forms(session) if one.id == form_id and one.state != "trial"), None)
        if row is None:
            raise problems.NotFound()
        if row.state == state:
            return
        form_shelf.set_form_state(session, form_id, state)
        # Every version: a phone may still hold an older one, and lists a form as long as any of them is about it.
        told = [one for one in form_shelf.versions(session, form_id) if one.published_at is not None]
        rows = [
            NewChange(
                changes.FORMS_TOPIC,
                "form",
                form_id,
                ctx.now_ms(),
                data={
                    "version": one.version,
                    "digest": one.digest,
                    "title": row.title,
                    "subject_dataset": row.subject_dataset if state == "open" else _NOTHING,
                },
            )
            for one in told
        ]
        _note(ctx, session, by, state, f"form:{form_id}", dict(detail or {}))
        changes.append(session, by.feed_id, rows)


def _draft(session: Session, form_id: str, version: str) -> FormVersionRow:
    row = definitions.form_version(session, trial_id(form_id), version)
    if row is None or row.state != "draft":
        raise problems.NotFound()
    return row


def _tell(
    ctx: Context, session: Session, by: Actor, row: FormVersionRow, tell: Collection[str], *, offered: bool
) -> None:
    data: dict[str, Any] = {
        "version": row.version,
        "digest": row.digest,
        "title": row.definition["title"],
        "subject_dataset": row.definition.get("subject_dataset", _NOTHING) if offered else _NOTHING,
    }
    rows = [NewChange(changes.person_topic(person), "form", row.form_id, ctx.now_ms(), data=data) for person in tell]
    if rows:
        changes.append(session, by.feed_id, rows)


def _note(ctx: Context, session: Session, by: Actor, action: str, thing: str, detail: dict[str, Any]) -> None:
    audit.append(session, by.feed_id, [audit.Entry(ctx.now_ms(), by.person_id, action, thing, detail=detail)])
