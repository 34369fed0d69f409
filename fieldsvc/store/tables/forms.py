"""Published forms and datasets. A published version is never edited."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, true
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base


class FormRow(Base):
    """A form in the catalogue, with its title in each language and the dataset its subjects belong to.

    `visit` is what its newest version says: only what comes in by such a form makes a household visited.
    """

    __tablename__ = "forms"

    id: Mapped[str] = mapped_column(primary_key=True)
    feed_id: Mapped[str | None]
    title: Mapped[dict[str, Any]]
    subject_dataset: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    visit: Mapped[bool] = mapped_column(server_default=true())


class FormVersionRow(Base):
    """One version of a form: the compiled definition, and the XLSForm source it came from."""

    __tablename__ = "form_versions"

    form_id: Mapped[str] = mapped_column(ForeignKey("forms.id"), primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]]
    source: Mapped[str | None]
    digest: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    published_at: Mapped[int | None]


class ListRow(Base):
    """One revision of a reference list: its rows, each cell a text."""

    __tablename__ = "lists"

    name: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rows: Mapped[list[Any]]
    digest: Mapped[str]
    published_at: Mapped[int]


class DatasetRow(Base):
    """One version of a dataset's definition: its properties, their types and merge policies."""

    __tablename__ = "datasets"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    definition: Mapped[dict[str, Any]]
    digest: Mapped[str]
    published_at: Mapped[int | None]


class FormSourceRow(Base):
    """The file a version was made of, exactly as somebody uploaded it."""

    __tablename__ = "form_sources"

    form_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    filename: Mapped[str]
    content: Mapped[bytes]
    uploaded_at: Mapped[int]
    uploaded_by_id: Mapped[str | None]


class FormTesterRow(Base):
    """Somebody whose phones show a draft version to try it out."""

    __tablename__ = "form_testers"

    form_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True, index=True)
