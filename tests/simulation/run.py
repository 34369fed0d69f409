"""One run: a county, its valleys, a server that is killed and set back, and a judge at the end."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from fieldsvc.config import Settings
from fieldsvc.services import assignments, backup, fsck, published, setup
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context, open_context
from fieldsvc.services.enrol import actor_of
from fieldsvc.services.intake import force_overdue
from fieldsvc.store import feeds
from fieldsvc.store.engine import is_there
from fieldsvc.store.migrate import upgrade
from fieldsvc.store.tables import OperationRow
from tests.simulation import pictures
from tests.simulation.fleet import Fleet
from tests.simulation.found import FOUND
from tests.simulation.ground import Ground, QuickServer
from tests.simulation.judge import Evidence, judge
from tests.simulation.lost_phones import LostPhones
from tests.simulation.office import Office
from tests.simulation.plan import ABREAST, Plan
from tests.simulation.stage import Stage
from tests.simulation.turns import Turns
from tests.simulation.valley import PHONES, Valley, settle
from tests.simulation.verdict import Verdict
from tests.support.migrated import migrate_empty
from tests.world.clock import DAY_MS
from tests.world.county import begin
from tests.world.forms import DATASETS
from tests.world.office import Desk

#: Rounds of everybody sending and the office deciding until nothing is left; more are a finding.
ENOUGH_ROUNDS = 8
#: What befalls a server that is set back, by whether anybody tells it that its database is an older one.
SET_BACK = ("backup restored", "backup restored and announced")


def run(plan: Plan, folder: Path, ground: Ground | None = None, stage: Stage | None = None) -> Verdict:
    """Play the plan in an empty folder, on this ground or on one server of its own, and judge it."""
    folder.mkdir(exist_ok=True)
    with ExitStack() as at_end:
        stage = stage or at_end.enter_context(closing(Stage()))
        ground = ground or QuickServer(folder / "server", stage.nursery)
        if not plan.in_turn:
            return _Run(plan, folder, ground, stage.fleet).play()
        turns = at_end.enter_context(closing(Turns(folder, plan.seed)))
        ground.environment |= turns.environment
        at_end.enter_context(turns.lives())
        return _Run(plan, folder, ground, stage.fleet, turns).play()


@dataclass
class _Run:
    plan: Plan
    folder: Path
    server: Ground
    fleet: Fleet
    in_turn: Turns | None = None
    faults: Counter[str] = field(default_factory=Counter)
    #: Operations that were in a database which an older one took the place of; of several such the number of the last.
    forgotten: dict[str, int] = field(default_factory=dict)

    def play(self) -> Verdict:
        self.dice = random.Random(self.plan.seed)
        self.settings = Settings.from_environment({**os.environ, **self.server.environment})
        _made(self.settings.database_url)
        self.ctx = open_context(self.settings)
        county = begin(self.ctx)
        by = setup.console(self.ctx)
        _publish_for_screens(self.ctx, by)
        published.publish_form(self.ctx, by, FOUND, digest="a household that was found")
        desk = Desk(lambda: self.ctx, lambda: self._person(county.supervisor_id))
        phones = LostPhones(lambda: self.ctx, by, desk, self.fleet)
        office = Office(lambda: self.ctx, county, by, desk, phones, self._tells)
        valleys = [settle(self.ctx, by, county, seed) for seed in self.plan.seeds]
        if self.server.may_be_set_back:
            # The night before the first day: a server put back to it knows none of the phones that have signed in.
            backup.back_up(self.settings, self.folder / "backup")
        try:
            self._starts()
            photos, [thumb, *_] = pictures.drawn(64), pictures.drawn(32)
            turns = self.in_turn.for_phones if self.in_turn else None
            self.fleet.begin(self.server.url, photos, thumb, self.plan.deaths, self._pulls_the_plug, turns)
            self.fleet.add([phone for valley in valleys for phone in valley.phones])
            self._days(office, valleys)
            rounds = self._comes_to_rest(office, valleys)
            return self._judged(office, valleys, rounds)
        finally:
            self.server.kill()
            self.ctx.db.dispose()

    def _days(self, office: Office, valleys: list[Valley]) -> None:
        turns = [valley for valley in valleys for _ in range(self.plan.steps * PHONES)]
        self.dice.shuffle(turns)
        while turns:
            now = list({id(valley): valley for valley in turns[-ABREAST:]}.values())
            for valley in now:
                turns.remove(valley)
            cut = self.dice.randint(1, self.plan.within) if self.dice.random() < self.plan.cuts else 0
            self.fleet.step([name for valley in now for name in valley.next_phones()], cut)
            office.notes_what_waits_unread()
            self._works()
            for valley in now:
                if valley.dice.random() < self.plan.acts:
                    office.acts(valley)
            self._fate(office)

    def _fate(self, office: Office) -> None:
        chance = self.dice.random()
        if not self.server.may_be_set_back:
            return
        if chance < self.plan.backed_up:
            backup.back_up(self.settings, self.folder / "backup")
            self._tells("backup made")
        elif chance < self.plan.backed_up + self.plan.restored:
            self._restores()
            office.publishes_again()
            office.phones.hands_out_codes()
            self._starts()

    def _restores(self) -> None:
        """Yesterday's database in place of today's; half the time nothing tells the server that it is an older one."""
        number = 1 + sum(self.faults[each] for each in SET_BACK)
        self.server.kill()
        self.ctx.db.dispose()
        database = backup.database_file(self.settings)
        lost = self.folder / f"lost-{number}"
        lost.mkdir()
        for name in (database.name + end for end in ("", "-wal", "-shm")):
            if database.with_name(name).exists():
                # Kept: what was lost tells why a phone has what it has.
                database.with_name(name).rename(lost / name)
        with closing(sqlite3.connect(lost / database.name)) as once:
            ids = [row[0] for row in once.execute("SELECT id FROM operations")]
        self.forgotten |= dict.fromkeys(ids, number)
        self.fleet.is_set_back()
        backup.restore(self.settings, self.folder / "backup")
        self.ctx = open_context(self.settings)
        announced = self.dice.random() < 0.5
        self.faults[SET_BACK[announced]] += 1
        self._tells(SET_BACK[announced])
        if announced:
            backup.new_epochs(self.ctx)

    def _pulls_the_plug(self, died: str) -> None:
        """Let the server falter while requests are under way, where nothing of it `died` by itself."""
        fault = died or self.server.falters(self.dice)
        self.faults[fault] += 1
        self._tells(fault)
        if self.in_turn:
            self.in_turn.works(self.ctx, anew=True)

    def _starts(self) -> None:
        self.server.start()
        if self.in_turn:
            self.in_turn.works(self.ctx, anew=True)

    def _works(self) -> None:
        if self.in_turn:
            self.in_turn.works(self.ctx)

    def _tells(self, *words: object) -> None:
        if self.in_turn:
            self.in_turn.tells(*words)

    def _comes_to_rest(self, office: Office, valleys: list[Valley]) -> int:
        self.server.heals()
        office.phones.brings_everything()
        names = [name for valley in valleys for name in valley.names]
        for number in range(ENOUGH_ROUNDS):
            before = self._position()
            for first in range(0, len(names), 4 * ABREAST):
                self.fleet.rest(names[first : first + 4 * ABREAST])
                office.notes_what_waits_unread()
                self._works()
            left = office.clears_the_desk()
            self._days_pass()
            self._works()
            self._tells("night", number, "of what was left at the desk", left)
            # What the last night did somebody has still to hear of.
            if not left and number > 1 and self._position() == before:
                return number
        return ENOUGH_ROUNDS

    def _days_pass(self) -> None:
        """What waits for work that was lost with a restored backup goes on without it, as the server does at night, and
        households whose last day is over are taken away.

        A night lets so many go; there are as many nights as it takes until one changes nothing.
        """
        late = self.ctx.now_ms() + (self.settings.hold_days + 1) * DAY_MS
        before = 0
        while (held := self._held()) and held != before:
            before = held
            force_overdue(replace(self.ctx, now_ms=lambda: late))
        assignments.end_due(replace(self.ctx, now_ms=lambda: late))

    def _position(self) -> int:
        with self.ctx.db.read() as session:
            return max(feed.position for feed in feeds.all_feeds(session))

    def _held(self) -> int:
        with self.ctx.db.read() as session:
            return session.query(OperationRow).filter_by(status="held").count()

    def _judged(self, office: Office, valleys: list[Valley], rounds: int) -> Verdict:
        reports = [self.fleet.report(name) for valley in valleys for name in valley.names]
        (self.folder / "reports.json").write_text(json.dumps(reports, ensure_ascii=False))
        faults, complaints = self.fleet.tally()
        people = {name: person for valley in valleys for name, person in valley.people.items()}
        with self.ctx.db.read() as session:
            words = (office.accepted, office.refused, self.forgotten, office.unread)
            verdict = judge(Evidence(session, reports, people, *words))
        if rounds == ENOUGH_ROUNDS:
            verdict.finds("stuck", "the office and the phones never came to an end")
        for broken in fsck.check(self.ctx):
            verdict.finds("broken laws", f"fsck: {broken.kind} {broken.what}")
        for line in self.server.told_of_strangers():
            verdict.finds("broken laws", line)
        for complaint in complaints + office.phones.complaints:
            verdict.finds("lost", complaint)
        verdict.faults = Counter(faults) + self.faults
        verdict.office = office.done
        if self.in_turn:
            for kind in (verdict.counts, verdict.faults, verdict.office):
                self._tells(json.dumps(kind, sort_keys=True))
            self._tells("\n".join(["in the end", *verdict.findings]))
            verdict.trace = self.in_turn.digest()
        return verdict

    def _person(self, person_id: str) -> Actor:
        actor = actor_of(self.ctx, person_id)
        assert actor is not None
        return actor


def _made(url: str) -> None:
    """The tables: copied where there is nothing yet, as all runs of a sitting would migrate the same ones."""
    if is_there(url):
        upgrade(url)
    else:
        migrate_empty(url)


def _publish_for_screens(ctx: Context, by: Actor) -> None:
    """The datasets of the stories in the shape the app draws records from: properties by name."""
    for dataset in DATASETS:
        named = {each["name"]: each for each in dataset["properties"]}
        published.publish_dataset(ctx, by, {**dataset, "properties": named}, digest=f"{dataset['name']} by name")
