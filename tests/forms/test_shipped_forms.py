"""What every form of this release owes the person who fills it in, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fieldsvc.forms import choices, datasets, form_sources, slots
from fieldsvc.xlsform.compile import walk
from tests.browser.script import walks
from tests.forms.filled import ALL_ON, definition, figures

FORMS = sorted(form_sources())
#: What a rule may say without asking the list: none, one, two of them, the fen of a yuan, days of a month and a year,
#: and how many signs make a sentence.
PLAIN = {0.0, 1.0, 2.0, 3.0, 8.0, 10.0, 15.0, 16.0, 17.0, 18.0, 30.0, 100.0, 365.0}

#: Forms that no household's record offers, each with the story that fills it in.
ELSEWHERE = {"leave": "tests/browser/test_leave.py", "household": "tests/browser/test_new_household.py"}
#: The pictures without which a finding is none: the national check kept one of every house, and a child who is not at
#: school is shown by a paper.
DEMANDED = {"check": ("/data/house/house_photo", "/data/schools/children/dropout_proof")}


def inside(tree: Any) -> Iterator[Any]:
    """Every part of a syntax tree."""
    yield tree
    if isinstance(tree, list):
        for part in tree:
            yield from inside(part)


def texts(form: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything a form says to a person, with where."""
    for node in walk(form["nodes"]):
        if node["kind"] != "calculate" and node.get("label") is not None:
            yield node["ref"], dict(node["label"])
        for key in ("hint", "guidance"):
            if node.get(key):
                yield node["ref"], dict(node[key])  # type: ignore[literal-required]
        for said in node.get("messages", {}).values():
            yield node["ref"], dict(said)  # type: ignore[call-overload]
        for rule in node.get("soft", []):
            yield node["ref"], dict(rule["message"])
    for name, rows in form["choices"].items():
        for row in rows:
            yield name, row["label"]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_says_everything_in_chinese_and_english(name: str) -> None:
    for where, said in texts(definition(name)):
        assert set(said) == {"zh", "en"}, where
        assert all(said.values()), where


@pytest.mark.parametrize("name", FORMS)
def test_a_question_has_a_label(name: str) -> None:
    for node in walk(definition(name)["nodes"]):
        if node["kind"] in ("question", "note", "repeat"):
            assert node.get("label"), node["ref"]


@pytest.mark.parametrize("name", FORMS)
def test_a_code_means_in_a_form_what_it_means_in_the_records(name: str) -> None:
    shared, known = choices(), datasets(ALL_ON)
    form = definition(name)
    nodes = {node["ref"]: node for node in walk(form["nodes"])}
    for listed, rows in form["choices"].items():
        labels = {row["value"]: row["label"] for row in shared.get(listed, [])}
        assert all(labels.get(row["value"], row["label"]) == row["label"] for row in rows), listed
    for entity in form.get("entities", []):
        for saved, ref in entity["saves"].items():
            codes = known[entity["dataset"]]["properties"][saved].get("choices")
            offered = {row["value"] for row in form["choices"].get(nodes[ref].get("choices", ""), [])}
            if codes and offered:
                assert offered <= {row["value"] for row in codes}, ref


@pytest.mark.parametrize("name", FORMS)
def test_a_figure_a_form_asks_for_stands_in_the_list(name: str) -> None:
    known = {row["name"] for row in figures()}
    for node in walk(definition(name)["nodes"]):
        for part in inside([value for value in node.values() if isinstance(value, list)]):
            match part:
                case ["p", ["f", "instance", ["s", "thresholds"]], [_, ["c", "item", test, *_], *_]]:
                    asked = {each[2][1] for each in inside(test) if each[:1] == ["="] and each[2][0] == "s"}
                    assert asked <= known, node["ref"]


@pytest.mark.parametrize("name", FORMS)
def test_a_doubt_holds_no_figure_of_its_own(name: str) -> None:
    for node in walk(definition(name)["nodes"]):
        for rule in node.get("soft", []):
            figures_told = {float(part[1]) for part in inside(rule["test"]) if part[:1] == ["n"]}
            assert figures_told <= PLAIN, node["ref"]


@pytest.mark.parametrize("name", FORMS)
def test_photos_signatures_and_positions_are_never_demanded(name: str) -> None:
    for node in walk(definition(name)["nodes"]):
        if node["ref"] in DEMANDED.get(name, ()):
            continue
        if node.get("type") in ("image", "signature", "geopoint") and "/photos/" not in node["ref"]:
            assert "required" not in node, node["ref"]
            # A home point that is nowhere near is refused; the visit goes on without one.
            assert "constraint" not in node or node["name"] == "home_point", node["ref"]


@pytest.mark.parametrize("name", FORMS)
def test_a_photo_is_shrunk_and_has_its_slot(name: str) -> None:
    for node in walk(definition(name)["nodes"]):
        if node.get("type") == "image":
            assert set(node["parameters"]) >= {"max-pixels", "slot"}, node["ref"]


def test_every_slot_has_its_name_and_dates_in_the_table_of_slots_and_none_is_left_over() -> None:
    """A slot the table does not know has no dates to hold a photo against, and no name in a flag."""
    nodes = [node for name in FORMS for node in walk(definition(name)["nodes"])]
    asked = {node["parameters"]["slot"] for node in nodes if node.get("type") == "image"}
    lined_up = {node["parameters"]["ghost"] for node in nodes if "ghost" in node.get("parameters", {})}
    assert asked == set(slots())
    assert lined_up == {"before", "hazard_before", "problem_before"}
    assert all(slot["zh"] and slot["en"] for slot in slots().values())


def test_the_dates_of_a_slot_are_dates_of_the_records_it_belongs_to() -> None:
    for name, slot in slots().items():
        dates = [slot[end] for end in ("from", "until") if end in slot]
        assert bool(dates) is ("dataset" in slot), name
        for each in dates:
            assert datasets()[slot["dataset"]]["properties"][each]["type"] == "date", name


HOUSES = {
    "housing_case": {"before": 3, "before_danger": 4, "before_head": 1, "discussed": 2, "noticed": 2, "moved_in": 2},
    "housing_inspection": {"during": 6},
    "housing_acceptance": {"after": 3, "after_inside": 3, "plaque": 1, "moved_in": 2},
}


@pytest.mark.parametrize(("name", "most"), HOUSES.items(), ids=HOUSES)
def test_a_house_has_the_photos_of_its_stages_with_guidance_and_no_more_of_each_than_the_rules_say(
    name: str, most: dict[str, int]
) -> None:
    photos = [node for node in walk(definition(name)["nodes"]) if node.get("type") == "image"]
    for slot, number in most.items():
        own = [node for node in photos if node["parameters"]["slot"] == slot]
        assert len(own) == number, slot
        if slot in ("before", "before_danger", "during", "after", "plaque", "noticed"):
            assert own[0]["hint"], slot


@pytest.mark.parametrize("name", FORMS)
def test_a_position_is_asked_only_of_photos_of_a_house_a_hazard_or_a_source(name: str) -> None:
    places = {"before", "before_danger", "during", "after", "moved_in", "defect", "exterior", "water"}
    places |= {"hazard_before", "hazard_after", "problem_before", "problem_after"}
    for node in walk(definition(name)["nodes"]):
        if "position" in node.get("parameters", {}):
            assert node["parameters"]["slot"] in places, node["ref"]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_about_a_household_or_about_whoever_fills_it_in(name: str) -> None:
    assert definition(name)["subject_dataset"] == ("team_members" if name == "leave" else "households")


def test_every_shipped_form_is_walked_through_in_a_browser() -> None:
    walked = {path.stem.split("-")[0] for path in walks()}
    assert walked | set(ELSEWHERE) == set(FORMS)
