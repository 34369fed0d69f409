"""Smaller texts with the same meaning, for JavaScript and CSS. Knows nothing of files or releases.

`rjsmin` takes comments and spaces out by regular expressions and does not see where a template literal with nested
templates ends. So literals are cut out first, their expressions made smaller on their own, and put back afterwards.
"""

from __future__ import annotations

import re

import rcssmin
import rjsmin

from fieldsvc.web.rename import shorter

_BEFORE_REGEX = re.compile(r"(?:^|[(,=:\[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|delete|throw))\s*$")
_LINE_BREAKS = re.compile(r"\s*\n\s*")
_MARK = "__LITERAL{}__"
_MARKS = re.compile(r"__LITERAL(\d+)__")


def css(text: str) -> str:
    """A style sheet without comments and needless space."""
    return str(rcssmin.cssmin(text))


def javascript(text: str) -> str:
    """A module without comments and needless space, its variables under short names."""
    return shorter(without_space(text))


def without_space(text: str) -> str:
    """A module without comments and needless space; templates keep their words, line breaks inside become one."""
    literals: list[str] = []
    code = _cut_templates(text, literals)
    small = str(rjsmin.jsmin(code)).strip()
    return _MARKS.sub(lambda mark: literals[int(mark[1])], small)


def _cut_templates(text: str, literals: list[str]) -> str:
    """The text with every template literal replaced by a name; the literals go to the list, already small."""
    out: list[str] = []
    at = 0
    while at < len(text):
        end = _end_of_token(text, at)
        if text[at] == "`":
            out.append(_MARK.format(len(literals)))
            literals.append(_small_template(text[at:end]))
        else:
            out.append(text[at:end])
        at = end
    return "".join(out)


def _end_of_token(text: str, at: int) -> int:
    """Where a string, template, comment or regular expression that begins here ends; else the next character."""
    character = text[at]
    if character in "'\"":
        return _end_of_quoted(text, at + 1, character)
    if character == "`":
        return _end_of_template(text, at + 1)
    if text.startswith("//", at):
        return _index(text, "\n", at)
    if text.startswith("/*", at):
        return _index(text, "*/", at) + 2
    if character == "/" and _BEFORE_REGEX.search(text, max(0, at - 40), at):
        return _end_of_regex(text, at + 1)
    return at + 1


def _index(text: str, what: str, at: int) -> int:
    found = text.find(what, at)
    return len(text) if found < 0 else found


def _end_of_quoted(text: str, at: int, quote: str) -> int:
    while text[at] != quote:
        at += 2 if text[at] == "\\" else 1
    return at + 1


def _end_of_regex(text: str, at: int) -> int:
    in_class = False
    while text[at] != "/" or in_class:
        if text[at] == "\\":
            at += 1
        elif text[at] in "[]":
            in_class = text[at] == "["
        at += 1
    return at + 1


def _end_of_template(text: str, at: int) -> int:
    while text[at] != "`":
        if text.startswith("${", at):
            at = _end_of_expression(text, at + 2)
        else:
            at += 2 if text[at] == "\\" else 1
    return at + 1


def _end_of_expression(text: str, at: int) -> int:
    """Past the brace that closes `${`; braces inside strings, templates and comments do not count."""
    depth = 1
    while depth:
        end = _end_of_token(text, at)
        if end == at + 1:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
        at = end
    return at


def _small_template(literal: str) -> str:
    """One template literal with its expressions made small and its indentation gone."""
    out: list[str] = []
    at = start = 0
    while at < len(literal):
        if literal.startswith("${", at):
            end = _end_of_expression(literal, at + 2)
            out += [_LINE_BREAKS.sub("\n", literal[start:at]), "${", without_space(literal[at + 2 : end - 1]), "}"]
            at = start = end
        else:
            at += 2 if literal[at] == "\\" else 1
    out.append(_LINE_BREAKS.sub("\n", literal[start:]))
    return "".join(out)
