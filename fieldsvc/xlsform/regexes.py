"""Regular expressions that mean the same on the phone (`static/core/expr-functions.js`) and here.

JavaRosa decides in doubt: a character is one, however rare it is; blanks, digits and word letters are those of ASCII.
"""

from __future__ import annotations

import re

from fieldsvc.xlsform.problems import ExpressionError

#: An escape, whose letter stands for itself or for a kind of characters; those below are not known in both languages.
_ESCAPE = re.compile(r"\\[^apPAZzGKQeN]", re.DOTALL)
#: A class after that: a sign like `+` or `(` in it is only itself. An empty or a nested one means two things and stays.
_CLASS = re.compile(r"\[(?!\^?\]|\[)[^\]\\]+\]")
#: Safari 15 has no lookbehind, and these are spelled otherwise, or not at all, in one of the two languages.
_NOT_SHARED = re.compile(r"\(\?<|\(\?P|\(\?[aiLmsux-]|\\|[*+?}]\+|\[\^?\]|\[\[|\{,")
#: What is left as it is, a class, one without an end, and the two signs outside that mean less in a browser than here.
_SIGNS = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|[.$[]", re.DOTALL)
_AS_IN_A_BROWSER = {".": "[^\n\r\u2028\u2029]", "$": r"\Z"}


#: One character of a class, and the one a range from it leads to.
_ATOM = re.compile(r"(\\.|[^\\])(?:-(\\.|[^\\]))?", re.DOTALL)
#: Signs of which two in a class will one day mean a set operation to Python, and mean themselves in a browser.
_SET_SIGNS = frozenset("-&~|[")


def is_shared(pattern: str) -> bool:
    """Whether both engines can use `pattern`."""
    if _NOT_SHARED.search(_CLASS.sub("[_", _ESCAPE.sub("_", pattern))):
        return False
    try:
        re.compile(_ours(pattern))
    except re.error:
        return False
    return True


def matches(value: str, pattern: str) -> bool:
    """Whether the whole of `value` is as `pattern` says. Raises `regex`: it cannot be used on every phone."""
    if not is_shared(pattern):
        raise ExpressionError("regex", pattern)
    return re.fullmatch(f"(?:{_ours(pattern)})", value, re.ASCII) is not None


def _ours(pattern: str) -> str:
    """The pattern as Python spells what a browser understands by it. Raises `re.error` for a class without an end."""
    return _SIGNS.sub(lambda sign: _as_in_a_browser(sign[0]), pattern)


def _as_in_a_browser(sign: str) -> str:
    if sign == "[":
        raise re.error("unterminated character set")
    if sign[0] != "[":
        return _AS_IN_A_BROWSER.get(sign, sign)
    begin = 2 if sign[1] == "^" else 1
    inside = _ATOM.sub(lambda atom: "-".join(_plain(one) for one in atom.groups() if one), sign[begin:-1])
    return f"{sign[:begin]}{inside}]"


def _plain(character: str) -> str:
    return f"\\{character}" if character in _SET_SIGNS else character
