"""XLSForm and XForm: compiled forms, their expression language, and the judging of submissions.

Nothing here knows of a database, a request or a clock.
"""

from fieldsvc.xlsform.compile import Compiled, compile_form
from fieldsvc.xlsform.problems import FormProblem, FormProblems
from fieldsvc.xlsform.runtime import Effect, Judgement, Violation, effects_of, judge, validate

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
