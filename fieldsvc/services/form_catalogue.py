"""The catalogue of forms as an administrator sees it: versions, drafts, who tries them, and how much has come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from fieldsvc import problems
from fieldsvc.services.access import Action, Actor, require_anywhere
from fieldsvc.services.context import Context
from fieldsvc.store import definitions, form_shelf, people
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.trial import SUFFIX, form_of, trial_id, unmarked
from fieldsvc.xlsform.versions import version_key


@dataclass(frozen=True, slots=True)
class Version:
    """One version: where it stands, who uploaded it and when, and how many submissions name it.

    `authored` is the version whose file it is: another one where it was published again with newer lists.
    """

    version: str
    state: str
    published_at: int | None
    submissions: int
    authored: str
    filename: str | None = None
    uploaded_at: int | None = None
    uploaded_by: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form with its versions and drafts, newest first. `state` is `open`, `retired`, or `draft` before the first."""

    id: str
    title: Mapping[str, str]
    subject_dataset: str
    state: str
    versions: Sequence[Version] = ()
    drafts: Sequence[Version] = ()

    @property
    def current(self) -> Version | None:
        """The version phones are offered."""
        return next((one for one in self.versions if one.state == "published"), None)

    @property
    def submissions(self) -> int:
        """How many submissions name any version of it; trials do not count."""
        return sum(one.submissions for one in self.versions)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with its definition and the people who try it out."""

    version: Version
    definition: Definition
    testers: Sequence[Tester] = field(default=())


@dataclass(frozen=True, slots=True)
class Tester:
    """Somebody whose phones show a draft."""

    id: str
    name: str
    unit: str


def catalogue(ctx: Context, by: Actor) -> list[Form]:
    """Every form, by id. Raises `not-allowed`."""
    require_anywhere(by, [Action.PUBLISH])
    with ctx.db.read() as session:
        rows = {row.id: row for row in form_shelf.forms(session)}
        counted = form_shelf.counts(session, by.feed_id)
        found: dict[str, list[Version]] = {}
        for row in form_shelf.versions(session):
            number = counted.get((row.form_id, row.version), 0)
            authored = row.version.removesuffix(f".{row.edition}") if row.edition else row.version
            version = Version(row.version, row.state, row.published_at, number, authored)
            found.setdefault(row.form_id, []).append(version)
    ids = dict.fromkeys(form_of(form_id) for form_id in rows)
    return [_form(form_id, rows, found) for form_id in ids]


def form(ctx: Context, by: Actor, form_id: str) -> Form:
    """One form with who uploaded what. Raises `not-allowed`, `not-found`."""
    found = next((one for one in catalogue(ctx, by) if one.id == form_id), None)
    if found is None:
        raise problems.NotFound()
    with ctx.db.read() as session:
        return Form(
            found.id,
            found.title,
            found.subject_dataset,
            found.state,
            [_uploaded(session, form_id, one) for one in found.versions],
            [_uploaded(session, trial_id(form_id), one) for one in found.drafts],
        )


def draft(ctx: Context, by: Actor, form_id: str, version: str) -> Draft:
    """One draft. Raises `not-allowed`, `not-found`."""
    require_anywhere(by, [Action.PUBLISH])
    with ctx.db.read() as session:
        row = definitions.form_version(session, trial_id(form_id), version)
        if row is None or row.state != "draft":
            raise problems.NotFound()
        number = form_shelf.counts(session, by.feed_id).get((row.form_id, version), 0)
        shown = _uploaded(session, row.form_id, Version(version, row.state, None, number, version))
        testers = []
        for person_id in form_shelf.testers(session, row.form_id, version):
            person = people.get(session, person_id)
            if person is not None:
                testers.append(Tester(person.id, person.name, person.unit or ""))
        return Draft(shown, cast(Definition, row.definition), testers)


def person_called(ctx: Context, by: Actor, login: str) -> str | None:
    """The person of this county with that staff number or phone, if there is exactly one."""
    require_anywhere(by, [Action.PUBLISH])
    with ctx.db.read() as session:
        person = people.by_login(session, login)
        return person.id if person is not None and person.feed_id == by.feed_id else None


def _form(form_id: str, rows: Mapping[str, Any], found: Mapping[str, list[Version]]) -> Form:
    row = rows.get(form_id) or rows[trial_id(form_id)]
    return Form(
        form_id,
        unmarked(row.title),
        row.subject_dataset,
        "draft" if row.id.endswith(SUFFIX) else row.state,
        _newest_first(found.get(form_id, ())),
        [one for one in _newest_first(found.get(trial_id(form_id), ())) if one.state == "draft"],
    )


def _newest_first(versions: Sequence[Version]) -> list[Version]:
    return sorted(versions, key=lambda one: (one.published_at or 0, version_key(one.version)), reverse=True)


def _uploaded(session: Any, form_id: str, one: Version) -> Version:
    upload = form_shelf.uploads(session, form_id).get(one.authored)
    if upload is None:
        return one
    by = people.names(session, [upload.uploaded_by_id]) if upload.uploaded_by_id else {}
    return Version(
        one.version,
        one.state,
        one.published_at,
        one.submissions,
        one.authored,
        upload.filename,
        upload.uploaded_at,
        by.get(upload.uploaded_by_id or "", ""),
    )
