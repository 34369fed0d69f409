"""What can be wrong with a form or an expression, in words its author can act on.

A form is refused with every problem found, not with the first one: a clerk who uploads a spreadsheet ten times to see
ten mistakes goes back to paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field


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
    """

    code: str
    text: dict[str, str]
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    ref: str | None = None
    detail: str = ""

    def sentence(self, language: str = "en") -> str:
        """The whole message in one line: the place, what is wrong, and the detail."""
        parts = [self.sheet, f"row {self.row}" if self.row else None, self.column, self.ref]
        place = ", ".join(part for part in parts if part)
        text = self.text[language] + (f" ({self.detail})" if self.detail else "")
        return f"{place}: {text}" if place else text


@dataclass(slots=True)
class FormProblems(Exception):
    """A form that cannot be used, with everything that is wrong with it."""

    problems: list[FormProblem] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join(problem.sentence() for problem in self.problems)


TEXTS: dict[str, dict[str, str]] = {
    "form-unreadable": {
        "zh": "表格无法读取，请检查文件格式",
        "en": "The file cannot be read as a form",
    },
    "form-refused": {"zh": "表单写法有误", "en": "The form is not written correctly"},
    "form-too-large": {"zh": "表单文件过大", "en": "The form file is too large"},
    "xml-unsafe": {
        "zh": "文件含有不允许的 XML 内容",
        "en": "The file holds XML that is not allowed, such as a DOCTYPE",
    },
    "expression-syntax": {"zh": "表达式写法有误", "en": "The expression is not written correctly"},
    "expression-unsupported": {"zh": "表达式用到不支持的写法", "en": "The expression uses something unsupported"},
    "expression-too-deep": {"zh": "表达式层次太深", "en": "The expression is nested too deeply"},
    "unknown-function": {"zh": "没有这个函数", "en": "There is no such function"},
    "wrong-arguments": {"zh": "函数的参数个数不对", "en": "The function takes another number of arguments"},
    "unknown-node": {
        "zh": "表达式引用了不存在的题目",
        "en": "The expression names a question that does not exist",
    },
    "cycle": {
        "zh": "计算或显示条件互相引用，成了循环",
        "en": "Calculations or conditions go in a circle",
    },
    "type-unsupported": {"zh": "不支持这种题型", "en": "This type of question is not supported"},
    "regex-unsupported": {"zh": "正则表达式写法有误", "en": "The regular expression cannot be used"},
    "list-missing": {"zh": "没有这个选项列表", "en": "There is no such choice list"},
    "choice-code": {
        "zh": "选项代码不能含空格",
        "en": "A choice code must not hold blanks",
    },
    "form-warning": {"zh": "提示", "en": "Note"},
}


def problem(
    code: str,
    detail: str = "",
    *,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    ref: str | None = None,
) -> FormProblem:
    """A `FormProblem` with the text of `code`."""
    return FormProblem(code, TEXTS[code], sheet, row, column, ref, detail)
