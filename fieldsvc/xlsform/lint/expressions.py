"""Expressions read where they stand, for a form that could not be converted: only what one cell can tell alone."""

from __future__ import annotations

import re

from fieldsvc.xlsform.functions import FUNCTIONS, LAZY
from fieldsvc.xlsform.lint.book import Book
from fieldsvc.xlsform.parse import Ast, parse
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.spelling import nearest

COLUMNS = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count", "required", "readonly")
_WIDE = re.compile("[（），；：。＝＜＞！＋－＊／＄｛｝［］]")
_FOREIGN = re.compile(r"==|&&|\|\||<>|&|\b(?:AND|OR|NOT)\b")
#: pyxform reads the quotes of an input method or a word processor as plain ones.
_PLAIN_QUOTES = str.maketrans("“”‘’", "\"\"''")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_REFERENCE = re.compile(r"\$\{[^}]*\}")
_PLAIN = {"yes", "no", "true", "false", "true()", "false()"}


def punctuation(book: Book) -> None:
    """Note what an input method for Chinese leaves in an expression, and what is written in Excel or a programming
    language; inside quotes it is text and may stay."""
    for number, row in book.sheet("survey").numbered():
        for column, text in row.items():
            if _is_expression(column):
                bare = _REFERENCE.sub("", _QUOTED.sub("", text.translate(_PLAIN_QUOTES)))
                odd = _WIDE.findall(bare)
                if odd:
                    book.complain("expression-punctuation", "survey", number, column, "".join(dict.fromkeys(odd)))
                elif foreign := _FOREIGN.findall(bare):
                    book.complain("expression-foreign", "survey", number, column, " ".join(dict.fromkeys(foreign)))


def expressions(book: Book) -> None:
    """Note expressions that cannot be read, functions nobody knows, and wrong numbers of arguments."""
    for number, row in book.sheet("survey").numbered():
        for column, text in row.items():
            if not _is_expression(column):
                continue
            written = book.sheet("survey").as_written(column)
            known = any(one.sheet == "survey" and (one.row, one.column) == (number, written) for one in book.problems)
            if known or text.lower() in _PLAIN:
                continue
            try:
                tree = parse(_REFERENCE.sub("/data/x", text.translate(_PLAIN_QUOTES)))
            except ExpressionError as error:
                book.complain(error.code, "survey", number, column, f"{error.detail}: {text}")
                continue
            for code, name in unknown_functions(tree):
                book.complain(code, "survey", number, column, name)


def _is_expression(column: str) -> bool:
    return column in COLUMNS or re.fullmatch(r"bind::fs:soft\d*", column) is not None


def unknown_functions(tree: Ast) -> list[tuple[str, str]]:
    """Problem code and name of every function that does not exist or gets another number of arguments."""
    found: list[tuple[str, str]] = []
    if isinstance(tree, list):
        if tree[:1] == ["f"] and len(tree) > 1 and isinstance(tree[1], str):
            known = LAZY.get(tree[1]) or FUNCTIONS.get(tree[1])
            if known is None and tree != ["f", "version"]:
                found.append(("unknown-function", nearest(f"{tree[1]}", {*LAZY, *FUNCTIONS})))
            elif known and not known.fewest <= len(tree) - 2 <= known.most:
                found.append(("wrong-arguments", f"{tree[1]}()"))
        for part in tree:
            found += unknown_functions(part)
    return found
