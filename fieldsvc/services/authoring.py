"""Forms as a county clerk makes them: checked, compared with what is in force, kept as a draft, published.

Nothing is written before a form is without mistakes; a published version is never written again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import form_pictures, published, slots
from fieldsvc.services.access import Action, Actor, require_anywhere
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets, properties_of
from fieldsvc.store import audit, definitions, form_shelf
from fieldsvc.xlsform import FormProblems, compile_form
from fieldsvc.xlsform.compare import Difference, compare, removed_codes
from fieldsvc.xlsform.compiled import Compiled, digest_of, walk
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.problems import FormProblem, in_order, problem
from fieldsvc.xlsform.records import Datasets, check_records, new_properties, row_of
from fieldsvc.xlsform.slots_named import check_slots
from fieldsvc.xlsform.trial import on_trial, trial_id
from fieldsvc.xlsform.used import used_codes
from fieldsvc.xlsform.versions import is_newer

#: Among how many of the newest submissions a code that goes is looked for.
LOOKED_AT = 2000


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at an uploaded file has shown. `compiled` is None when it is no form at all.

    `before` is the version it was compared with; `known` says that exactly this version is published already.
    """

    filename: str
    compiled: Compiled | None = None
    problems: list[FormProblem] = field(default_factory=list)
    warnings: list[FormProblem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    before: str | None = None
    known: bool = False

    @property
    def sound(self) -> Compiled | None:
        """The form, if nothing is wrong with it."""
        return None if self.problems else self.compiled


def check(ctx: Context, by: Actor, data: bytes, filename: str, *, against: str | Definition | None = None) -> Checked:
    """Everything there is to say about a file before anything is done with it; writes nothing.

    Compared with version `against`, with the form that is given there, or with the version in force; of a version
    that is not there it says which ones are. Raises `not-allowed`.
    """
    require_anywhere(by, [Action.PUBLISH])
    try:
        compiled = compile_form(data, filename)
    except FormProblems as found:
        return Checked(filename, problems=in_order(found.problems))
    with ctx.db.read() as session:
        return _checked(ctx, session, by, compiled, filename, against)


def save_draft(ctx: Context, by: Actor, data: bytes, filename: str) -> Checked:
    """Keep a sound form as a draft that only its testers' phones get; a form with mistakes changes nothing.

    The same version with other content replaces a draft that nobody has tried, and is a mistake otherwise.
    """
    found = check(ctx, by, data, filename)
    if found.sound is None or found.known:
        return found
    draft, digest = on_trial(found.sound.definition)
    form_id, version = draft["form"], str(draft["version"])
    form_pictures.keep(ctx, found.sound)
    with ctx.db.write() as session:
        row = definitions.form_version(session, form_id, version)
        if row is not None and published.is_of(row, digest) and row.state == "draft":
            return found
        if row is not None:
            if row.state != "draft" or form_shelf.testers(session, form_id, version):
                return _with(found, problem("version-exists", version, sheet="settings", row=2, column="version"))
            form_shelf.forget_draft(session, form_id, version)
        now, whole = ctx.now_ms(), published.attached(session, draft)
        definitions.add_form(session, form_id, draft["title"], str(draft.get("subject_dataset") or ""))
        form_shelf.set_form_state(session, form_id, "trial")
        definitions.add_form_version(
            session,
            form_id=form_id,
            version=version,
            definition=dict(whole),
            source=filename,
            digest=digest_of(whole),
            state="draft",
            published_at=None,
        )
        form_shelf.keep_source(
            session,
            form_id=form_id,
            version=version,
            filename=filename,
            content=data,
            uploaded_at=now,
            uploaded_by_id=by.person_id,
        )
        audit.append(session, by.feed_id, [audit.Entry(now, by.person_id, "draft", f"form:{form_id}/{version}")])
    return found


def publish(ctx: Context, by: Actor, data: bytes, filename: str) -> Checked:
    """Publish a sound form: first the properties it adds to its datasets, then the form; one with mistakes is not.

    A property that is there without its form harms nobody, so a crash between the two needs no repair.
    """
    found = check(ctx, by, data, filename)
    if found.sound is None or found.known:
        return found
    definition = found.sound.definition
    _add_properties(ctx, by, definition)
    form_pictures.keep(ctx, found.sound)
    published.publish_form(ctx, by, definition, digest=found.sound.digest, source=filename)
    form_id, version = definition["form"], str(definition["version"])
    with ctx.db.write() as session:
        if form_shelf.source(session, form_id, version) is None:
            form_shelf.keep_source(
                session,
                form_id=form_id,
                version=version,
                filename=filename,
                content=data,
                uploaded_at=ctx.now_ms(),
                uploaded_by_id=by.person_id,
            )
    return found


def draft_file(ctx: Context, by: Actor, form_id: str, version: str) -> tuple[bytes, str]:
    """The file of a draft of this form, as it was uploaded. Raises `not-found`."""
    return file_of(ctx, by, trial_id(form_id), version)


def file_of(ctx: Context, by: Actor, form_id: str, version: str) -> tuple[bytes, str]:
    """The file a version was made of, as it was uploaded, and its name. Raises `not-found`."""
    require_anywhere(by, [Action.PUBLISH])
    with ctx.db.read() as session:
        row = form_shelf.source(session, form_id, version)
        if row is None:
            raise problems.NotFound()
        return row.content, row.filename


def _checked(
    ctx: Context, session: Session, by: Actor, compiled: Compiled, filename: str, against: str | Definition | None
) -> Checked:
    known = datasets(ctx, session)
    properties: Datasets = {name: known.properties(name) for name in known.versions}
    wrong, doubts = check_records(compiled, properties)
    doubts += check_slots(compiled, slots.shelf(ctx.settings))
    wrong += _lists_missing(session, compiled)
    form_id, version = compiled.definition["form"], str(compiled.definition["version"])
    before = _before(session, form_id, against)
    if before is None and against is not None:
        wrong.append(_no_such_version(session, form_id, str(against)))
    same = definitions.form_version(session, form_id, version)
    place: dict[str, Any] = {"sheet": "settings", "row": 2, "column": "version"}
    is_known = same is not None and published.is_of(same, compiled.digest)
    if same is not None and not is_known:
        wrong.append(problem("version-exists", version, **place))
    elif same is None and before is not None and against is None and not is_newer(version, str(before["version"])):
        wrong.append(problem("version-not-newer", f"{version} ≤ {before['version']}", **place))
    there = not is_known and bool(form_shelf.versions(session, form_id))
    chance, own = by_chance(compiled, there)
    differences: list[Difference] = []
    if before is not None:
        gone = removed_codes(before, compiled.definition)
        answers = form_shelf.latest_answers(session, by.feed_id, form_id, LOOKED_AT) if gone else []
        titles = {name: known.title(name) for name in known.versions}
        differences = compare(before, compiled.definition, properties, used_codes(gone, answers), titles)
    return Checked(
        filename,
        compiled,
        in_order([*wrong, *chance]),
        in_order([*own, *doubts]),
        differences,
        str(before["version"]) if before is not None else None,
        known=is_known,
    )


def by_chance(compiled: Compiled, is_there: bool) -> tuple[list[FormProblem], list[FormProblem]]:
    """What is wrong with a form named after its file where a form of that id is there already, and its other doubts.

    It would become a version of that form, and phones would fill in the one for the other.
    """
    unnamed = [one for one in compiled.warnings if is_there and one.code == "form-id-missing"]
    wrong = [problem("form-id-taken", one.detail, sheet=one.sheet, row=one.row, column=one.column) for one in unnamed]
    return wrong, [one for one in compiled.warnings if one not in unnamed]


def _lists_missing(session: Session, compiled: Compiled) -> list[FormProblem]:
    """The lists that the form reads and nobody has published, each at the question that names it."""
    try:
        published.attached(session, compiled.definition)
    except FormProblems as found:
        return at_their_questions(compiled, found)
    return []


def at_their_questions(compiled: Compiled, found: FormProblems) -> list[FormProblem]:
    """What is wrong with lists, each at the question that names the list."""
    rows = {node.get("choices", ""): row_of(compiled, node["ref"]) for node in walk(compiled.definition["nodes"])}
    return [
        problem(one.code, one.detail, sheet="survey", row=rows[one.detail], column="type")
        if one.detail in rows
        else one
        for one in found.problems
    ]


def _before(session: Session, form_id: str, against: str | Definition | None) -> Definition | None:
    """The definition to compare with: the form given, the version named, or the one in force."""
    if isinstance(against, dict):
        return against
    newest = [row.version for row in form_shelf.versions(session, form_id) if row.state == "published"]
    named = against or next(reversed(newest), None)
    row = definitions.form_version(session, form_id, named) if named is not None else None
    return cast(Definition, row.definition) if row is not None else None


def _no_such_version(session: Session, form_id: str, named: str) -> FormProblem:
    there = [row.version for row in form_shelf.versions(session, form_id)]
    zh = f"{named}；{form_id} 有 {'、'.join(there)}" if there else f"{named}；{form_id} 还没有版本"
    en = f"{named}; of {form_id} there are {', '.join(there)}" if there else f"{named}; of {form_id} there is none"
    return problem("version-unknown", en, detail_zh=zh)


def _add_properties(ctx: Context, by: Actor, definition: Definition) -> None:
    """Publish each dataset with the properties that this form saves to and that it does not have yet."""
    with ctx.db.read() as session:
        known = datasets(ctx, session)
        added = new_properties(definition, {name: known.properties(name) for name in known.versions})
        rows = {name: definitions.dataset(session, name, known.versions[name]) for name in added}
    for name, row in rows.items():
        assert row is not None
        wider = widened(row.definition, added[name], definition["form"])
        published.publish_dataset(ctx, by, wider, digest=digest_of(wider))


def widened(definition: Mapping[str, Any], added: Mapping[str, Any], form_id: str) -> dict[str, Any]:
    """A dataset's definition with more properties, each marked with the form that brought it."""
    more = {name: {**body, "form": form_id} for name, body in added.items()}
    kept = {key: value for key, value in definition.items() if key != "version"}
    if isinstance(definition.get("properties"), Mapping):
        return {**kept, "properties": {**definition["properties"], **more}}
    listed = [{"name": name, **body} for name, body in more.items()]
    return {**kept, "properties": [*properties_of(definition), *listed]}


def _with(found: Checked, wrong: FormProblem) -> Checked:
    return Checked(
        found.filename, found.compiled, [wrong], found.warnings, found.differences, found.before, found.known
    )
