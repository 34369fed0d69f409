"""Datasets and choice lists are data: read strictly, versioned by content, and agreed with the forms that use them."""

from __future__ import annotations

import re

import pytest

from fieldsvc.forms import choices, datasets, form_sources
from fieldsvc.xlsform.datasets import DatasetProblem, read_datasets
from tests.forms.filled import ALL_ON
from tests.forms.vectors import DEFINITIONS, read

LISTS = '[yn]\nyes = { zh = "是", en = "Yes" }\n'


def defined(property_: str) -> str:
    return f'[wells]\nlabel = {{ zh = "井", en = "Well" }}\n[wells.properties]\ndepth = {property_}\n'


def test_a_property_needs_only_its_labels() -> None:
    [well] = read_datasets(defined('{ zh = "深", en = "Depth" }'), LISTS).values()
    assert well["properties"]["depth"] == {
        "type": "string",
        "label": {"zh": "深", "en": "Depth"},
        "policy": "review",
        "group": None,
        "choices": [],
        "editable": False,
        "sensitivity": "open",
    }


@pytest.mark.parametrize(
    ("property_", "complaint"),
    [
        ('{ zh = "深" }', "labels"),
        ('{ zh = "深", en = "D", type = "number" }', "type number"),
        ('{ zh = "深", en = "D", policy = "newest" }', "policy newest"),
        ('{ zh = "深", en = "D", sensitivity = "secret" }', "sensitivity secret"),
        ('{ zh = "深", en = "D", type = "select_one" }', "choices None"),
        ('{ zh = "深", en = "D", type = "select_one", choices = "no" }', "choices no"),
        ('{ zh = "深", en = "D", colour = "red" }', "keys colour"),
    ],
)
def test_a_mistake_names_the_property(property_: str, complaint: str) -> None:
    with pytest.raises(DatasetProblem, match=rf"wells\.depth: {complaint}"):
        read_datasets(defined(property_), LISTS)


def test_the_label_property_must_exist() -> None:
    text = defined('{ zh = "深", en = "D" }').replace("[wells.", 'label_property = "name"\n[wells.')
    with pytest.raises(DatasetProblem, match="label_property name"):
        read_datasets(text, LISTS)


def test_what_is_unique_names_properties_of_the_dataset() -> None:
    text = defined('{ zh = "深", en = "D" }').replace("[wells.", 'unique = [["subject", "depth"]]\n[wells.')
    assert read_datasets(text, LISTS)["wells"]["unique"] == [["subject", "depth"]]
    with pytest.raises(DatasetProblem, match="unique width"):
        read_datasets(text.replace('"depth"]', '"width"]'), LISTS)


def test_a_household_has_one_plan_a_year_and_the_county_one_row_for_a_person() -> None:
    unique = {name: each["unique"] for name, each in datasets().items() if each["unique"]}
    assert unique == {
        "members": [["id_no"]],
        "housing_cases": [["subject", "kind"]],
        "plans": [["subject", "year"]],
        "income_statements": [["subject", "year"]],
        "archive_exemptions": [["subject", "slot"]],
        "archive_scans": [["subject", "slot", "sha256"]],
    }


def test_the_version_follows_the_content_and_nothing_else() -> None:
    one = read_datasets(defined('{ zh = "深", en = "Depth" }'), LISTS)["wells"]["version"]
    again = read_datasets("# a remark\n" + defined('{ zh = "深", en = "Depth" }'), LISTS)["wells"]["version"]
    other = read_datasets(defined('{ zh = "深度", en = "Depth" }'), LISTS)["wells"]["version"]
    assert one == again != other


def test_every_shipped_code_is_ascii_and_labelled_in_both_languages() -> None:
    for name, rows in choices().items():
        for choice in rows:
            assert re.fullmatch(r"[A-Za-z0-9_]+", choice["value"]), (name, choice)
            assert choice["label"]["zh"]
            assert choice["label"]["en"].isascii()
        assert len({choice["value"] for choice in rows}) == len(rows)


def test_what_identifies_a_person_or_tells_of_health_is_marked() -> None:
    members = datasets()["members"]["properties"]
    assert {name for name, each in members.items() if each["sensitivity"] == "personal"} == {
        *("id_no", "birth_date", "phone")
    }
    assert {name for name, each in members.items() if each["sensitivity"] == "health"} == {
        *("health", "disability_no", "disability_type", "disability_level"),
        *("care_level", "care_need", "care_by", "care_paid", "med_refund"),
    }


@pytest.mark.parametrize("name", sorted(form_sources()))
def test_a_shipped_form_saves_only_what_its_dataset_has(name: str) -> None:
    definition = read(DEFINITIONS / f"{name}.json")
    for entity in definition.get("entities", []):
        assert set(entity["saves"]) <= set(datasets(ALL_ON)[entity["dataset"]]["properties"])


@pytest.mark.parametrize("name", sorted(form_sources()))
def test_a_list_in_a_form_is_the_shared_list_of_that_name(name: str) -> None:
    lists = read(DEFINITIONS / f"{name}.json")["choices"]
    for shared, rows in choices().items():
        if shared in lists:
            assert [{"value": row["value"], "label": row["label"]} for row in lists[shared]] == rows


def test_the_shipped_problems_are_numbered_by_their_source_and_the_year_they_were_found() -> None:
    assert datasets()["problems"].get("numbering") == {"property": "number", "by": "source", "year": "found_on"}


def test_what_the_server_numbers_nobody_else_may_write() -> None:
    open_to_all = """
        [wells]
        label = { zh = "井", en = "Well" }
        numbering = { property = "number", by = "source", year = "dug_on" }
        [wells.properties]
        number = { type = "string", policy = "server", zh = "编号", en = "Number" }
        source = { type = "select_one", choices = "yn", zh = "来源", en = "Source" }
        dug_on = { type = "date", zh = "日期", en = "Day" }
    """
    lists = '[yn]\nyes = { zh = "是", en = "Yes" }'
    with pytest.raises(DatasetProblem, match="wells: numbering property number must be derived"):
        read_datasets(open_to_all, lists)
    assert read_datasets(open_to_all.replace('"server"', '"derived"'), lists)["wells"]["numbering"]["by"] == "source"


@pytest.mark.parametrize("rule", ['{ property = "depth", by = "depth", year = "depth" }', '{ property = "no" }'])
def test_a_numbering_that_names_no_fitting_property_is_refused(rule: str) -> None:
    told = defined('{ zh = "深", en = "Depth" }').replace(
        "[wells.properties]", f"numbering = {rule}\n[wells.properties]"
    )
    with pytest.raises(DatasetProblem, match="wells: numbering"):
        read_datasets(told, LISTS)
