"""Compiles a form: XLSForm (.xlsx, .xls or Markdown) or XForm XML in, a definition for phones and server out.

Compiled from XForm XML, not from pyxform's private objects: the ODK XForms specification is the contract that stays.
"""

from __future__ import annotations

from fieldsvc.xlsform.beginning import check_beginning
from fieldsvc.xlsform.bundle import unbundled
from fieldsvc.xlsform.check import check
from fieldsvc.xlsform.compile_actions import attach_actions
from fieldsvc.xlsform.compile_choices import lists_of
from fieldsvc.xlsform.compile_entities import entities_of, subject_of
from fieldsvc.xlsform.compile_nodes import nodes_of
from fieldsvc.xlsform.compiled import Compiled, digest_of, walk
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.drawings import check_drawings
from fieldsvc.xlsform.library import Library, shipped
from fieldsvc.xlsform.own_words import YES, unknown_word
from fieldsvc.xlsform.parts import name_parts
from fieldsvc.xlsform.pictures import ALL, Pictures
from fieldsvc.xlsform.problems import FormProblems, in_order, problem
from fieldsvc.xlsform.reads import reads_of
from fieldsvc.xlsform.secondary import even_out
from fieldsvc.xlsform.supplied import identify
from fieldsvc.xlsform.workbook import Source, read_source, read_xml
from fieldsvc.xlsform.xform import FS, Element, H, XForm, local

__all__ = ["Compiled", "FormProblems", "compile_form", "digest_of", "walk"]


def compile_form(data: bytes | str, filename: str, library: Library | None = None) -> Compiled:
    """The compiled form in `data`; `filename` tells its kind. Raises `FormProblems` with everything that is wrong.

    A `.zip` holds a form with the pictures it shows. `library` holds the rules and choice lists a form may name without
    writing them out; this release's by default.
    """
    bundle = unbundled(data.encode() if isinstance(data, str) else data, filename)
    pictures = Pictures(bundle.pictures)
    source = read_source(bundle.data, bundle.filename, library or shipped(), pictures)
    form = XForm(_opened(source), source.rows, source.problems, pictures=pictures)
    if not source.settings:
        identify(form, bundle.filename)
    even_out(form)
    nodes = nodes_of(form)
    by_ref = {node["ref"]: node for node in walk(nodes)}
    attach_actions(form, by_ref)
    entities = entities_of(form)
    title = form.document.findtext(f"{H}head/{H}title") or ""
    version = form.instance.get("version") or "1"
    definition: Definition = {
        "form": form.instance.get("id", ""),
        "version": int(version) if version.isdecimal() else version,
        "title": _title(title, form.languages, form.default_language),
        "languages": form.languages,
        "default_language": form.default_language,
        "root": f"/{local(form.instance)}",
        "nodes": nodes,
        "choices": lists_of(form),
    }
    subject = subject_of(entities, by_ref, source.settings.get("subject_dataset"))
    if subject:
        definition["subject_dataset"] = subject
    if entities:
        definition["entities"] = entities
    if theme := source.settings.get("theme"):
        definition["theme"] = _title(theme, form.languages, form.default_language)
    if _says(form, source, "visit"):
        definition["visit"] = True
    if _says(form, source, "new_subject"):
        definition["new_subject"] = True
        check_beginning(form, definition)
    if pictures.used:
        definition["media"] = sorted(pictures.used)
        _not_too_many(form)
    check(form, definition, by_ref)
    check_drawings(form, by_ref)
    name_parts(definition, by_ref.values())
    reads = reads_of(definition)
    if reads:
        definition["reads"] = reads
    if form.problems:
        raise FormProblems(in_order(form.problems))
    return Compiled(
        definition, digest_of(definition), in_order([*source.warnings, *form.warnings]), source.rows, pictures.used
    )


def _opened(source: Source) -> Element:
    """The XForm; what the sheets were told already explains why there is none."""
    try:
        return read_xml(source.xml)
    except FormProblems as unread:
        raise FormProblems(in_order(source.problems or unread.problems)) from unread


def _says(form: XForm, source: Source, setting: str) -> bool:
    """Whether the settings say this of the form; an XForm of another tool has none, and says it on its instance."""
    said = source.settings.get(setting) or form.instance.get(f"{FS}{setting}") or "no"
    if said.strip().lower() in YES:
        return True
    if not form.rows and (strange := unknown_word(setting, said)):
        form.complain("word-unknown", column=f"fs:{setting}", detail=strange)
    return False


def _not_too_many(form: XForm) -> None:
    size = sum(map(len, form.pictures.used.values()))
    if size > ALL:
        form.problems.append(problem("pictures-too-many", f"{size} > {ALL}"))


def _title(title: str, languages: list[str], default: str) -> dict[str, str]:
    """XLSForm knows one text here; ours may hold one per language in the order of the languages: `走访 / Visit`."""
    parts = title.split(" / ")
    return dict(zip(languages, parts, strict=True)) if len(parts) == len(languages) else {default: title}
