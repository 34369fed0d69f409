"""Published forms, datasets and reference lists."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.run import columns, rows
from fieldsvc.store.tables import DatasetRow, FormRow, FormVersionRow, ListRow


def form_version(session: Session, form_id: str, version: str) -> FormVersionRow | None:
    """A version of a form, in whatever state."""
    return session.get(FormVersionRow, (form_id, version))


def published_forms(session: Session) -> list[Any]:
    """The newest published version of each open form: id, version, digest, title, subject dataset."""
    newest = (
        select(FormVersionRow.form_id, func.max(FormVersionRow.published_at).label("at"))
        .where(FormVersionRow.state == "published")
        .group_by(FormVersionRow.form_id)
        .subquery()
    )
    found = session.execute(
        select(FormRow.id, FormVersionRow.version, FormVersionRow.digest, FormRow.title, FormRow.subject_dataset)
        .join(FormVersionRow, FormVersionRow.form_id == FormRow.id)
        .join(
            newest,
            (newest.c.form_id == FormVersionRow.form_id) & (newest.c.at == FormVersionRow.published_at),
        )
        .where(FormRow.state == "open", FormVersionRow.state == "published")
        .order_by(FormRow.id)
    )
    return list(found)


def form_ids(session: Session) -> set[str]:
    """Every form that was ever published, open or retired."""
    return set(session.scalars(select(FormRow.id)))


def add_form(
    session: Session, form_id: str, title: dict[str, Any], subject_dataset: str, *, visit: bool = False
) -> None:
    """Add a form to the catalogue, or say anew what it is there; one that was retired is open again."""
    values = {"title": title, "subject_dataset": subject_dataset, "visit": visit, "state": "open"}
    if session.get(FormRow, form_id) is None:
        session.execute(insert(FormRow).values(id=form_id, **values))
    else:
        session.execute(update(FormRow).where(FormRow.id == form_id).values(**values))


def no_visits() -> Select[Any]:
    """The ids of the forms by which nobody is visited, as a part of another statement (decision 0047)."""
    return select(FormRow.id).where(FormRow.visit.is_(False))


def add_form_version(session: Session, **values: Any) -> None:
    """Store a version of a form; it is never written again."""
    session.execute(insert(FormVersionRow).values(**values))


def retire_others(session: Session, form_id: str, version: str) -> None:
    """Retire every other published version: still accepted, no longer offered."""
    session.execute(
        update(FormVersionRow)
        .where(
            FormVersionRow.form_id == form_id,
            FormVersionRow.version != version,
            FormVersionRow.state == "published",
        )
        .values(state="retired")
    )


_datasets = columns(DatasetRow)
_NEWEST_DATASETS = select(_datasets.name, func.max(_datasets.version)).group_by(_datasets.name).order_by(_datasets.name)


def newest_datasets(session: Session) -> list[tuple[str, int]]:
    """`(name, version)` of the newest definition of each dataset."""
    return [(name, version) for name, version in rows(session, _NEWEST_DATASETS)]


def dataset(session: Session, name: str, version: int) -> DatasetRow | None:
    """One version of a dataset's definition."""
    return session.get(DatasetRow, (name, version))


def add_dataset(session: Session, **values: Any) -> None:
    """Store a version of a dataset's definition."""
    session.execute(insert(DatasetRow).values(**values))


def lists(session: Session, names: Collection[str]) -> dict[str, ListRow]:
    """The newest revision of each of these reference lists that was ever published."""
    newest = (
        select(ListRow.name, func.max(ListRow.revision).label("revision"))
        .where(ListRow.name.in_(list(names)))
        .group_by(ListRow.name)
        .subquery()
    )
    found = session.scalars(
        select(ListRow).join(newest, (newest.c.name == ListRow.name) & (newest.c.revision == ListRow.revision))
    )
    return {row.name: row for row in found}


def list_names(session: Session) -> list[str]:
    """The names of all reference lists."""
    return list(session.scalars(select(ListRow.name).distinct().order_by(ListRow.name)))


def add_list(session: Session, **values: Any) -> None:
    """Store a revision of a reference list; it is never written again."""
    session.execute(insert(ListRow).values(**values))
