"""Lists outside a form: how they are read, which of their columns a form takes along, and what is refused."""

from __future__ import annotations

from typing import Any, cast

import pytest

from fieldsvc.xlsform import FormProblems
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.reference import LARGEST, MOST_ROWS, attach, bare, reference_list
from fieldsvc.xlsform.runtime import labels_of
from fieldsvc.xlsform.scope import Scope
from fieldsvc.xlsform.values import Node
from tests.forms.both import recalculated, validate
from tests.forms.forms import compiled, markdown, refused

CONTEXT = {"now": 1_795_327_200_000, "utc_offset": 480, "seed": 7}
LINES = [
    {"name": "income_line", "year": "2025", "value": "8000", "label": "监测线", "label::en": "Line", "source": "省"},
    {"name": "income_line", "year": "2026", "value": "8500", "label": "监测线", "label::en": "Line", "source": "省"},
    {"name": "house_m2", "year": "2025", "value": "25", "label": "住房面积", "source": "省"},
]
FORM = [
    {"type": "integer", "name": "year"},
    {
        "type": "calculate",
        "name": "line",
        "calculation": "instance('lines')/root/item[name = 'income_line' and year <= ${year}][last()]/value",
    },
]


def published(survey: list[dict[str, str]], **lists: list[dict[str, str]]) -> Any:
    """The form as it is published beside these lists."""
    revisions = {name: (1, rows) for name, rows in lists.items()}
    return attach(cast(Definition, compiled(survey)), revisions, ["members", "households"])


@pytest.mark.parametrize(("year", "line"), [("2026", "8500"), ("2025", "8000"), ("2030", "8500"), ("2024", None)])
def test_a_figure_is_taken_from_the_newest_row_that_is_not_too_new(year: str, line: str | None) -> None:
    answers = {"year": year}
    assert recalculated(published(FORM, lines=LINES), answers, CONTEXT) == {"/data/line": line}


def test_a_form_takes_along_only_the_columns_it_can_read_and_the_rows_it_can_find() -> None:
    form = published(FORM, lines=LINES)
    assert form["instances"]["lines"] == [
        {"name": "income_line", "year": "2025", "value": "8000"},
        {"name": "income_line", "year": "2026", "value": "8500"},
    ]
    assert form["lists"] == {"lines": 1}
    assert "reads" not in form


def test_a_choice_from_a_file_takes_labels_in_every_language_and_what_its_filter_asks() -> None:
    survey = [
        {"type": "integer", "name": "year"},
        {"type": "select_one_from_file lines.csv", "name": "which", "choice_filter": "year = ${year}"},
    ]
    form = published(survey, lines=LINES)
    assert form["instances"]["lines"][0] == {
        "name": "income_line",
        "year": "2025",
        "label": "监测线",
        "label::en": "Line",
    }
    answers = {"year": "2026", "which": "house_m2"}
    assert [(each.ref, each.kind) for each in validate(form, answers, CONTEXT)] == [("/data/which", "choice")]
    assert validate(form, {**answers, "year": "2025"}, CONTEXT) == []


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("pulldata('lines', 'value', 'name', 'house_m2')", 1),
        ("pulldata('lines', 'value', 'name', ${year})", 3),
        ("instance('lines')/root/item['house_m2' = name]/value", 1),
        ("instance('lines')/root/item[year = '2025' and name = 'house_m2']/value", 1),
        ("instance('lines')/root/item[name = 'house_m2' or year = '2025']/value", 3),
        ("instance('lines')/root/item[name = 'house_m2' and position() > 1]/value", 3),
        ("instance('lines')/root/item[3]/value", 3),
        (
            "concat(instance('lines')/root/item[name = 'house_m2']/value, instance('lines')/root/item[year = 1]/value)",
            3,
        ),
    ],
)
def test_rows_are_left_out_only_where_no_expression_can_find_them(expression: str, rows: int) -> None:
    form = published([FORM[0], {"type": "calculate", "name": "found", "calculation": expression}], lines=LINES)
    assert len(form["instances"]["lines"]) == rows


@pytest.mark.parametrize(
    ("expression", "columns"),
    [
        ("pulldata('lines', 'value', 'name', 'house_m2')", {"name", "value"}),
        ("jr:choice-name('house_m2', '/data/which')", {"name", "label", "label::en"}),
        ("count(instance('lines')/root/item[starts-with(source, '省')])", {"name", "source"}),
        ("instance('lines')/root/item[1]/*", {"name", "year", "value", "label", "label::en", "source"}),
    ],
)
def test_every_way_to_look_something_up_says_which_columns_it_needs(expression: str, columns: set[str]) -> None:
    survey = [{"type": "calculate", "name": "found", "calculation": expression}]
    if "choice-name" in expression:
        survey.insert(0, {"type": "select_one_from_file lines.csv", "name": "which"})
    assert set(published(survey, lines=LINES)["instances"]["lines"][0]) == columns


def test_the_records_a_phone_holds_stay_outside_the_form() -> None:
    survey = [{"type": "calculate", "name": "n", "calculation": "count(instance('members')/root/item[sex = 'female'])"}]
    form = published(survey, lines=LINES)
    assert form["reads"] == {"members": ["sex"]}
    assert "instances" not in form


def test_a_list_nobody_has_published_is_named() -> None:
    with pytest.raises(FormProblems) as found:
        published(FORM)
    assert [(each.code, each.detail) for each in found.value.problems] == [("list-missing", "lines")]


def test_what_a_form_was_compiled_to_can_be_read_back_from_what_was_published() -> None:
    form = compiled(FORM)
    assert bare(published(FORM, lines=LINES)) == form


def test_the_name_of_a_list_must_be_written_out() -> None:
    survey = [
        {"type": "text", "name": "a"},
        {"type": "calculate", "name": "b", "calculation": "count(instance(${a})/root/item)"},
    ]
    assert [(each.code, each.ref) for each in refused(markdown(survey))] == [("list-missing", "/data/b")]


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        ([{"code": "a"}], "list-unreadable", 2),
        ([{"name": "a"}, {"name": "", "value": "1"}], "list-unreadable", 3),
        ([{"name": "a b"}], "choice-code", 2),
        ([{"name": "a", "two words": "1"}], "list-unreadable", 1),
        ([], "list-unreadable", None),
        ([{"name": f"n{number}"} for number in range(MOST_ROWS + 1)], "list-too-large", None),
    ],
)
def test_a_list_that_cannot_be_used_says_where(rows: list[dict[str, str]], code: str, row: int | None) -> None:
    with pytest.raises(FormProblems) as found:
        reference_list("firms", rows)
    assert [(each.code, each.row) for each in found.value.problems] == [(code, row)]


def test_headings_with_a_language_are_known_by_its_code() -> None:
    listed = reference_list("firms", [{"name": "a", "label::English (en)": "A", "label": "甲"}])
    assert listed.rows == [{"name": "a", "label::en": "A", "label": "甲"}]


def test_a_form_is_not_made_heavier_than_a_slow_network_bears() -> None:
    rows = [{"name": f"n{number}", "value": "x" * 200} for number in range(LARGEST // 200)]
    with pytest.raises(FormProblems) as found:
        published(
            [{"type": "calculate", "name": "v", "calculation": "pulldata('firms', 'value', 'name', 1 + 1)"}], firms=rows
        )
    assert [each.code for each in found.value.problems] == ["list-too-large"]


def test_a_label_reads_in_the_language_of_the_visit() -> None:
    survey = [
        {"type": "select_one_from_file lines.csv", "name": "which"},
        {"type": "note", "name": "said", "label": "${name}"},
        {"type": "calculate", "name": "name", "calculation": "jr:choice-name(${which}, '${which}')"},
    ]
    form = {**published(survey, lines=LINES), "languages": ["zh", "en"]}
    answers = {"which": "income_line"}
    assert labels_of(form, answers, {**CONTEXT, "language": "en"})["/data/said"] == {"zh": "Line"}
    assert labels_of(form, answers, {**CONTEXT, "language": "zh"})["/data/said"] == {"zh": "监测线"}


def test_two_thousand_rows_are_looked_up_by_name_without_trying_each(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []
    trying = Scope.trying

    def counted(at: Scope, node: Node, position: int, size: int) -> Scope:
        tried.append(node)
        return trying(at, node, position, size)

    monkeypatch.setattr(Scope, "trying", counted)
    rows = [{"name": f"n{number}", "value": str(number)} for number in range(2000)]
    survey = [
        {"type": "text", "name": "code"},
        {
            "type": "calculate",
            "name": "v",
            "calculation": "instance('firms')/root/item[name = ${code} and value != '']/value",
        },
    ]
    form = published(survey, firms=rows)
    assert recalculated(form, {"code": "n1777"}, CONTEXT) == {"/data/v": "1777"}
    assert len(tried) == 1


def test_compiling_leaves_the_lists_to_publishing_and_says_which_they_are() -> None:
    assert compiled(FORM)["reads"] == {"lines": ["value", "year"]}
