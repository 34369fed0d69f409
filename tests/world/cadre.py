"""A cadre with a phone. Every verb is a line a cadre would say; none of them is about HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from tests.world.clock import PhoneClock
from tests.world.forms import VISIT, visit_answers
from tests.world.outbox import Entry, Row, Touch
from tests.world.phone import BATCH, Phone
from tests.world.places import Household, Member, Record, Thing
from tests.world.signal import Link, NoSignal

#: A sync that has not come to rest after so many requests never will.
ENOUGH_REQUESTS = 200


@dataclass(frozen=True)
class Draft:
    """A visit form that is open: its id, and where the record stood and what it showed when it was opened."""

    id: str
    home: Household
    touch: Touch
    shown: Mapping[str, str | None]
    synced: Mapping[str, str | None]


@dataclass
class Cadre:
    """One person carrying one phone. `phone` changes when the app is installed anew or handed over."""

    name: str
    person_id: str
    link: Link
    clock: PhoneClock
    phone: Phone
    get_code: Callable[[], str]
    turned_away: list[str] = field(default_factory=list)
    last_receipts: list[Row] = field(default_factory=list)

    # ── signal ────────────────────────────────────────────────────────────────────────────────────────────────

    def loses_signal(self) -> None:
        """Walk into the valley."""
        self.link.up = False

    def finds_signal(self) -> None:
        """Walk up the ridge."""
        self.link.up = True

    def finds_signal_and_syncs(self) -> list[Row]:
        """Walk up the ridge and let the phone do its work."""
        self.finds_signal()
        return self.syncs()

    def loses_the_next_reply(self, times: int = 1) -> None:
        """Lose signal after the request has left and before the answer is here."""
        self.link.lose_replies = times

    def syncs(self, *, limit: int = BATCH) -> list[Row]:
        """Send what waits, fetch what is new, and go on until both are done or the signal is gone."""
        receipts: list[Row] = []
        for _ in range(ENOUGH_REQUESTS):
            try:
                page = self.exchanges(limit=limit)
            except NoSignal:
                return receipts
            if page is None:
                return receipts
            receipts += page.get("receipts") or []
            if self.phone.pull == "upgrade" and not self.phone.outbox.waiting():
                return receipts
            if self.phone.pull == "ok" and not self.phone.outbox.waiting() and not page.get("more"):
                return receipts
        raise AssertionError(f"{self.name}'s phone never comes to rest")

    def exchanges(self, *, limit: int = BATCH) -> Row | None:
        """One request and its answer; None when the server does not know this phone any more."""
        return self._asks(self.phone.request(limit=limit))

    def pulls_one_page(self) -> None:
        """Have signal for one request only."""
        with suppress(NoSignal):
            self.exchanges()

    def checks_for_news(self) -> None:
        """Have signal, and nothing goes out: what waits in the outbox stays there."""
        more = True
        while more:
            page = self._asks(self.phone.request(limit=0))
            more = page is not None and bool(page.get("more"))

    def sends_only(self, *entries: Entry) -> None:
        """The network carries these operations and no other, in this order."""
        self._asks({**self.phone.request(limit=0), "operations": [entry.wire for entry in entries]})

    def sends_for(self, entry: Entry) -> None:
        """Send another person's operation from this phone."""
        self.sends_only(entry)

    def _asks(self, request: Row) -> Row | None:
        reply = self.link.ask("POST", "/api/v1/sync", request, self.phone.token)
        if reply.status == 401:
            self.turned_away.append(reply.body["code"])
            if reply.body["code"] == "device-revoked":
                self.phone.is_signed_out_as_lost(reply.body.get("pull"))
            return None
        assert reply.status == 200, (reply.status, reply.body)
        self.last_receipts = reply.body.get("receipts") or []
        self.phone.take(reply.body)
        return reply.body

    def is_answered_with_trouble(self) -> None:
        """Send what waits, and get anything but an answer that settles it."""
        reply = self.link.ask("POST", "/api/v1/sync", self.phone.request(), self.phone.token)
        assert reply.status >= 500, (reply.status, reply.body)
        assert "receipts" not in reply.body

    def enrols(self) -> None:
        """Scan a new code with this phone. The queue and the record stay as they are."""
        reply = self.link.ask(
            "POST",
            "/api/v1/session",
            {"code": self.get_code(), "install_id": self.phone.install_id, "device_name": f"{self.name}'s phone"},
            None,
        )
        assert reply.status == 201, (reply.status, reply.body)
        assert reply.body["person"]["id"] == self.person_id
        self.phone.token = reply.body["token"]
        self.turned_away.clear()

    def borrows_phone_of(self, owner: Cadre) -> None:
        """Sign in on somebody else's phone: the same installation, a database of one's own."""
        self.phone.install_id = owner.phone.install_id
        self.enrols()

    def takes_a_second_phone(self) -> Cadre:
        """Carry one more phone, enrolled under the same name."""
        clock = PhoneClock(self.clock.world)
        phone = Phone(self.phone.new_id(), self.person_id, clock, self.phone.new_id)
        second = Cadre(self.name, self.person_id, Link(self.link.send), clock, phone, self.get_code)
        second.link.audit = self.link.audit
        second.enrols()
        second.checks_for_news()
        return second

    # ── work ──────────────────────────────────────────────────────────────────────────────────────────────────

    def visits(self, home: Household, *, born: Sequence[Member] = (), **answers: Any) -> Entry:
        """Fill in the visit form at a household and finish it."""
        return self.finishes(self.opens_form(home), born=born, **answers)

    def opens_form(self, home: Household) -> Draft:
        """Open the visit form: from here on its base is what the phone shows now."""
        touch = self.phone.touch(home.dataset, home.id, {}, create=False)
        return Draft(self.phone.new_id(), home, touch, self.phone.properties(home.id), self.phone.synced(home.id))

    def amends(self, visit: Entry, home: Household, *, born: Sequence[Member] = (), **answers: Any) -> Entry:
        """Send the visit again, corrected: a new document that names the one it replaces."""
        return self.finishes(self.opens_form(home), born=born, replaces=visit, **answers)

    def withdraws(self, visit: Entry, *, reason: str = "misfiled") -> Entry:
        """Take back a visit that was filed for the wrong household."""
        return self.phone.freeze("withdrawal", visit.subject, (), submission=visit.id, reason=reason)

    def complains(self, text: str) -> Entry:
        """Write to the office what is hard to use."""
        return self.phone.freeze("feedback", "", (), text=text)

    def looks_at(self, thing: Household | Member, *names: str) -> Entry:
        """Tap on masked values."""
        return self.phone.freeze(
            "view", thing.subject_id, (), subject=thing.subject_id, entity=thing.id, properties=list(names)
        )

    def corrects(self, thing: Thing, *, reason: str | None = None, **changes: str | None) -> Entry:
        """Correct the record itself, without a visit."""
        return self._edits(thing, self.phone.touch(thing.dataset, thing.id, changes, create=False), reason)

    def meets_newcomer(self, member: Member, **properties: str | None) -> Entry:
        """Add a person to a household's record."""
        changes = {"name": member.name, **properties}
        return self._edits(member, self.phone.touch(member.dataset, member.id, changes, create=True), None)

    def adds(self, thing: Thing, **properties: str | None) -> Entry:
        """Add a record of any kind to a household."""
        return self._edits(thing, self.phone.touch(thing.dataset, thing.id, properties, create=True), None)

    def _edits(self, thing: Thing, touch: Touch, reason: str | None) -> Entry:
        declared = touch.declared
        declared["entity"] = declared.pop("id")
        return self.phone.freeze(
            "edit",
            thing.subject_id,
            (touch,),
            subject=thing.subject_id,
            changes=touch.changes,
            **declared,
            **({"reason": reason} if reason else {}),
        )

    def finishes(
        self,
        draft: Draft,
        *,
        born: Sequence[Member] = (),
        replaces: Entry | None = None,
        of_version: str = VISIT.version,
        **answers: Any,
    ) -> Entry:
        """Finish an open form: the operation is frozen and waits to be sent."""
        home = draft.home
        changes = {name: value for name, value in answers.items() if name in VISIT.saves}
        before = self._said_before(replaces)
        said = self.phone.saying(
            self.phone.behind(draft.touch), changes, {**draft.shown, **before}, {**draft.synced, **before}
        )
        touches = [
            self._from_where_it_stood(said, replaces),
            *(
                self._from_where_it_stood(
                    self.phone.touch(member.dataset, member.id, {"name": member.name}, create=True), replaces
                )
                for member in born
            ),
        ]
        paths = ["/data", *(f"/data/births[{number}]" for number in range(1, len(born) + 1))]
        now = self.clock()
        return self.phone.freeze(
            "submission",
            home.id,
            tuple(touches),
            made_as=draft.id,
            form=VISIT.form,
            version=of_version,
            subject=home.id,
            answers=visit_answers(home, born, answers),
            started_at=now,
            ended_at=now,
            context={"now": now, "utc_offset": 480, "seed": 1, "preloads": {}},
            **({"replaces": replaces.id} if replaces else {}),
            entities=[{"path": path, **touch.declared} for path, touch in zip(paths, touches, strict=True)],
        )

    @staticmethod
    def _said_before(replaced: Entry | None) -> dict[str, str | None]:
        """What the visit that is amended said of the household, once that took effect: the form begins with it."""
        took_effect = replaced is not None and any(
            e.get("version") for e in (replaced.receipt or {}).get("effects") or []
        )
        if replaced is None or not took_effect:
            return {}
        return {name: value for name, value in replaced.document["answers"].items() if name in VISIT.saves}

    def _from_where_it_stood(self, touch: Touch, replaced: Entry | None) -> Touch:
        """An amendment starts from the versions that the visit it replaces produced, whatever came since."""
        if replaced is None or replaced.receipt is None:
            return touch
        for effect in replaced.receipt.get("effects") or []:
            if effect["entity"] == touch.entity and effect.get("version"):
                made = int(effect["version"])
                return replace(touch, base_version=made, trunk_version=made, seen_version=made, seen_base=made)
        return touch

    # ── what the screen shows ─────────────────────────────────────────────────────────────────────────────────

    def sees(self, thing: Thing) -> Record:
        """The record as this phone shows it, own unsent work included."""
        row = self.phone.replica.entities.get(thing.id)
        return Record(
            properties=self.phone.properties(thing.id),
            version=self.phone.replica.version(thing.id),
            deleted=bool(row and row.get("deleted")),
            merged_into=row.get("merged_into") if row else None,
            in_conflict=frozenset(row.get("conflicts") or []) if row else frozenset(),
        )

    def holds(self, thing: Thing) -> bool:
        """Whether the record is on this phone, and neither removed nor merged away."""
        row = self.phone.replica.entities.get(thing.id)
        return row is not None and not row.get("deleted") and not row.get("merged_into")

    def notices(self, kind: str) -> list[Row]:
        """What the phone was told, of one kind, in order."""
        return [row for _, row in sorted(self.phone.replica.notices.items()) if row["kind"] == kind]

    def waiting(self) -> int:
        """The number "on this phone"."""
        return len(self.phone.outbox.waiting())
