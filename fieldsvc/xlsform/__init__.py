"""XLSForm and XForm: compiled forms, their expression language, and the judging of submissions.

Nothing here knows of a database, a request or a clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldsvc.xlsform.compiled import Compiled
from fieldsvc.xlsform.problems import FormProblem, FormProblems
from fieldsvc.xlsform.runtime import Effect, Judgement, Violation, effects_of, judge, validate

if TYPE_CHECKING:
    from fieldsvc.xlsform.library import Library

__all__ = [
    "Compiled",
    "Effect",
    "FormProblem",
    "FormProblems",
    "Judgement",
    "Violation",
    "compile_form",
    "effects_of",
    "judge",
    "validate",
]


def compile_form(data: bytes | str, filename: str, library: Library | None = None) -> Compiled:
    """The compiled form in `data`; see `compile.compile_form`. Raises `FormProblems`.

    What reads spreadsheets and writes XForms is loaded with the first form: 25 MB that a server at work does not need.
    """
    from fieldsvc.xlsform import compile as compiler

    return compiler.compile_form(data, filename, library)
