"""The office's shelf of forms: all versions, the files they were made of, and who tries out a draft."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session, defer

from fieldsvc.store.tables import FormRow, FormSourceRow, FormTesterRow, FormVersionRow, PersonRow, SubmissionRow


def forms(session: Session) -> list[FormRow]:
    """Every form of the catalogue, drafts under their own ids too."""
    return list(session.scalars(select(FormRow).order_by(FormRow.id)))


def versions(session: Session, form_id: str | None = None) -> list[Any]:
    """Versions of one form or of all, without their definitions: form, version, digest, state, when published, edition.

    The edition is how often a version was published again because a list it carries was; empty, never.
    """
    query = select(
        FormVersionRow.form_id,
        FormVersionRow.version,
        FormVersionRow.digest,
        FormVersionRow.state,
        FormVersionRow.published_at,
        FormVersionRow.definition["edition"].as_integer().label("edition"),
    )
    if form_id is not None:
        query = query.where(FormVersionRow.form_id == form_id)
    return list(session.execute(query.order_by(FormVersionRow.form_id, FormVersionRow.published_at)))


def pictures(session: Session) -> set[str]:
    """The digests of all pictures that any version of a form shows, drafts and retired ones too."""
    query = select(FormVersionRow.definition["media"])
    return {digest for shown in session.scalars(query) for digest in shown or ()}


def in_force(session: Session) -> list[FormVersionRow]:
    """The newest published version of each form that is in use, whole."""
    found = session.scalars(
        select(FormVersionRow)
        .join(FormRow, FormRow.id == FormVersionRow.form_id)
        .where(FormRow.state == "open", FormVersionRow.state == "published")
        .order_by(FormVersionRow.form_id, FormVersionRow.published_at)
    )
    return list({row.form_id: row for row in found}.values())


def set_form_state(session: Session, form_id: str, state: str) -> None:
    """Open a form, retire it, or mark it as one on trial."""
    session.execute(update(FormRow).where(FormRow.id == form_id).values(state=state))


def set_version_state(session: Session, form_id: str, version: str, state: str) -> None:
    """Say where a version stands: its definition is never written again."""
    session.execute(
        update(FormVersionRow)
        .where(FormVersionRow.form_id == form_id, FormVersionRow.version == version)
        .values(state=state)
    )


def forget_draft(session: Session, form_id: str, version: str) -> None:
    """Take away a version that nobody but its author has seen."""
    for table in (FormSourceRow, FormTesterRow, FormVersionRow):
        session.execute(delete(table).where(table.form_id == form_id, table.version == version))


def keep_source(session: Session, **values: Any) -> None:
    """Keep an uploaded file beside its version."""
    session.execute(insert(FormSourceRow).values(**values))


def source(session: Session, form_id: str, version: str) -> FormSourceRow | None:
    """The file a version was made of; of one that came with the program, none."""
    return session.get(FormSourceRow, (form_id, version))


def uploads(session: Session, form_id: str) -> dict[str, Any]:
    """Who uploaded which version, and when, by version; without the files."""
    rows = session.scalars(
        select(FormSourceRow).where(FormSourceRow.form_id == form_id).options(defer(FormSourceRow.content))
    )
    return {row.version: row for row in rows}


def testers(session: Session, form_id: str, version: str) -> list[str]:
    """The people who try out this version."""
    return list(
        session.scalars(
            select(FormTesterRow.person_id)
            .where(FormTesterRow.form_id == form_id, FormTesterRow.version == version)
            .order_by(FormTesterRow.person_id)
        )
    )


def add_testers(session: Session, form_id: str, version: str, people: Collection[str]) -> None:
    """Let these people try the version out."""
    if people:
        session.execute(
            insert(FormTesterRow), [{"form_id": form_id, "version": version, "person_id": one} for one in people]
        )


def remove_testers(session: Session, form_id: str, version: str, people: Collection[str]) -> None:
    """End it for these people."""
    session.execute(
        delete(FormTesterRow).where(
            FormTesterRow.form_id == form_id,
            FormTesterRow.version == version,
            FormTesterRow.person_id.in_(list(people)),
        )
    )


def trials_of(session: Session, person_id: str) -> list[Any]:
    """What a person tries out: id, version, digest, title, subject dataset."""
    return list(
        session.execute(
            select(
                FormVersionRow.form_id.label("id"),
                FormVersionRow.version,
                FormVersionRow.digest,
                FormRow.title,
                FormRow.subject_dataset,
            )
            .join(FormRow, FormRow.id == FormVersionRow.form_id)
            .join(
                FormTesterRow,
                (FormTesterRow.form_id == FormVersionRow.form_id) & (FormTesterRow.version == FormVersionRow.version),
            )
            .where(FormTesterRow.person_id == person_id, FormVersionRow.state == "draft")
            .order_by(FormVersionRow.form_id, FormVersionRow.version)
        )
    )


def counts(session: Session, feed_id: str) -> dict[tuple[str, str], int]:
    """How many submissions each version has, by form and version."""
    rows = session.execute(
        select(SubmissionRow.form_id, SubmissionRow.form_version, func.count())
        .where(SubmissionRow.feed_id == feed_id)
        .group_by(SubmissionRow.form_id, SubmissionRow.form_version)
    )
    return {(form_id, version): number for form_id, version, number in rows}


def latest_answers(session: Session, feed_id: str, form_id: str, limit: int) -> list[dict[str, Any]]:
    """The answers of the newest submissions of a form."""
    return list(
        session.scalars(
            select(SubmissionRow.answers)
            .where(SubmissionRow.feed_id == feed_id, SubmissionRow.form_id == form_id)
            .order_by(SubmissionRow.id.desc())  # ids are in order of time, and the key is an index
            .limit(limit)
        )
    )


def people_with_phones(session: Session, feed_id: str) -> list[Any]:
    """Everybody active who could be asked to try a form: id, name, unit."""
    return list(
        session.execute(
            select(PersonRow.id, PersonRow.name, PersonRow.unit)
            .where(PersonRow.feed_id == feed_id, PersonRow.active.is_(True))
            .order_by(PersonRow.name, PersonRow.id)
        )
    )
