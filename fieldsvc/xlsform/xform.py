"""An XForm opened for compiling: where its binds, instances and controls are, and what its texts say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from lxml import etree

from fieldsvc.xlsform.definition import Text, Texts
from fieldsvc.xlsform.parse import Ast, parse
from fieldsvc.xlsform.pictures import Pictures
from fieldsvc.xlsform.problems import ExpressionError, FormProblem, FormProblems, problem

Element: TypeAlias = Any  # lxml has no types

XF = "{http://www.w3.org/2002/xforms}"
H = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
ORX = "{http://openrosa.org/xforms}"
ODK = "{http://www.opendatakit.org/xforms}"
ENTITIES = "{http://www.opendatakit.org/xforms/entities}"
FS = "{urn:fieldsvc:forms}"

_LANGUAGE = re.compile(r"\(([A-Za-z-]+)\)\s*$")
#: How an answer in a soft rule's message passes through pyxform; see `library.expand`.
MARKED = re.compile(r"⟦([^⟧]+)⟧")
#: The attributes by which a control names its node, and the elements beside controls that carry one of them.
NAMING = ("ref", "nodeset", "bind")
#: Actions that record without being asked: nobody is tracked here.
BACKGROUND = (f"{ODK}setgeopoint", f"{ODK}recordaudio")
#: The element that holds several actions of one event.
TOGETHER = f"{XF}action"
#: What XForms knows beside filling in a value, and no form of the field uses; to compute anew is what happens anyway.
_DONE_NOWHERE = ("delete", "dispatch", "insert", "load", "message", "reset", "send", "setfocus", "setindex", "toggle")
OTHERS = tuple(f"{XF}{name}" for name in _DONE_NOWHERE)
_NO_CONTROLS = {
    *BACKGROUND,
    *OTHERS,
    *(f"{XF}{name}" for name in ("label", "hint", "value", "setvalue", "itemset", "copy", "output")),
}
#: Twice the questions of the longest survey that a spreadsheet may hold (`spreadsheet.MOST_ROWS`): each may have both.
MOST_NODES = 6_000
_COUNTED = {"bind", "group", "repeat", "input", "select", "select1", "rank", "range", "upload", "trigger", "setvalue"}
_ITEXT = re.compile(r"""\s*jr:itext\(\s*(?:'([^']+)'|"([^"]+)")\s*\)\s*""")


def local(element: Element) -> str:
    """The tag of `element` without its namespace."""
    return str(etree.QName(element).localname)


def language_code(name: str) -> str:
    """`中文 (zh)` is `zh`; a form without languages is taken to be Chinese."""
    found = _LANGUAGE.search(name)
    code = found[1] if found else name
    return "zh" if code == "default" else code


def said_by_lists(tree: Ast) -> Ast:
    """`tree` with `jr:itext(…/itextId)`, by which pyxform's forms get at the words of a choice, as its label.

    Our lists hold the words themselves, in each language, so that no phone needs the texts beside them.
    """
    match tree:
        case [("n" | "s"), _]:
            return tree
        case ["f", "jr:itext", ["p", start, [*steps, ["c", "itextId"]]]]:
            return ["f", "string", said_by_lists(["p", start, [*steps, ["c", "label"]]])]
        case ["p", start, steps]:
            inner = said_by_lists(start) if isinstance(start, list) else start
            return ["p", inner, [[*step[:2], *map(said_by_lists, step[2:])] for step in steps]]
        case ["f", name, *args]:
            return ["f", name, *map(said_by_lists, args)]
        case [operator, *parts]:
            return [operator, *map(said_by_lists, parts)]
    return tree


def versioned(tree: Ast, version: str) -> Ast:
    """`tree` with JavaRosa's `version()` as the version its author wrote: no phone needs a function for it."""
    if tree == ["f", "version"]:
        return ["s", version]
    return [versioned(part, version) if isinstance(part, list) else part for part in tree]


@dataclass(slots=True)
class XForm:
    """The parts of one XForm, with the problems met while reading it."""

    document: Element
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[FormProblem] = field(default_factory=list)
    warnings: list[FormProblem] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    default_language: str = "zh"
    itext: dict[str, dict[str, Texts]] = field(default_factory=dict)
    #: Choices that stand in the question itself, by its ref.
    inline: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    instance: Element = field(init=False)
    binds: dict[str, Element] = field(default_factory=dict)
    bind_ids: dict[str, str] = field(default_factory=dict)
    controls: dict[str, Element] = field(default_factory=dict)
    repeats: dict[str, Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        model = self.document.find(f"{H}head/{XF}model")
        primary = self.document.find(f"{H}head/{XF}model/{XF}instance")
        body = self.document.find(f"{H}body")
        if model is None or primary is None or not len(primary) or body is None:
            raise FormProblems([problem("form-unreadable", "no model or body")])
        if sum(1 for part in (model, body) for each in part.iter("{*}*") if local(each) in _COUNTED) > MOST_NODES:
            raise FormProblems([problem("form-too-large", f"> {MOST_NODES}")])
        self.instance = primary[0]
        self._read_itext(model)
        for bind in model.iter(f"{XF}bind"):
            self._add(self.binds, bind)
            self.bind_ids.setdefault(bind.get("id"), self.path_of(bind))
        for control in body.iter():
            if not isinstance(control.tag, str) or control.tag in _NO_CONTROLS:
                continue
            if control.tag == f"{XF}repeat":
                around = control.getparent()
                self._add(self.repeats, control)
                if around.tag == f"{XF}group" and not any(around.get(name) for name in NAMING):
                    # The group around a repeat carries its words, and may name no node of its own.
                    self.controls[self.path_of(control)] = around
            elif any(control.get(name) for name in NAMING):
                self._add(self.controls, control)

    def _add(self, known: dict[str, Element], element: Element) -> None:
        """Keep a bind or control under the path of its node. XForms allows several of them; here one would be lost."""
        path = self.path_of(element)
        if path in known and (len(element) or dict(known[path].attrib) != dict(element.attrib)):
            self.complain("node-twice", path, detail=local(element))
        known[path] = element

    def path_of(self, element: Element) -> str:
        """The path of the node that a bind, a control or an action is about.

        It may be named from the group or repeat around it, or through the id of a bind.
        """
        named = element.get("nodeset") or element.get("ref")
        if named is None and element.get("bind"):
            return self.bind_ids.get(element.get("bind"), "")
        named = (named or "").strip().removeprefix("current()/")
        if named.startswith("/"):
            return str(named)
        around = element.getparent()
        while around is not None and not any(around.get(name) for name in NAMING):
            around = around.getparent()
        steps = (f"/{local(self.instance)}" if around is None else self.path_of(around)).split("/")
        for step in named.split("/"):
            if step == "..":
                del steps[-1:]  # above the root nothing is, and no node has that path
            elif step not in ("", "."):
                steps.append(step)
        return "/".join(steps)

    def _read_itext(self, model: Element) -> None:
        for translation in model.iterfind(f"{XF}itext/{XF}translation"):
            language = language_code(translation.get("lang", "default"))
            self.languages.append(language)
            if translation.get("default") == "true()":
                self.default_language = language
            for text in translation.iterfind(f"{XF}text"):
                for value in text.iterfind(f"{XF}value"):
                    read = self.text_of(value, text.get("id", ""))
                    if read and read != "-":
                        forms = self.itext.setdefault(text.get("id", ""), {})
                        forms.setdefault(value.get("form", ""), {})[language] = read
        if not self.languages:
            self.languages.append(self.default_language)
        elif self.default_language not in self.languages:
            self.default_language = self.languages[0]

    def complain(self, code: str, ref: str = "", column: str | None = None, detail: str = "") -> None:
        """Note a problem at the node `ref`, with its row in the survey where that is known."""
        self.problems.append(self._at(code, ref, column, detail))

    def doubt(self, code: str, ref: str, column: str | None = None, detail: str = "") -> None:
        """Note what the author should look at, and what keeps no form from being published."""
        self.warnings.append(self._at(code, ref, column, detail))

    def _at(self, code: str, ref: str, column: str | None, detail: str) -> FormProblem:
        path = ref.partition("/")[2].partition("/")[2]
        row = self.rows.get(path) if ref else None
        if row is None and (counted := self.rows.get(path.removesuffix("_count"))):
            # pyxform gives the number of items a question of its own.
            row, column = counted, "repeat_count"
        return problem(code, detail, sheet="survey" if row else None, row=row, column=column, ref=ref or None)

    def ast(self, source: str, ref: str, column: str) -> Ast:
        """The tree of an expression; a broken one is noted and stands as a blank text."""
        try:
            return versioned(said_by_lists(parse(source)), self.instance.get("version") or "1")
        except ExpressionError as error:
            self.complain(error.code, ref, column, f"{error.detail}: {source.strip()}")
            return ["s", ""]

    def text_of(self, element: Element, ref: str) -> Text:
        """The text of a label or value; pieces when values stand in it. Outer blanks are pyxform's."""
        pieces: list[str | dict[str, Ast]] = [element.text or ""]
        for inner in element:
            if inner.tag == f"{XF}output":
                pieces.append({"$": self.ast(inner.get("value") or inner.get("ref", ""), ref, "label")})
            pieces.append(inner.tail or "")
        if len(pieces) == 1:
            return str(pieces[0]).strip()
        pieces[0] = str(pieces[0]).lstrip()
        pieces[-1] = str(pieces[-1]).rstrip()
        return [piece for piece in pieces if piece != ""]

    def filled(self, text: str, ref: str) -> Text:
        """The text of a message in an attribute, in pieces where answers stand in it: `${x}`, kept as `⟦x⟧`.

        pyxform would make a path of `${x}`, which nobody could tell from the words around it.
        """
        pieces: list[str | dict[str, Ast]] = []
        for number, part in enumerate(MARKED.split(text)):
            if number % 2 == 0:
                pieces.append(part)
                continue
            found = [path for path in self.binds if path.endswith(f"/{part}")]
            if len(found) != 1:
                self.complain("name-ambiguous" if found else "unknown-node", ref, "bind::fs:soft", f"${{{part}}}")
            pieces.append({"$": self.ast(found[0] if found else "''", ref, "bind::fs:soft")})
        return [piece for piece in pieces if piece != ""] if len(pieces) > 1 else text

    def texts(self, element: Element | None, form: str = "") -> Texts:
        """All translations of a label, hint or value element."""
        if element is None:
            return {}
        reference = _ITEXT.fullmatch(element.get("ref", ""))
        if reference:
            return self.said(reference[1] or reference[2], form)
        text = self.text_of(element, "")
        return {self.default_language: text} if text and not form else {}

    def picture(self, texts: Texts, ref: str = "") -> str | None:
        """The digest of the picture an itext names, in the default language where there are several."""
        named = texts.get(self.default_language) or next(iter(texts.values()), None)
        if not isinstance(named, str):
            return None
        name = named.rpartition("/")[2]
        # Of a spreadsheet the sheets themselves were asked, and know the row.
        if not self.rows and (objection := self.pictures.objection(name)):
            self.problems.append(problem(*objection, ref=ref or None))
        return self.pictures.take(name)

    def message(self, value: str | None) -> Texts:
        """All translations of a message in an attribute: a text, or a reference to one."""
        if not value:
            return {}
        reference = _ITEXT.fullmatch(value)
        return self.said(reference[1] or reference[2]) if reference else {self.default_language: value}

    def said(self, text_id: str, form: str = "") -> Texts:
        """All translations of an itext in one of its forms; where there is no plain one, the long or the short."""
        forms = self.itext.get(text_id, {})
        return forms.get(form) or (not form and (forms.get("long") or forms.get("short"))) or {}
