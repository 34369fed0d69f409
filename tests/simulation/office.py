"""What the office does meanwhile: it decides, sends back, lets through, hands over, corrects, imports, merges, deletes,
closes, moves people between households and publishes.
"""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import select

from fieldsvc.problems import CarriedUnproven, FromLostPhone, HouseholdClosed, NotFound, Problem
from fieldsvc.services import assignments, published, review
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import scope
from fieldsvc.store.tables import EntityRow, FormVersionRow, OperationRow, SubmissionRow
from tests.simulation import upheavals
from tests.simulation.lost_phones import LostPhones
from tests.simulation.valley import Valley
from tests.world.county import County
from tests.world.forms import VISIT, VISIT_DEFINITION
from tests.world.office import Desk
from tests.world.places import Household

DEEDS = {"decides": 8, "lets_through": 4, "reviews": 6, "hands_over": 2, "corrects": 2, "imports": 2, "publishes": 0.3}
DEEDS |= {"merges": 0.5, "deletes": 0.3, "closes": 0.5, "moves_somebody": 1.5}
DEEDS |= {"has_a_file_made": 2, "takes_a_file_in": 0.7, "hears_of_a_lost_phone": 0.4, "signs_a_phone_out": 0.6}
#: What is kept for a person as it came, from a phone that was signed out as lost or in a file that proves nothing.
UNREAD = (FromLostPhone.code, CarriedUnproven.code)
VERDICTS = {"approve": "approves", "return": "returns", "doubt": "doubts"}
#: All that the office does, by the names under which it is counted.
DONE = {deed.replace("_", " ") for deed in DEEDS if deed != "reviews"} | set(VERDICTS.values())


@dataclass
class Office:
    """The desks of the county, with somebody at them who decides by the valley's dice."""

    ctx: Callable[[], Context]
    county: County
    by: Actor
    desk: Desk
    phones: LostPhones
    #: Hears of every deed.
    tells: Callable[..., None] = lambda *_: None
    done: Counter[str] = field(default_factory=Counter)
    #: Operations in review that a person answered, and how: what was let through unseen by the engine is her word.
    accepted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    #: What has waited without being read, and has been let through by nobody since: no visit was made of it.
    unread: set[str] = field(default_factory=set)
    version: int = 1
    #: Cells that another office's sheet has had so far.
    cells: int = 0

    def acts(self, valley: Valley) -> None:
        """One deed about one valley."""
        [deed] = valley.dice.choices(list(DEEDS), list(DEEDS.values()))
        try:
            if done := getattr(self, f"_{deed}")(valley):
                self.done[done if isinstance(done, str) else deed.replace("_", " ")] += 1
            self.tells("office", valley.seed, deed, done)
        except Problem as problem:
            # Somebody's phone was faster than this desk: the page would say so, and be drawn again.
            self.done["came too late"] += 1
            self.tells("office", valley.seed, deed, "came too late:", problem.code)

    def notes_what_waits_unread(self) -> None:
        """Before it is answered or ends with something else, and its problem is another one."""
        waits = OperationRow.status == "review"
        with self.ctx().db.read() as session:
            rows = session.execute(select(OperationRow.id, OperationRow.problem).where(waits))
            self.unread |= {row.id for row in rows if (row.problem or {}).get("code") in UNREAD}

    def clears_the_desk(self) -> int:
        """Decide everything that waits for a person; how many things there were."""
        dice = random.Random(0)
        count = 0
        for operation in sorted(self.desk.operations_in_review()):
            # A visit is not let through before its amendment, which ends it when it is let through itself.
            with suppress(Problem):
                self._answers_for_good(operation, accepted=dice.random() < 0.5)
            count += 1
        # Of several people's words about one thing, each decision moves on what the next one is asked about.
        while solved := sum(
            self.desk.tries_to_resolve(conflict, **dice.choice([conflict.current, conflict.candidate]))
            for conflict in self.desk.open_conflicts()
        ):
            count += solved
        return count

    def _decides(self, valley: Valley) -> bool:
        waiting = self.desk.open_conflicts({home.id for home in valley.homes})
        if not waiting:
            return False
        conflict = valley.dice.choice(waiting)
        third = dict.fromkeys(conflict.names, f"desk-{conflict.id[-6:]}")
        values = valley.dice.choice([conflict.current, conflict.candidate, third])
        return self.desk.tries_to_resolve(conflict, **values)

    def _lets_through(self, valley: Valley) -> bool:
        with self.ctx().db.read() as session:
            people = set(valley.people.values())
            query = select(OperationRow.id).where(OperationRow.status == "review", OperationRow.author_id.in_(people))
            waiting = sorted(session.scalars(query))
        if not waiting:
            return False
        self._answer(valley.dice.choice(waiting), accepted=valley.dice.random() < 0.6)
        return True

    def _answer(self, operation: str, *, accepted: bool) -> None:
        self.notes_what_waits_unread()
        self.desk.answers(operation, accepted=accepted)
        if accepted:
            self.unread.discard(operation)
        (self.accepted if accepted else self.refused).add(operation)

    def _answers_for_good(self, operation: str, *, accepted: bool) -> None:
        """What is about somebody of a household that stays closed can only be declined."""
        try:
            self._answer(operation, accepted=accepted)
        except HouseholdClosed:
            self._answer(operation, accepted=False)

    def _reviews(self, valley: Valley) -> str:
        """What was said of a visit, in a word; nothing where there is none."""
        ids = {home.id for home in valley.homes}
        with self.ctx().db.read() as session:
            rows = session.execute(
                select(SubmissionRow.id, SubmissionRow.review_state, SubmissionRow.flags).where(
                    SubmissionRow.subject_id.in_(ids),
                    SubmissionRow.withdrawn_at.is_(None),
                    SubmissionRow.replaced_by_id.is_(None),
                )
            ).all()
        visits = sorted((row.id, row.review_state) for row in rows if "review" not in (row.flags or {}))
        if not visits:
            return ""
        visit, seen = valley.dice.choice(visits)
        action = valley.dice.choice([*VERDICTS, "return"])
        comment = None if action == "approve" else "look again"
        review.decide_visit(self.ctx(), visit, action, by=self.desk.who(), seen=seen, comment=comment)
        return VERDICTS[action]

    def _hands_over(self, valley: Valley) -> bool:
        home = valley.dice.choice(valley.homes)
        person = valley.dice.choice(sorted(valley.people.values()))
        with self.ctx().db.read() as session:
            held = home.id in scope.held(session, self.county.feed_id, person, [home.id])
        if held:
            self.county.unassign(self.ctx(), self.by, person, home.id)
        else:
            assignments.assign(self.ctx(), self.by, person, subject_id=home.id)
        return True

    def _corrects(self, valley: Valley) -> bool:
        home = valley.dice.choice(valley.homes)
        value = f"office-{valley.dice.randint(0, 10**9)}"
        with self.ctx().db.read() as session:
            there = session.scalar(select(EntityRow.id).where(EntityRow.id == home.id))
        if there:
            self.desk.corrects(home, water=value)
        return bool(there)

    def _imports(self, valley: Valley) -> bool:
        """The sheet of another office, with news of one household."""
        home = valley.dice.choice(valley.homes)
        with self.ctx().db.read() as session:
            there = session.scalar(select(EntityRow.id).where(EntityRow.id == home.id, EntityRow.deleted.is_(False)))
        if there:
            self.cells += 1
            self.county.import_sheet(self.ctx(), self.by, {home: {"water": f"sheet-{self.cells}"}})
        return bool(there)

    def _merges(self, valley: Valley) -> bool:
        """Two records turn out to be one household, whatever is on its way to either."""
        other, into = valley.dice.sample(self._standing(valley), 2)
        self.desk.merges(other, into)
        return True

    def _deletes(self, valley: Valley) -> bool:
        """A record is removed, whatever is on its way to it."""
        self.desk.deletes(valley.dice.choice(self._standing(valley)))
        return True

    def _closes(self, valley: Valley) -> bool:
        """Households are gone, one or all but two, whatever is on its way to them."""
        standing = self._standing(valley)
        gone = valley.dice.sample(standing, valley.dice.randint(1, len(standing) - 2))
        return upheavals.closes(self.ctx(), self.desk, gone)

    def _moves_somebody(self, valley: Valley) -> bool:
        """Somebody marries into another household, whatever is on its way about them."""
        draw = valley.dice.randrange(10**9)
        return upheavals.moves(self.ctx(), self.desk.who(), self._standing(valley, least=2), draw=draw)

    def _has_a_file_made(self, valley: Valley) -> bool:
        return self.phones.backs_up(valley)

    def _takes_a_file_in(self, valley: Valley) -> bool:
        return self.phones.carries(valley)

    def _hears_of_a_lost_phone(self, valley: Valley) -> bool:
        return self.phones.loses(valley)

    def _signs_a_phone_out(self, valley: Valley) -> bool:
        return self.phones.signs_out(valley)

    def _standing(self, valley: Valley, least: int = 3) -> list[Household]:
        """The records that may go: two stay, as four people would have nobody to write about."""
        gone = EntityRow.deleted.is_(True) | EntityRow.merged_into.is_not(None)
        with self.ctx().db.read() as session:
            ids = set(session.scalars(select(EntityRow.id).where(EntityRow.subject_id == EntityRow.id, ~gone)))
        standing = [home for home in valley.homes if home.id in ids]
        if len(standing) < least:
            raise NotFound
        return standing

    def _publishes(self, _valley: Valley) -> bool:
        """The next version of the form, with one more question; forms that are begun stay with theirs."""
        self.version += 1
        self._publish(self.version)
        return True

    def publishes_again(self) -> None:
        """What was published since the backup that was put back: the server could read no visit of a form it lost."""
        with self.ctx().db.read() as session:
            there = set(session.scalars(select(FormVersionRow.version).where(FormVersionRow.form_id == VISIT.form)))
        for version in range(2, self.version + 1):
            if str(version) not in there:
                self._publish(version)

    def _publish(self, version: int) -> None:
        definition = copy.deepcopy(VISIT_DEFINITION)
        definition["version"] = str(version)
        text = {"zh": "新问题", "en": "New question"}
        extra = {"kind": "question", "type": "string", "label": text}
        name = f"extra_{version}"
        definition["nodes"].append({"name": name, "ref": f"/data/{name}", **extra})
        published.publish_form(self.ctx(), self.by, definition, digest=json.dumps(definition))
