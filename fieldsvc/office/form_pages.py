"""Forms, for administrators: the catalogue, what a file would change, drafts with their testers, publishing."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.frame import actor, words
from fieldsvc.office.titles import in_language
from fieldsvc.services import access, authoring, form_catalogue, form_differences, form_pictures, trials
from fieldsvc.services.access import Action
from fieldsvc.services.authoring import Checked
from fieldsvc.xlsform.bundle import bundled


def add_pages(pages: Blueprint) -> None:
    """Give the office its forms."""
    pages.add_url_rule("/forms", "forms", catalogue)
    pages.add_url_rule("/forms", "upload_form", upload, methods=["POST"])
    pages.add_url_rule("/forms/<form_id>", "form", form)
    pages.add_url_rule("/forms/<form_id>/changes", "form_changes", changes)
    pages.add_url_rule("/forms/<form_id>/state", "form_state", set_state, methods=["POST"])
    pages.add_url_rule("/forms/<form_id>/source/<version>", "form_source", source)
    pages.add_url_rule("/forms/<form_id>/picture/<version>/<sha256>", "form_picture", picture)
    pages.add_url_rule("/forms/<form_id>/draft/<version>", "draft", draft)
    pages.add_url_rule("/forms/<form_id>/draft/<version>", "decide_draft", decide, methods=["POST"])
    pages.add_url_rule("/forms/<form_id>/draft/<version>/source", "draft_source", draft_source)
    pages.add_url_rule("/forms/<form_id>/draft/<version>/testers", "testers", testers, methods=["POST"])


def catalogue() -> str:
    """Every form, and where a new one is uploaded."""
    found = form_catalogue.catalogue(context(), actor())
    return render_template("office/forms.html", forms=[_titled(one) for one in found])


def upload() -> Any:
    """Look at the file; with mistakes, show them and change nothing; sound, keep it as a draft and show that."""
    access.require_anywhere(actor(), [Action.PUBLISH])
    files = [(file.filename, file.read()) for file in request.files.getlist("file") if file.filename]
    if not files:
        flash(words()("forms.choose-file"), "problem")
        return redirect(url_for("office.forms"))
    found = authoring.save_draft(context(), actor(), *bundled(files))
    if found.sound is None:
        return Response(render_template("office/form_refused.html", found=found), 422)
    form_id, version = found.sound.definition["form"], str(found.sound.definition["version"])
    if found.known:
        flash(words()("forms.known", version=version), "done")
        return redirect(url_for("office.form", form_id=form_id))
    flash(words()("forms.saved"), "done")
    return redirect(url_for("office.draft", form_id=form_id, version=version))


def form(form_id: str) -> str:
    """One form: its versions, its drafts, and taking it out of use."""
    found = form_catalogue.form(context(), actor(), form_id)
    return render_template("office/form.html", form=found, title=in_language(found.title, words().language))


def changes(form_id: str) -> str:
    """What one published version does differently from another; the two newest unless others are chosen."""
    found = form_catalogue.form(context(), actor(), form_id)
    versions = [one.version for one in found.versions]
    new = request.args.get("to") or next(iter(versions), "")
    old = request.args.get("from") or next(iter(versions[1:]), new)
    return render_template(
        "office/form_changes.html",
        form=found,
        title=in_language(found.title, words().language),
        versions=versions,
        old=old,
        new=new,
        found=form_differences.between(context(), actor(), form_id, old, new),
    )


def set_state(form_id: str) -> Any:
    """Retire the form, or offer it again."""
    retires = request.form.get("state") == "retired"
    (trials.retire if retires else trials.reopen)(context(), actor(), form_id)
    flash(words()("forms.retired" if retires else "forms.reopened"), "done")
    return redirect(url_for("office.form", form_id=form_id))


def source(form_id: str, version: str) -> Response:
    """The file of a published version, as it was uploaded."""
    return _file(*authoring.file_of(context(), actor(), form_id, version))


def draft_source(form_id: str, version: str) -> Response:
    """The file of a draft, as it was uploaded."""
    return _file(*authoring.draft_file(context(), actor(), form_id, version))


def picture(form_id: str, version: str, sha256: str) -> Response:
    """A picture that a version shows, beside the words of an answer."""
    data, kind = form_pictures.picture(context(), actor(), form_id, version, sha256)
    response = Response(data, mimetype=kind)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def draft(form_id: str, version: str) -> str:
    """A draft: what it would change, its doubts, who tries it out."""
    return _show(form_id, version)


def decide(form_id: str, version: str) -> Any:
    """Publish the draft, or give it up."""
    ctx, by, t = context(), actor(), words()
    if request.form.get("action") == "publish":
        found = authoring.publish(ctx, by, *authoring.draft_file(ctx, by, form_id, version))
        if found.sound is None:
            return Response(_show(form_id, version), 422)
    trials.end(ctx, by, form_id, version)
    if request.form.get("action") == "publish":
        flash(t("forms.published", version=version), "done")
        return redirect(url_for("office.form", form_id=form_id))
    flash(t("forms.given-up"), "done")
    return redirect(url_for("office.forms"))


def testers(form_id: str, version: str) -> Any:
    """One tester more, or one less."""
    ctx, by = context(), actor()
    held = {one.id for one in form_catalogue.draft(ctx, by, form_id, version).testers}
    login, removed = request.form.get("login", "").strip(), request.form.get("remove", "")
    if removed:
        held.discard(removed)
    else:
        person_id = form_catalogue.person_called(ctx, by, login) if login else None
        if person_id is None:
            flash(words()("forms.nobody", login=login), "problem")
            return redirect(url_for("office.draft", form_id=form_id, version=version))
        held.add(person_id)
    trials.set_testers(ctx, by, form_id, version, held)
    return redirect(url_for("office.draft", form_id=form_id, version=version) + "#testers")


def _show(form_id: str, version: str) -> str:
    ctx, by = context(), actor()
    shown = form_catalogue.draft(ctx, by, form_id, version)
    found: Checked = authoring.check(ctx, by, *authoring.draft_file(ctx, by, form_id, version))
    title = in_language(found.compiled.definition["title"], words().language) if found.compiled else form_id
    return render_template("office/draft.html", form_id=form_id, draft=shown, found=found, title=title)


def _titled(one: form_catalogue.Form) -> dict[str, Any]:
    return {"form": one, "title": in_language(one.title, words().language) or one.id}


def _file(data: bytes, name: str) -> Response:
    """A file to keep. Never shown in the page: what somebody uploaded must not run in the office."""
    response = Response(data, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response
