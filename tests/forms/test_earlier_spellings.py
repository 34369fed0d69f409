"""Forms of the first years of XLSForm, as old libraries hold them: other words for the same types and columns."""

from __future__ import annotations

import pytest

from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.lint.questions import EARLIER, TYPES
from tests.forms.forms import compiled, node, refused


@pytest.mark.parametrize(
    ("spelled", "kind"),
    [
        ("gps", "geopoint"),
        ("add text prompt", "string"),
        ("add integer prompt", "int"),
        ("q decimal", "decimal"),
        ("add photo prompt", "image"),
        ("date time", "dateTime"),
    ],
)
def test_an_earlier_spelling_of_a_type_means_the_type(spelled: str, kind: str) -> None:
    assert node(compiled([{"type": spelled, "name": "it"}]), "/data/it")["type"] == kind


@pytest.mark.parametrize("spelled", sorted(EARLIER))
def test_every_earlier_spelling_is_accepted_for_a_type_there_is(spelled: str) -> None:
    silent = EARLIER[spelled] in ("start", "end", "today", "deviceid", "phonenumber", "username", "email")
    row = {"type": spelled, "name": "it", "calculation": "1"} if EARLIER[spelled] == "calculate" else {"type": spelled}
    assert EARLIER[spelled] in TYPES
    assert refused_in({"name": "it", "label": "" if silent else "它", **row}) == []


@pytest.mark.parametrize(
    ("spelled", "kind"),
    [
        ("select one from yn", "select_one"),
        ("select all that apply from yn", "select_multiple"),
        ("select all that apply from yn or specify other", "select_multiple"),
        ("add select one prompt using yn", "select_one"),
    ],
)
def test_a_choice_is_asked_for_in_the_words_of_the_first_years(spelled: str, kind: str) -> None:
    form = compiled([{"type": spelled, "name": "it"}])
    found = node(form, "/data/it")
    assert found["type"] == kind
    assert {row["value"] for row in form["choices"][found["choices"]]} >= {"yes", "no"}


def test_a_question_with_a_calculation_and_no_words_is_computed_and_not_shown() -> None:
    form = compiled(
        [{"type": "integer", "name": "n"}, {"type": "text", "name": "twice", "label": "", "calculation": "${n} * 2"}]
    )
    assert node(form, "/data/twice")["kind"] == "calculate"
    assert [problem.code for problem in refused("\n".join(NO_WORDS))] == ["label-missing"]


NO_WORDS = (
    "| survey |",
    "| | type | name | label |",
    "| | text | it | |",
    "",
    "| settings |",
    "| | form_title | form_id | version |",
    "| | 试 | old | 1 |",
)


def test_a_language_may_stand_behind_a_single_colon() -> None:
    text = "\n".join(NO_WORDS).replace("label", "label:中文 (zh)").replace("it | |", "it | 名称 |")
    text = text.replace("version |", "version | default_language |").replace("old | 1 |", "old | 1 | 中文 (zh) |")
    assert node(dict(compile_form(text, "old.md").definition), "/data/it")["label"] == {"zh": "名称"}


def refused_in(row: dict[str, str]) -> list[str]:
    """The codes for which a form with this one row and a question is refused."""
    columns = list(row)
    lines = [
        "| survey |",
        f"| | {' | '.join(columns)} |",
        f"| | {' | '.join(row.values())} |",
        f"| | {' | '.join({'type': 'text', 'name': 'n', 'label': '数'}.get(column, '') for column in columns)} |",
        *NO_WORDS[3:],
    ]
    return [problem.code for problem in refused("\n".join(lines))]
