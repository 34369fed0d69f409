"""Everything that may happen to a district in any order, as rules for Hypothesis, and what must hold all the time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.world import Cadre, Household, World
from tests.world.outbox import Entry
from tests.world.signal import NoSignal

CADRES = 3
HOMES = 3

cadres = st.integers(0, CADRES - 1)
homes = st.integers(0, HOMES - 1)
#: Few values, so that people often mean the same thing and often contradict each other.
values = st.sampled_from(["1", "2", "3", None])
names = st.sampled_from(["phone", "water", "people", "tags", "income_max", "visits_made", "bank", "account_no"])
changes = st.dictionaries(names, values, min_size=1, max_size=3)
visit_changes = st.dictionaries(names.filter(lambda n: n not in ("bank", "account_no")), values, max_size=3)
CLOCKS_MS = [0, -50 * 365 * 86_400_000, 8 * 3_600_000, -8 * 3_600_000]


class Valley(RuleBasedStateMachine):
    """Three cadres, three households, one server; and a network, an office and fate between them."""

    make_world: Callable[[], World]

    @initialize()
    def people_and_households(self) -> None:
        """Two cadres share a household, one comes new to the district."""
        self.world = self.make_world()
        self.homes: list[Household] = [
            self.world.household(phone="1", water="1", visits_made="1", tags="1") for _ in range(HOMES)
        ]
        for name, visits in (("East", self.homes[:2]), ("West", self.homes[1:]), ("South", [])):
            self.world.cadre(name, visits=visits)
        self.backup: Path | None = None
        #: Phones that have not heard from the server since it was set back: their receipts are not its word yet.
        self.behind: set[str] = set()
        self.visits: list[tuple[Cadre, Entry, Household]] = []
        self.merged: set[int] = set()
        self.sheet: dict[Household, dict[str, str | None]] = {}

    # ── on the phones ─────────────────────────────────────────────────────────────────────────────────────────

    @rule(who=cadres, where=homes, changed=changes)
    def corrects(self, who: int, where: int, changed: dict[str, str | None]) -> None:
        """A record is corrected, whether or not it is this cadre's to correct."""
        self.world.cadres[who].corrects(self.homes[where], **changed)

    @rule(who=cadres, where=homes, changed=visit_changes, with_birth=st.booleans())
    def visits_a_home(self, who: int, where: int, changed: dict[str, str | None], with_birth: bool) -> None:
        """A visit, at times with a newcomer."""
        cadre, home = self.world.cadres[who], self.homes[where]
        born = [self.world.somebody_of(home, "Ming")] if with_birth else []
        self.visits.append((cadre, cadre.visits(home, born=born, **changed), home))

    @precondition(lambda self: self.visits)
    @rule(which=st.integers(0, 99), changed=visit_changes)
    def amends(self, which: int, changed: dict[str, str | None]) -> None:
        """A visit is sent again, corrected."""
        cadre, visit, home = self.visits[which % len(self.visits)]
        self.visits.append((cadre, cadre.amends(visit, home, **changed), home))

    @precondition(lambda self: self.visits)
    @rule(which=st.integers(0, 99))
    def withdraws(self, which: int) -> None:
        """A visit is taken back."""
        cadre, visit, _ = self.visits[which % len(self.visits)]
        cadre.withdraws(visit)

    @rule(who=cadres, where=homes, which=st.integers(0, 9), name=st.sampled_from(["name", "health"]), value=values)
    def corrects_member(self, who: int, where: int, which: int, name: str, value: str | None) -> None:
        """A person's record is corrected on a phone that has it."""
        cadre = self.world.cadres[who]
        known = [m for m in self.world.members_of(self.homes[where]) if cadre.holds(m)]
        if known:
            cadre.corrects(known[which % len(known)], **{name: value})

    @rule(who=cadres, off_by_ms=st.sampled_from(CLOCKS_MS))
    def clock_jumps(self, who: int, off_by_ms: int) -> None:
        """The battery was out, or somebody helped."""
        self.world.cadres[who].clock.off_by_ms = off_by_ms

    # ── on the link ───────────────────────────────────────────────────────────────────────────────────────────

    @rule(who=cadres, lost_requests=st.integers(0, 1), lost_replies=st.integers(0, 2), repeat=st.integers(0, 2))
    def syncs(self, who: int, lost_requests: int, lost_replies: int, repeat: int) -> None:
        """A sync on a bad day: lost requests, lost replies, requests delivered twice."""
        cadre = self.world.cadres[who]
        cadre.link.lose_requests, cadre.link.lose_replies, cadre.link.repeat = lost_requests, lost_replies, repeat
        cadre.syncs(limit=3)
        if not lost_requests + lost_replies:
            self._heard(cadre)

    @rule(who=cadres)
    def exchanges_once(self, who: int) -> None:
        """Signal for one request."""
        self._good_link(self.world.cadres[who]).exchanges(limit=2)
        self._heard(self.world.cadres[who])

    @rule(who=cadres, random=st.randoms(use_true_random=False), lost=st.booleans())
    def sends_out_of_order(self, who: int, random: Any, lost: bool) -> None:
        """Some of the queue, in any order, and perhaps no answer."""
        cadre = self._good_link(self.world.cadres[who])
        waiting = cadre.phone.outbox.waiting()
        some = random.sample(waiting, random.randint(0, len(waiting)))
        cadre.link.lose_replies = int(lost)
        try:
            cadre.sends_only(*some)
        except NoSignal:
            return
        self._heard(cadre)

    # ── in the office ─────────────────────────────────────────────────────────────────────────────────────────

    @rule(where=homes, who=cadres, given=st.booleans())
    def reassigns(self, where: int, who: int, given: bool) -> None:
        """A household is given to a cadre or taken away."""
        cadre, home = self.world.cadres[who], self.homes[where]
        held = self.world.holds(cadre, home)
        if where in self.merged:
            return
        if given and not held:
            self.world.gives(home, cadre)
        elif held and not given:
            self.world.takes_from(home, cadre)

    @rule(which=st.integers(0, 9), value=values)
    def decides(self, which: int, value: str | None) -> None:
        """A conflict is decided, for either side or for a third value."""
        waiting = self.world.supervisor.open_conflicts()
        if waiting:
            conflict = waiting[which % len(waiting)]
            self.world.supervisor.tries_to_resolve(conflict, **dict.fromkeys(conflict.names, value))

    @rule(which=st.integers(0, 9), accepted=st.booleans())
    def looks_at_what_waits(self, which: int, accepted: bool) -> None:
        """An operation in review is let through, or not."""
        waiting = sorted(self.world.supervisor.operations_in_review())
        if waiting:
            self.world.supervisor.answers(waiting[which % len(waiting)], accepted=accepted)

    @precondition(lambda self: self.visits)
    @rule(which=st.integers(0, 99), sent_back=st.booleans())
    def reviews(self, which: int, sent_back: bool) -> None:
        """A visit that has arrived is approved or sent back."""
        _, visit, _ = self.visits[which % len(self.visits)]
        if self.world.may_be_reviewed(visit):
            if sent_back:
                self.world.supervisor.returns(visit, "look again", {})
            else:
                self.world.supervisor.approves(visit)

    @rule(where=homes, name=names, value=values)
    def office_corrects(self, where: int, name: str, value: str | None) -> None:
        """Somebody at a desk corrects a record as it stands."""
        if not self.world.record(self.homes[where]).merged_into:
            self.world.supervisor.corrects(self.homes[where], **{name: value})

    @precondition(lambda self: len(self.merged) < HOMES - 1)
    @rule(where=homes, into=homes)
    def merges(self, where: int, into: int) -> None:
        """Two records turn out to be one household."""
        if where != into and not {where, into} & self.merged:
            self.world.supervisor.merges(self.homes[where], self.homes[into])
            self.merged.add(where)

    @rule(where=homes, to=homes, which=st.integers(0, 9))
    def member_moves(self, where: int, to: int, which: int) -> None:
        """Somebody marries into another household."""
        if {where, to} & self.merged or where == to:
            return
        members = self.world.members_of(self.homes[where])
        if members:
            self.world.moves(members[which % len(members)], to=self.homes[to])

    @rule(where=homes, name=st.sampled_from(["phone", "water"]), value=values)
    def imports(self, where: int, name: str, value: str | None) -> None:
        """The county's sheet arrives with one more or one changed cell."""
        self.sheet.setdefault(self.homes[where], {})[name] = value
        self.world.imports(self.sheet)

    # ── fate ──────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(days=st.sampled_from([0.1, 6]))
    def days_pass(self, days: float) -> None:
        """Time goes by; what was held for too long is forced."""
        self.world.days_pass(days)

    @rule()
    def server_restarts(self) -> None:
        """The server is killed and started."""
        self.world.server.restart()

    @rule()
    def backs_up(self) -> None:
        """The administrator copies the database."""
        self.backup = self.world.backs_up()

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restores(self) -> None:
        """The administrator copies it back."""
        assert self.backup is not None
        self.world.restores(self.backup)
        self.merged = {n for n, home in enumerate(self.homes) if self.world.record(home).merged_into}
        self.behind = {cadre.person_id for cadre in self.world.cadres}

    # ── what must hold ────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def laws_hold(self) -> None:
        """I1, I2, I4 and I5, whatever is still on its way."""
        if hasattr(self, "world"):
            self.world.assert_laws_hold(except_for=self.behind)

    def teardown(self) -> None:
        """The network heals: every queue drains, every phone equals the server (I3, I7, I9, I10)."""
        if not hasattr(self, "world"):
            return
        try:
            self._comes_to_rest()
        finally:
            self.world.server.stop()

    def _comes_to_rest(self) -> None:
        for cadre in self.world.cadres:
            self._good_link(cadre)
        for _ in range(2):
            for cadre in self.world.cadres:
                cadre.syncs()
        self.world.days_pass(6)
        for cadre in self.world.cadres:
            cadre.syncs()
        self.world.assert_laws_hold()
        for cadre in self.world.cadres:
            self.world.assert_replica_is_whole(cadre)
            page = cadre.exchanges()
            assert page is not None
            assert not page.get("changes"), "a sync after everything was synced brings nothing"
            assert all(entry.status != "held" for entry in cadre.phone.outbox.entries), "somebody waits for ever"

    def _good_link(self, cadre: Cadre) -> Cadre:
        cadre.link.lose_requests = cadre.link.lose_replies = cadre.link.repeat = 0
        return cadre

    def _heard(self, cadre: Cadre) -> None:
        if cadre.phone.pull == "ok":
            self.behind.discard(cadre.person_id)
