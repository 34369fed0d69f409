"""Everything one push's decisions depend on, loaded with a fixed number of queries and kept current in memory.

Later operations of a push must see what earlier ones did, although nothing has been written yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services import access
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets, datasets
from fieldsvc.services.guards import Guards
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.parse import Operation
from fieldsvc.store import (
    amendments,
    areas,
    attachments,
    changes,
    conflict_rows,
    entities,
    feeds,
    links,
    operations,
    people,
    scope,
    submissions,
    uploads,
)
from fieldsvc.store.amendments import Amendment
from fieldsvc.store.entities import NewVersion, Stored
from fieldsvc.store.operations import Receipted
from fieldsvc.store.tables import EffectRow, SubmissionRow
from sync.branch import Link
from sync.decide import target
from sync.model import Conflict, Properties, Status


@dataclass(frozen=True, slots=True)
class Granted:
    """A right that this push gives, as a row of the table `scope`, which is written at its end."""

    role: str
    revoked_pos: int | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What wrote the first version of a record; `position` is its place in the feed, 0 in the push that brought it."""

    operation: Operation
    author_id: str
    branch_id: str | None
    shown_version: int
    changes: Properties
    position: int = 0


@dataclass
class Known:
    """What the server knows of the things that a push touches."""

    ctx: Context
    session: Session
    feed_id: str
    epoch: str
    datasets: Datasets
    guards: Guards
    actors: dict[str, Actor] = field(default_factory=dict)
    entities: dict[str, Stored] = field(default_factory=dict)
    versions: dict[tuple[str, int], Properties] = field(default_factory=dict)
    links: dict[str, list[tuple[str, Link]]] = field(default_factory=dict)
    conflicts: dict[str, list[Conflict]] = field(default_factory=dict)
    scope: dict[tuple[str, str], Any] = field(default_factory=dict)
    submissions: dict[str, SubmissionRow] = field(default_factory=dict)
    #: What arrivals amend or withdraw, and what that amended, as far as it waits or was refused.
    without_effect: dict[str, Receipted] = field(default_factory=dict)
    #: What the others of these wrote, and what amendments wrote that were here before what they amend.
    written: dict[str, list[EffectRow]] = field(default_factory=dict)
    #: Those that were in effect until they were taken back.
    taken_back: dict[str, Receipted] = field(default_factory=dict)
    #: Those of them that are amended, read from their bytes once more.
    repeated: dict[str, Arrival] = field(default_factory=dict)
    #: The amendment that took effect before what it amends came, by the latter's id.
    amended: dict[str, Amendment] = field(default_factory=dict)
    produced: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    shown: dict[tuple[str, str], str] = field(default_factory=dict)
    ended: dict[str, frozenset[str]] = field(default_factory=dict)
    #: What was ended and is to be decided again in this push: its amendment was taken back.
    again: list[str] = field(default_factory=list)
    #: What began a record anew, and its changes of that, by both their ids.
    beginnings: dict[tuple[str, str], Beginning | None] = field(default_factory=dict)
    _tags: dict[int, str | None] = field(default_factory=dict)
    _granted: dict[tuple[str, str], Granted] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _paths: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, ctx: Context, session: Session, feed_id: str) -> Known:
        """An empty memory of one feed."""
        found = datasets(ctx, session)
        guards = Guards(ctx, session, feed_id, found)
        return cls(ctx, session, feed_id, feeds.epoch(session, feed_id), found, guards)

    def load(self, arrivals: Sequence[Arrival]) -> None:
        """Read what these arrivals need and is not known yet."""
        self._load_submissions(arrivals)
        undone = {entity_id for made in self.produced.values() for entity_id, _ in made}
        touched = {wish.entity_id for a in arrivals for wish in a.reading.wishes} | undone
        subjects = {a.operation.subject for a in arrivals if a.operation.subject}
        subjects |= {row.subject_id for row in self.submissions.values()}
        self._load_entities(touched | subjects)
        self._load_people(touched)
        self._load_versions(arrivals)
        self._load_links(arrivals)
        for author in {a.author_id for a in arrivals}:
            of_author = {a.operation.subject for a in arrivals if a.author_id == author} | subjects
            self.load_scope(author, of_author)
        self.load_paths({self.survivor(each) for each in subjects})

    def _load_submissions(self, arrivals: Sequence[Arrival]) -> None:
        documents = [a.operation.document for a in arrivals]
        named = {str(d["replaces"]) for d in documents if d.get("replaces")}
        withdrawn = {a.operation.document["submission"] for a in arrivals if a.operation.kind == "withdrawal"}
        # Decided again it has its row already, unless it was kept for a person undecided.
        again = {a.operation.id for a in arrivals if a.operation.kind == "submission" and a.stored is not None}
        self._load_chains(named | withdrawn)
        self.load_amended({a.operation.id for a in arrivals if a.operation.kind == "submission"} - again)
        wanted = again - set(self.submissions)
        self.submissions |= submissions.get_many(self.session, self.feed_id, wanted)
        missing = withdrawn - set(self.produced)
        self.produced |= entities.produced_by(self.session, self.feed_id, missing)

    def _load_chains(self, named: set[str]) -> None:
        """Read these visits, what they amended in their turn and what stands in their place: two queries for each
        link of the longest chain."""
        met, new = set[str](), named
        while new:
            met |= new
            self.without_effect |= amendments.without_effect(self.session, self.feed_id, new)
            self.submissions |= submissions.get_many(self.session, self.feed_id, new - set(self.submissions))
            waiting = [operation_of(self.without_effect[id_]) for id_ in new if id_ in self.without_effect]
            before = {operation.document.get("replaces") for operation in waiting if operation is not None}
            rows = [self.submissions[id_] for id_ in new if id_ in self.submissions]
            before |= {id_ for row in rows for id_ in (row.replaces_id, row.replaced_by_id)}
            new = {str(id_) for id_ in before if id_} - met
        self._load_written({id_ for id_ in met if id_ in self.submissions and id_ not in self.without_effect})

    def tag_at(self, position: int) -> str | None:
        """The tag of the feed's row at this position, if there is one."""
        if position not in self._tags:
            self._tags[position] = changes.tag_at(self.session, self.feed_id, position)
        return self._tags[position]

    def load_taken_back(self) -> None:
        """Read the bytes of those of these visits that their author took back."""
        gone = {id_ for id_, row in self.submissions.items() if row.withdrawn_at is not None}
        wanted = gone - set(self.without_effect) - set(self.taken_back)
        self.taken_back |= operations.known(self.session, self.feed_id, wanted)

    def load_displaced(self, subject_id: str, ids: Sequence[str]) -> None:
        """Read what these visits stand for although they do not amend it: a person preferred them to it."""
        self._load_chains(amendments.displaced(self.session, self.feed_id, subject_id, ids))

    def load_amended(self, ids: set[str]) -> None:
        """Read which of these visits, new here, have an amendment that took effect before they came, and what amended
        that in its turn."""
        new = ids
        while new:
            found = amendments.amended(self.session, self.feed_id, new)
            self.amended |= found
            self._load_written({each.id for each in found.values()})
            new = {each.id for each in found.values()} - set(self.amended)

    def _load_written(self, ids: set[str]) -> None:
        wanted = ids - set(self.written)
        self.written |= {id_: [] for id_ in wanted} | operations.effects_of(self.session, self.feed_id, wanted)

    def load_produced(self, ids: Iterable[str]) -> None:
        """Read which versions these operations wrote, with the records they are of."""
        missing = set(ids) - set(self.produced)
        if missing:
            found = entities.produced_by(self.session, self.feed_id, missing)
            self.produced |= found
            self._load_entities({entity_id for made in found.values() for entity_id, _ in made})
            self._load_versions(())

    def load_shown(self, author_id: str, photos: set[str], kept: bool = False) -> None:
        """Read which of these photos this author has sent already; those of what was kept may be nobody's yet."""
        shown = attachments.already_shown(self.session, self.feed_id, author_id, photos) if photos else {}
        if kept and photos:
            shown |= dict.fromkeys(uploads.finished(self.session, self.feed_id, author_id, photos), attachments.PRESENT)
        self.shown |= {(author_id, sha256): state for sha256, state in shown.items()}

    def _load_entities(self, ids: Iterable[str]) -> None:
        wanted = set(ids) - self._asked
        if not wanted:
            return
        found = entities.load(self.session, self.feed_id, wanted)
        self._asked |= wanted | set(found)
        self.entities |= {id_: stored for id_, stored in found.items() if id_ not in self.entities}
        for row in conflict_rows.open_of_entities(self.session, self.feed_id, sorted(found)):
            self.conflicts.setdefault(row.entity_id, []).append(row)

    def _load_people(self, touched: set[str]) -> None:
        """Which records that are not there yet would bear the id of one of our own people."""
        new = sorted(touched - set(self.entities))
        self.people |= set(people.names(self.session, new)) if new else set()

    def _load_versions(self, arrivals: Sequence[Arrival]) -> None:
        wanted = {(w.entity_id, w.shown_version) for a in arrivals for w in a.reading.wishes if w.shown_version}
        for made in self.produced.values():
            wanted |= {(entity_id, version - n) for entity_id, version in made for n in (0, 1)}
        for key in wanted:
            stored = self.entities.get(key[0])
            if stored is not None and stored.entity.version == key[1]:
                # The phone saw what is still current: by far the most frequent case needs no query.
                self.versions.setdefault(key, stored.entity.properties)
        missing = {key for key in wanted if key not in self.versions}
        self.versions |= entities.versions(self.session, self.feed_id, missing)

    def _load_links(self, arrivals: Sequence[Arrival]) -> None:
        branches = {w.branch_id for a in arrivals for w in a.reading.wishes if w.branch_id} - set(self.links)
        for branch_id in branches:
            self.links[branch_id] = []
        for entity_id, link in links.of_branches(self.session, self.feed_id, branches):
            assert link.branch_id is not None
            self.links[link.branch_id].append((entity_id, self._now(link)))

    def end(self, operation_id: str, entity_ids: Iterable[str]) -> None:
        """From here on this operation, which waited, has been answered: it shall never take effect."""
        self.ended[operation_id] = frozenset(entity_ids)
        for chain in self.links.values():
            chain[:] = [(entity_id, self._now(link)) for entity_id, link in chain]

    def _now(self, link: Link) -> Link:
        if link.operation_id not in self.ended:
            return link
        now = self.ctx.now_ms()
        first = now if link.status is Status.HELD else link.answered_at
        return replace(link, status=Status.REFUSED, answered_at=first, decided_at=now)

    def load_scope(self, author_id: str, subjects: Iterable[str]) -> None:
        """Read what an author holds or held of these subjects."""
        wanted = {survivor for each in subjects if each for survivor in (each, self.survivor(each))}
        rows = scope.rows_for(self.session, self.feed_id, author_id, wanted)
        given = {each: self._granted[each] for subject in wanted if (each := (author_id, subject)) in self._granted}
        self.scope |= {(author_id, subject): rows.get(subject) for subject in wanted} | given

    def grant(self, person_id: str, subject_id: str, role: str) -> None:
        """Let what comes later in this push find that a person holds this subject: who registered it visits it too."""
        self._granted[person_id, subject_id] = self.scope[person_id, subject_id] = Granted(role)

    def survivor(self, entity_id: str) -> str:
        """The entity that stands for this one now, after merges."""
        merged = {id_: s.entity.merged_into for id_, s in self.entities.items() if s.entity.merged_into}
        return target(entity_id, merged) if merged else entity_id

    def written_last_by(self, author_id: str, entity_id: str, new: Sequence[NewVersion]) -> frozenset[str]:
        """The properties of an entity that this person was the last to change, `new` versions of this push included."""
        last = entities.last_authors(self.session, self.feed_id, entity_id)
        for each in new:
            if each.stored.entity.id == entity_id:
                last.update(dict.fromkeys(each.changed, each.author_id))
        return frozenset(name for name, by in last.items() if by == author_id)

    def area_path(self, subject_id: str) -> str | None:
        """The path of the area a subject is in."""
        if subject_id not in self._paths:
            self._paths[subject_id] = areas.path_of_subject(self.session, self.feed_id, subject_id)
        return self._paths[subject_id]

    def load_paths(self, subject_ids: Iterable[str]) -> None:
        """Read the areas of these subjects at once."""
        wanted = set(subject_ids) - set(self._paths)
        if wanted:
            found = areas.paths_of_subjects(self.session, self.feed_id, wanted)
            self._paths |= {subject_id: found.get(subject_id) for subject_id in wanted}

    def actor(self, person_id: str) -> Actor:
        """The author of an operation with today's roles."""
        if person_id not in self.actors:
            person = people.get(self.session, person_id)
            self.actors[person_id] = access.actor_for(
                self.session,
                person_id=person_id,
                name=person.name if person else "",
                feed_id=self.feed_id,
                device_id=None,
                at=self.ctx.now_ms(),
            )
        return self.actors[person_id]
