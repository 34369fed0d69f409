"""A server put back to an older backup gives numbers again. What an author says stood there is believed instead."""

from copy import deepcopy
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sync.branch import as_said
from sync.decide import Applied, Case, Conflicted, Written, decide
from sync.feed import Cursor
from sync.merge import alike, written
from sync.model import Edit, Entity, Policy
from tests.sync.phone import Phone
from tests.sync.reference import Server
from tests.sync.strategies import RULES, properties

NAMES = ("phone", "crop_code", "crop_name", "people")
SEEN = {"phone": "1", "income": "100"}


def judged(said, edit, here, **more):
    return decide(Case(edit, here, said, RULES, **more))


def test_an_older_app_is_judged_by_the_number_alone():
    assert as_said(SEEN, {"phone": "2"}, None) == SEEN
    assert as_said(None, {"phone": "2"}, None) is None


def test_what_is_stated_and_not_named_stood_there_as_stated():
    assert as_said({"phone": "9", "village": "upper"}, {"phone": "1", "income": "200"}, {"income": "100"}) == {
        **SEEN,
        "village": "upper",
    }


def test_a_number_that_nobody_knows_any_more_still_has_what_its_author_says():
    assert as_said(None, {"phone": "1", "income": "200"}, {"income": "100"}) == SEEN


def test_a_decision_under_a_number_given_again_counts_as_unseen():
    decided = Entity("home", 7, SEEN, decided={"phone": 7})
    edit = Edit("home", {"phone": "2"}, trunk_version=7)
    assert isinstance(judged(SEEN, edit, decided), Applied)
    assert isinstance(judged(SEEN, edit, decided, elsewhere=True), Conflicted)


@given(
    number=st.none() | properties(),
    row=properties(),
    own=properties(),
    here=properties(),
    changes=properties(),
    data=st.data(),
)
def test_whatever_a_number_stands_for_an_edit_is_judged_against_the_row_its_author_saw(
    number, row, own, here, changes, data
):
    """Invariant 24, with the author's own earlier link laid over the row."""
    stated = {**row, **own, **changes}
    was = {name: row.get(name) for unit in written(row, stated, RULES) for name in unit.names}
    edit = Edit("home", stated, operation_id="op", trunk_version=7)
    entity = Entity("home", 7, here)
    really = judged({**row, **own}, edit, entity, elsewhere=True)
    told = judged({**as_said(number, stated, was), **own}, edit, entity, elsewhere=True)
    assert isinstance(really, Written)
    assert isinstance(told, Written)
    assert told.entity == really.entity
    assert told.superseded == really.superseded
    opened = [[replace(each, base={}) for each in getattr(one, "opened", ())] for one in (really, told)]
    assert opened[0] == opened[1]


class Rewound(RuleBasedStateMachine):
    """Two phones at a server that is put back, again and again. They push what they kept once they notice."""

    def __init__(self) -> None:
        super().__init__()
        self.server = Server()
        self.phones = {name: Phone(name, Cursor("e0")) for name in ("east", "west")}
        self.made = {name: [] for name in self.phones}
        self.had = {name: [] for name in self.phones}
        self.backup = None
        self.restores = self.count = 0

    @initialize(row=properties(NAMES))
    def the_office_imports_a_household(self, row):
        self.server.import_row("import", "home", row, None)
        for phone in self.phones.values():
            self._catches_up(phone)

    @rule(name=st.sampled_from(("east", "west")), changes=properties(NAMES), sends=st.booleans(), pulls=st.booleans())
    def a_phone_works(self, name, changes, sends, pulls):
        """Edit offline, find signal for what waits, or for what is new, or for both, or for nothing."""
        phone = self.phones[name]
        self.count += 1
        self.had[name] += [phone.held("home")[1], phone.shows("home")]
        self.made[name].append(phone.edit(f"{name} {self.count}", "home", changes))
        if sends:
            self._sends(phone)
        if pulls:
            self._catches_up(phone)

    @rule()
    def a_backup_is_made(self):
        self.backup = deepcopy(self.server)

    @precondition(lambda self: self.backup)
    @rule()
    def the_backup_is_put_back(self):
        self.server = deepcopy(self.backup)
        self.restores += 1

    def _sends(self, phone):
        for operation in phone.outbox:
            self.server.receive(operation)
        phone.outbox.clear()

    def _catches_up(self, phone):
        if phone.cursor.epoch != f"e{self.restores}":
            phone.cursor = Cursor(f"e{self.restores}")
            phone.outbox[:] = self.made[phone.name]
            phone.replica.clear()
            phone.contained.clear()
        while phone.pulls(self.server, 3):
            pass

    @invariant()
    def nobody_replaces_what_was_never_in_front_of_them(self):
        """Invariant 24: of what only a person may choose between, nothing is chosen by a number."""
        for change in self.server.feed:
            name = str(change.operation_id).split()[0]
            if name not in self.phones or change.version == 1:
                continue
            before, after = (self.server.versions["home", change.version - n].properties for n in (1, 0))
            for unit in RULES.units(NAMES):
                if unit.policy is Policy.REVIEW and not alike(unit, before, after):
                    assert any(alike(unit, before, seen) for seen in self.had[name])

    def teardown(self):
        """All is sent again, and what would wait for a version that never comes is decided without it."""
        for _ in range(2):
            for phone in self.phones.values():
                self._catches_up(phone)
                self._sends(phone)
        self.server.force_overdue(days=0, now=self.server.now)
        assert {op.id for made in self.made.values() for op in made} <= set(self.server.outcomes)
        self.nobody_replaces_what_was_never_in_front_of_them()


TestRewound = Rewound.TestCase
