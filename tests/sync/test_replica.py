"""A spreadsheet as one more party: what it changed since its last export, and nothing else."""

from hypothesis import assume, given

from sync.decide import Applied, Case, Conflicted, decide
from sync.model import Action, Edit, Entity, Writer
from sync.replica import Difference, read_row
from tests.sync.strategies import RULES, properties

HOME = Entity("home", 3, {"phone": "1", "income": None})


def imported(row, previous, entity, action=Action.UPDATE):
    """The reading, and what deciding it gives."""
    reading = read_row(row, previous, entity, RULES)
    edit = Edit("home", reading.changes, action, trunk_version=entity.version if entity else 0, writer=Writer.IMPORT)
    return reading, decide(Case(edit, entity, reading.seen, RULES))


def test_a_row_without_a_record_creates_one():
    reading, outcome = imported({"phone": "1", "income": None, "subsidy_no": "S"}, None, None, Action.CREATE)
    assert outcome.entity == Entity("home", 1, {"phone": "1", "subsidy_no": "S"})
    assert reading.remembered == {"phone": "1", "income": None, "subsidy_no": "S"}


def test_a_first_import_fills_gaps_and_lists_the_rest():
    reading, outcome = imported({"phone": "2", "income": "100", "village": "upper"}, None, HOME)
    assert outcome.entity.properties == {"phone": "1", "income": None, "village": "upper"}
    assert reading.differences == (
        Difference(("income",), {"income": None}, {"income": "100"}),
        Difference(("phone",), {"phone": "1"}, {"phone": "2"}),
    )


def test_a_first_import_does_not_fill_half_a_group():
    home = Entity("home", 1, {"crop_code": "A1"})
    reading, outcome = imported({"crop_code": "A1", "crop_name": "tea"}, None, home)
    assert outcome.entity == home
    assert [difference.names for difference in reading.differences] == [("crop_code", "crop_name")]


def test_a_re_import_of_the_same_sheet_never_reverts_what_a_phone_corrected():
    corrected = Entity("home", 4, {"phone": "7"})
    reading, outcome = imported({"phone": "1"}, {"phone": "1"}, corrected)
    assert isinstance(outcome, Applied)
    assert outcome.entity == corrected
    assert reading.differences == (Difference(("phone",), {"phone": "7"}, {"phone": "1"}),)


def test_a_cell_the_source_changed_is_an_edit_like_anyones():
    _, outcome = imported({"phone": "2"}, {"phone": "1"}, HOME)
    assert outcome.entity.properties["phone"] == "2"


def test_a_cell_both_the_source_and_a_phone_changed_asks_a_person():
    _, outcome = imported({"phone": "2"}, {"phone": "1"}, Entity("home", 4, {"phone": "7"}))
    assert isinstance(outcome, Conflicted)
    assert outcome.entity.properties["phone"] == "7"


def test_an_emptied_cell_blanks_and_a_missing_column_says_nothing():
    reading, outcome = imported({"phone": None}, {"phone": "1", "income": "5"}, HOME)
    assert outcome.entity.properties == {"phone": None, "income": None}
    assert reading.remembered == {"phone": None, "income": "5"}


@given(row=properties(), previous=properties(), current=properties())
def test_what_the_source_did_not_change_stays_as_it_is(row, previous, current):
    """Invariant 11."""
    row = {**row, **{name: previous[name] for name in previous if name not in row}}
    _, outcome = imported(row, previous, Entity("home", 1, current))
    for name in outcome.changed:
        unit = RULES.unit(name)
        assert any((row.get(n) or None) != (previous.get(n) or None) for n in unit.names)


@given(row=properties(), current=properties())
def test_importing_the_same_sheet_twice_is_importing_it_once(row, current):
    assume(row)
    first, outcome = imported(row, None, Entity("home", 1, current))
    again, after = imported(row, first.remembered, outcome.entity)
    assert again.changes == {}
    assert after.entity == outcome.entity


@given(row=properties(), current=properties())
def test_a_first_import_changes_nothing_anybody_ever_set(row, current):
    reading, outcome = imported(row, None, Entity("home", 1, current))
    assert {name: outcome.entity.properties[name] for name in current} == current
    assert set(reading.changes).isdisjoint(current)
