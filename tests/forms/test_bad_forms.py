"""Forty forms a clerk could upload by mistake, each refused with the cell, the reason and the remedy in both languages.

The files in `bad/` say themselves what is expected: `# expect: code sheet row column`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fieldsvc.forms import datasets, form_sources
from fieldsvc.xlsform import compile_form
from fieldsvc.xlsform.problem_remedies import REMEDIES
from fieldsvc.xlsform.problem_texts import TEXTS
from fieldsvc.xlsform.problems import FormProblem
from fieldsvc.xlsform.records import check_records
from tests.forms.filled import ALL_ON
from tests.forms.forms import refused

FILES = sorted((Path(__file__).parent / "bad").glob("*.md"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def place(found: FormProblem) -> str:
    return " ".join(str(part or "-") for part in (found.code, found.sheet, found.row, found.column))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_form_is_refused_with_all_its_mistakes_and_where_they_are(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    expected = re.findall(r"^# expect: (.+)$", source, re.MULTILINE)
    assert expected
    assert sorted(place(found) for found in refused(source)) == sorted(expected)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_says_what_is_wrong_and_what_to_do_in_chinese_and_in_english(path: Path) -> None:
    for found in refused(path.read_text(encoding="utf-8")):
        chinese, english = found.sentence("zh"), found.sentence("en")
        assert chinese.endswith(found.remedy["zh"])
        assert CHINESE.search(chinese)
        assert english.endswith(found.remedy["en"])
        assert f"row {found.row}" in english
        assert f"第 {found.row} 行" in chinese


@pytest.mark.parametrize("path", form_sources().values(), ids=lambda path: path.stem)
def test_the_forms_of_this_release_raise_no_doubt(path: Path) -> None:
    compiled = compile_form(path.read_bytes(), path.name)
    known = {name: definition["properties"] for name, definition in datasets(ALL_ON).items()}
    wrong, doubts = check_records(compiled, known)
    assert [one.sentence() for one in (*compiled.warnings, *wrong, *doubts)] == []


def test_there_are_at_least_forty() -> None:
    assert len(FILES) >= 40


def test_every_problem_has_words_and_a_remedy_in_both_languages() -> None:
    assert set(TEXTS) == set(REMEDIES)
    for code in TEXTS:
        for said in (TEXTS[code], REMEDIES[code]) if code != "form-warning" else (TEXTS[code],):
            assert CHINESE.search(said["zh"]), code
            assert said["en"], code
            assert not CHINESE.search(said["en"]), code


def test_a_near_miss_names_what_was_probably_meant() -> None:
    found = refused((FILES[0].parent / "reference-to-nowhere.md").read_text(encoding="utf-8"))
    assert {one.detail for one in found} == {"phon → phone?"}
