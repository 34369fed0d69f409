"""Regular expressions that mean the same on the phone (`static/core/expr-functions.js`) and here.

JavaRosa decides in doubt: a character is one, however rare it is; blanks, digits and word letters are those of ASCII.
"""

from __future__ import annotations

import re

from fieldsvc.xlsform.problems import ExpressionError

#: An escape, whose letter stands for itself or for a kind of characters; those below are not known in both languages.
_ESCAPE = re.compile(r"\\[^pPAZzGKQeN]", re.DOTALL)
#: A class after that: a sign like `+` or `(` in it is only itself. An empty or a nested one means two things and stays.
_CLASS = re.compile(r"\[(?!\^?\]|\[)[^\]\\]+\]")
#: Safari 15 has no lookbehind, and these are spelled otherwise, or not at all, in one of the two languages.
_NOT_SHARED = re.compile(r"\(\?<|\(\?P|\(\?[aiLmsux-]|\\|[*+?}]\+|\[\^?\]|\[\[|\{,")
#: What is left as it is, and the two signs outside classes that mean less in a browser than here.
_SIGNS = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|[.$]", re.DOTALL)
_AS_IN_A_BROWSER = {".": "[^\n\r\u2028\u2029]", "$": r"\Z"}


def is_shared(pattern: str) -> bool:
    """Whether both engines can use `pattern`."""
    if _NOT_SHARED.search(_CLASS.sub("[_", _ESCAPE.sub("_", pattern))):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def matches(value: str, pattern: str) -> bool:
    """Whether the whole of `value` is as `pattern` says. Raises `regex`: it cannot be used on every phone."""
    if not is_shared(pattern):
        raise ExpressionError("regex", pattern)
    ours = _SIGNS.sub(lambda sign: _AS_IN_A_BROWSER.get(sign[0], sign[0]), pattern)
    return re.fullmatch(f"(?:{ours})", value, re.ASCII) is not None
