"""Phones, a supervisor and a spreadsheet at one small server, in any order, for as long as it takes to break a law.

Phones edit offline, send in any order, lose replies, pull page by page. After every step, and again
when everybody has found signal, the invariants of `docs/invariants.md` must hold.
"""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sync.decide import Conflicted, Held, Written
from sync.feed import Cursor
from sync.merge import agree
from sync.model import Conflict, LossReason, Properties, Status, Writer
from sync.resolve import Choice, Resolved
from tests.sync.phone import Phone
from tests.sync.reference import Operation, Server
from tests.sync.strategies import RULES, properties

HOUSEHOLDS = ("home", "barn")
PHONES = ("east", "west", "checker")
DAY = 24 * 60 * 60 * 1000
SHEET = properties(("phone", "subsidy_no", "people", "needs", "crop_code", "crop_name"))


class Village(RuleBasedStateMachine):
    """Three phones, one of them with an older app, two households, one office."""

    def __init__(self) -> None:
        super().__init__()
        self.server = Server()
        self.phones = {name: Phone(name, Cursor("e1"), says_was=name != "west") for name in PHONES}
        self.sheet: dict[str, Properties] = {}
        self.made: dict[str, Operation] = {}
        self.seen_open: dict[str, Conflict] = {}
        self.final: dict[str, Status] = {}
        self.decided: list[tuple[str, int, dict[str, str | None]]] = []
        self.forced: set[str] = set()
        self.count = 0

    def next_id(self, kind: str) -> str:
        self.count += 1
        return f"{kind} {self.count}"

    @initialize(row=SHEET)
    def the_office_imports_a_household(self, row):
        self.a_sheet_arrives("home", row)

    @rule(name=st.sampled_from(PHONES), household=st.sampled_from(HOUSEHOLDS), changes=properties())
    def a_phone_edits_offline(self, name, household, changes):
        operation = self.phones[name].edit(self.next_id(name), household, changes)
        self.made[operation.id] = operation

    @rule(name=st.sampled_from(PHONES), data=st.data())
    def a_phone_sends_some_of_it_in_any_order(self, name, data):
        outbox = self.phones[name].outbox
        for operation in data.draw(st.lists(st.sampled_from(outbox), max_size=4)) if outbox else []:
            self.server.receive(operation)
            if data.draw(st.booleans(), label="the reply arrives") and operation in outbox:
                outbox.remove(operation)

    @rule(name=st.sampled_from(PHONES), limit=st.integers(1, 3))
    def a_phone_pulls_a_page(self, name, limit):
        self.phones[name].pulls(self.server, limit)

    @rule(household=st.sampled_from(HOUSEHOLDS), row=SHEET)
    def a_sheet_arrives(self, household, row):
        previous = self.sheet.get(household)
        self.sheet[household] = self.server.import_row(self.next_id("import"), household, row, previous)

    @precondition(lambda self: self.server.conflicts)
    @rule(data=st.data(), choice=st.sampled_from(Choice))
    def the_supervisor_decides(self, data, choice):
        conflict = data.draw(st.sampled_from(self.server.shown_conflicts()))
        value = {name: data.draw(st.sampled_from([None, "x", "7"])) for name in conflict.names}
        answer = self.server.resolve(conflict, choice, value if choice is Choice.OTHER else None)
        if isinstance(answer, Resolved):
            self.decided.append((answer.entity.id, answer.entity.version, dict(answer.value)))

    @rule(days=st.integers(0, 6))
    def days_pass(self, days):
        self.server.now += days * DAY
        held = {name for name, outcome in self.server.outcomes.items() if isinstance(outcome, Held)}
        self.server.force_overdue(days=5, now=self.server.now)
        self.forced |= {name for name in held if self.server.status(name) is not Status.HELD}

    @invariant()
    def versions_have_no_gaps(self):
        """Invariant 10."""
        for entity in self.server.entities.values():
            assert all((entity.id, n) in self.server.versions for n in range(1, entity.version + 1))
        assert len(self.server.versions) == sum(entity.version for entity in self.server.entities.values())

    @invariant()
    def a_verdict_that_took_effect_stays(self):
        """Invariant 9: the same operation twice is once."""
        for operation_id, status in self.final.items():
            assert self.server.status(operation_id) is status
        effective = (Status.APPLIED, Status.MERGED, Status.CONFLICT)
        now = {name: self.server.status(name) for name in self.server.operations}
        self.final.update({name: status for name, status in now.items() if status in effective})

    @invariant()
    def an_open_conflict_ends_only_by_a_person_or_equal_values_or_its_own_branch(self):
        """Invariant 8: hard is never downgraded."""
        closed = dict(self.server.closed)
        for conflict_id in set(self.seen_open) - set(self.server.conflicts):
            assert closed[conflict_id] in ("resolved", "equal", "superseded")
            if closed[conflict_id] == "superseded":
                branch = self.seen_open[conflict_id].branch_id
                assert branch is not None
                assert sum(op.branch_id == branch for op in self.server.operations.values()) > 1
        self.seen_open = dict(self.server.conflicts)

    @invariant()
    def nothing_written_is_lost(self):
        """Invariant 2: current in some version, waiting, recorded, or blended."""
        for name, outcome in self.server.outcomes.items():
            if not isinstance(outcome, Written) or name not in self.made:
                continue
            wrote = self.server.links[name].changes
            accounted = dict(self._accounted(outcome))
            for unit in RULES.units(wrote):
                for values in accounted.get(unit.names, [outcome.entity.properties]):
                    mine = {n: wrote[n] for n in unit.names if n in wrote}
                    blended = unit.policy in ("set", "counter", "append")
                    assert blended or agree(mine, values, wrote, RULES)

    @staticmethod
    def _accounted(outcome):
        if isinstance(outcome, Conflicted):
            yield from ((conflict.names, [conflict.candidate]) for conflict in outcome.opened)
        for lost in outcome.superseded:
            if lost.reason is LossReason.LATER_EDIT:
                units = RULES.units(lost.values)
                yield from ((unit.names, []) for unit in units)
            else:
                yield tuple(lost.values), [lost.values]

    @invariant()
    def a_decision_is_only_changed_by_those_who_knew_it(self):
        """Invariant 8: a resolution is never silently overwritten."""
        for household, version, value in self.decided:
            for change in self.server.feed:
                if change.key != household or change.version <= version:
                    continue
                operation = self.server.operations.get(change.operation_id)
                if operation and operation.writer is Writer.PHONE and (operation.seen_version or 0) < version:
                    before = self.server.versions[household, change.version - 1].properties
                    after = self.server.versions[household, change.version].properties
                    assert {n: before.get(n) for n in value} == {n: after.get(n) for n in value}

    @invariant()
    def the_server_knows_what_the_phone_showed(self):
        """Invariant 15: an edit is judged against the screen it was made on."""
        for phone in self.phones.values():
            for name, shown in phone.shown.items():
                if name in self.server.outcomes and name not in self.forced:
                    view = self.server.views.get(name, shown)
                    assert {n: v for n, v in view.items() if v} == {n: v for n, v in shown.items() if v}

    @invariant()
    def a_phone_holds_what_the_server_had(self):
        for phone in self.phones.values():
            for household, (version, held) in phone.replica.items():
                assert self.server.versions[household, version].properties == held

    def teardown(self):
        """Everybody finds signal: nothing waits for anything but a person, and all phones agree."""
        for phone in self.phones.values():
            for operation in phone.outbox:
                self.server.receive(operation)
            phone.outbox.clear()
        for phone in self.phones.values():
            while phone.pulls(self.server, 2):
                pass
        assert set(self.made) <= set(self.server.outcomes)
        assert Status.HELD not in {self.server.status(name) for name in self.server.operations}
        rows = {name: (entity.version, entity.properties) for name, entity in self.server.entities.items()}
        assert all(phone.replica == rows for phone in self.phones.values())
        self.an_open_conflict_ends_only_by_a_person_or_equal_values_or_its_own_branch()
        self.a_decision_is_only_changed_by_those_who_knew_it()
        self.nothing_written_is_lost()
        self.versions_have_no_gaps()


TestVillage = Village.TestCase
