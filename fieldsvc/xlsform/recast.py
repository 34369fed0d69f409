"""What pyxform says in English only, in the words of this package: most of it `lint` has said before, with the cell.

Its messages are sentences made for people, so that they are told apart by what stands in them. One that is not known
here is passed on as it is.
"""

from __future__ import annotations

import re

from fieldsvc.xlsform.problems import FormProblem, problem

_ROW = re.compile(r"\[row : (\d+)\]")
_SHEET = re.compile(r"the '(survey|choices|settings|entities)' sheet", re.IGNORECASE)
_COLUMN = re.compile(r"the '([\w:]+)' (?:value|column)")
#: What a message holds, the code it gets, and the detail in Chinese and in English, with what the message names.
_KNOWN: tuple[tuple[str, str, str, str], ...] = (
    ("accepted parameter keys .*? are '(.*?)'.*invalid parameter key\\(s\\): '(.*?)'", "parameters-invalid",
     "没有 {1}，可写 {0}", "no {1}, but {0}"),
    ("(?i)parameter '([\\w-]+)' must not be '0'", "parameters-invalid", "{0} 不能是 0", "{0} must not be 0"),
    ("(?i)parameter '([\\w-]+)' must be a number", "parameters-invalid", "{0} 应是数字", "{0} must be a number"),
    ("parameter '([\\w-]+)' must not be larger than", "parameters-invalid", "{0} 超出 start 到 end 的范围",
     "{0} is larger than from start to end"),
    ("parameter '([\\w-]+)' must be between|'tick_labelset' choices must be between", "parameters-invalid",
     "{0} 不在 start 到 end 之间", "{0} is not between start and end"),
    ("parameter '([\\w-]+)' must be a multiple", "parameters-invalid", "{0} 应是 step 的倍数",
     "{0} must be a multiple of step"),
    ("(?i)parameter '?([\\w-]+)'? must have an? (?:integer|numeric) value", "parameters-invalid", "{0} 应是数字",
     "{0} must be a number"),
    ("'tick_labelset'", "parameters-invalid", "tick_labelset 要写选项列表名，选项代码是刻度上的数字",
     "tick_labelset names a choice list whose codes are numbers of the scale"),
    ("'(incremental|allow-mock-accuracy|reference-geometry)'", "parameters-invalid", "{0}", "{0}"),
    ("Parameters must include randomize", "parameters-invalid", "有 seed 就要有 randomize=true",
     "seed needs randomize=true"),
    ("randomize must be set to true or false", "parameters-invalid", "randomize 只能是 true 或 false",
     "randomize is true or false"),
    ("Invalid value for quality", "parameters-invalid", "quality 只能是 voice-only、low、normal、external",
     "quality is voice-only, low, normal or external"),
    ("Parameters must be in the form", "parameters-invalid", "", ""),
    ("(?i)\\bparameters?\\b", "parameters-invalid", "", ""),
    ("The save_to property '(.*?)' is already assigned by row '(.*?)'", "save-to-invalid", "{0} = {1}", "{0} = {1}"),
    ("has a reference in container scope '(.*?)' which is not compatible with .*? in scope '(.*?)'", "entity-scope",
     "{0}、{1}", "{0}, {1}"),
    ("no valid containers available in the scope: '(.*?)', .*? row '(.*?)'", "entity-scope", "{0}，第 {1} 行已占用",
     "{0}, taken by row {1}"),
    ("'save_to' value", "save-to-invalid", "", ""),
    ("'entities' sheet", "entity-invalid", "", ""),
    ("Reference variable lists must have a comma", "expression-syntax", "${{a}}, ${{b}}", "${{a}}, ${{b}}"),
    ("Reference variable", "expression-syntax", "", ""),
    ("Unmatched '(.*?)'.* for the name '(.*?)'", "group-unbalanced", "{0} {1}", "{0} {1}"),
    ("different names for the same column were found: (.*?)\\. ", "heading-duplicate", "{0}", "{0}"),
    ("required column headers were not found: (.*?)\\.(?: |$)", "heading-missing", "{0}", "{0}"),
    ("Invalid headers provided", "heading-missing", "", ""),
    ("Media type: (.*) not supported", "heading-wrong", "media::{0}", "media::{0}"),
    ("also specify an image", "heading-missing", "media::image", "media::image"),
    ("The name 'meta' is reserved|'name' value '(.*?)' is invalid. (?:Questions|Repeat)", "name-duplicate",
     "{0}", "{0}"),
    ("Question or group with no name|must have a name", "name-missing", "", ""),
    ("Question with no type", "type-missing", "", ""),
    ("Unknown question type '(.*?)'", "type-unsupported", "{0}", "{0}"),
    ("Missing calculation", "calculation-missing", "", ""),
    ("File name for '(.*?)' should end", "list-file", "{0}", "{0}"),
    ("List name not in \\w+ sheet: (.*)", "list-missing", "{0}", "{0}"),
    ("Choice filter not supported with or_other", "choice-other", "", ""),
    ("(?:There should be|Please specify) choices|Repeat loop without list name", "list-missing", "", ""),
    ("[Nn]ames must", "name-invalid", "", ""),
    ("valid machine-readable codes: (.*?)\\. ?", "language-code", "{0}", "{0}"),
)  # fmt: skip


def recast(text: str, code: str | None = None) -> FormProblem:
    """A message of pyxform under a code of ours, its place taken out of the sentence; `code` where it is not known."""
    row, sheet, column = _ROW.search(text), _SHEET.search(text), _COLUMN.search(text)
    known, zh, en = _words(text)
    if not known:
        known, zh = code or "form-refused", ""
        en = _ROW.sub("", text).partition("Learn more")[0].strip()
    named = column[1] if column else "parameters" if row and known == "parameters-invalid" else None
    return problem(
        known,
        en,
        detail_zh=zh,
        sheet=sheet[1].lower() if sheet else ("survey" if row else None),
        row=int(row[1]) if row else None,
        column=named,
    )


def _words(text: str) -> tuple[str, str, str]:
    for pattern, code, zh, en in _KNOWN:
        if found := re.search(pattern, text, re.DOTALL):
            names = [name or "" for name in found.groups()]
            return code, zh.format(*names), en.format(*names)
    return "", "", ""
