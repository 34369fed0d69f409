"""What can be wrong with a form or an expression, in words its author can act on.

A form is refused with every problem found, not with the first one: a clerk who uploads a spreadsheet ten times to see
ten mistakes goes back to paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fieldsvc.xlsform.problem_remedies import REMEDIES
from fieldsvc.xlsform.problem_texts import TEXTS

#: What explains the others at the same cell.
_WHY = ("expression-punctuation", "expression-foreign", "word-unknown")
_THEREFORE = ("expression-syntax", "expression-unsupported", "unknown-node", "unknown-function")
SHEETS = ("survey", "choices", "entities", "settings")


class ExpressionError(Exception):
    """An expression that cannot be read or computed; `code` is stable, `at` counts characters from 0."""

    def __init__(self, code: str, detail: str = "", at: int | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.at = at


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One mistake in a form, and where its author finds it.

    `sheet`, `row` (from 1, the heading is row 1) and `column` name the cell when it is known, `ref` the node.
    `detail_zh` is the detail in Chinese where it is made of words and not of what stands in the cell.
    """

    code: str
    text: dict[str, str]
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    ref: str | None = None
    detail: str = ""
    detail_zh: str = ""

    @property
    def remedy(self) -> dict[str, str]:
        """What the author does about it, in each language."""
        return REMEDIES[self.code]

    def place(self, language: str = "en") -> str:
        """Where it is: sheet, row and column, as far as they are known."""
        words = {"zh": (" 表", "第 {} 行", " 列"), "en": (" sheet", "row {}", " column")}[language]
        parts = [
            self.sheet and f"{self.sheet}{words[0]}",
            self.row and words[1].format(self.row),
            self.column and f"{self.column}{words[2]}",
        ]
        if not any(parts[:2]) and self.ref:
            parts.insert(0, self.ref)
        return ("，" if language == "zh" else ", ").join(part for part in parts if part)

    def what(self, language: str = "en") -> str:
        """What is wrong, with the detail."""
        zh = self.detail_zh or self.detail
        detail = {"zh": f"（{zh}）", "en": f" ({self.detail})"}[language] if self.detail else ""
        return f"{self.text[language]}{detail}"

    def sentence(self, language: str = "en") -> str:
        """The whole message in one line: the place, what is wrong, and what to do."""
        stop, colon = {"zh": ("。", "："), "en": (". ", ": ")}[language]
        place = self.place(language)
        return f"{place}{colon if place else ''}{self.what(language)}{stop}{self.remedy[language]}".strip()


@dataclass(slots=True)
class FormProblems(Exception):
    """A form that cannot be used, with everything that is wrong with it."""

    problems: list[FormProblem] = field(default_factory=list)

    def in_two_languages(self) -> str:
        """All of them for a console, each in Chinese and then in English."""
        return "\n".join(f"{each.sentence('zh')}\n  {each.sentence('en')}" for each in self.problems)

    def __str__(self) -> str:
        return "\n".join(problem.sentence() for problem in self.problems)


def in_order(problems: Iterable[FormProblem]) -> list[FormProblem]:
    """Each problem once, in the order in which somebody walks through the sheets."""
    places = {sheet: number for number, sheet in enumerate(SHEETS)}
    found = list(problems)
    # A bracket of the wrong width is why the parser stumbles; once is enough.
    told = {(one.sheet, one.row, one.column) for one in found if one.code in _WHY}
    kept = [one for one in found if one.code not in _THEREFORE or (one.sheet, one.row, one.column) not in told]
    once = {(one.code, one.sheet, one.row, one.column, one.row or one.ref, one.detail): one for one in kept}
    return sorted(once.values(), key=lambda one: (places.get(one.sheet or "", -1), one.row or 0))


def problem(
    code: str,
    detail: str = "",
    *,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    ref: str | None = None,
    detail_zh: str = "",
) -> FormProblem:
    """A `FormProblem` with the text of `code`."""
    return FormProblem(code, TEXTS[code], sheet, row, column, ref, detail, detail_zh)
