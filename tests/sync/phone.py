"""A phone in fifty lines: a replica, an outbox, and the chains its offline edits form."""

from dataclasses import dataclass, field

from sync.feed import Cursor
from sync.merge import edits, written
from sync.model import Properties
from tests.sync.reference import Operation, Server
from tests.sync.strategies import RULES


@dataclass
class Phone:
    """What a phone keeps: the server's rows it pulled, and its own edits until it has seen what became of them."""

    name: str
    cursor: Cursor
    replica: dict[str, tuple[int, Properties]] = field(default_factory=dict)
    outbox: list[Operation] = field(default_factory=list)
    chains: dict[str, list[Operation]] = field(default_factory=dict)
    contained: dict[str, int] = field(default_factory=dict)
    shown: dict[str, Properties] = field(default_factory=dict)
    says_was: bool = True

    def held(self, household: str) -> tuple[int, Properties]:
        """The server's row as last pulled; version 0 if there never was one."""
        return self.replica.get(household, (0, {}))

    def shows(self, household: str) -> dict[str, str | None]:
        """What the screen says: the server's row under the phone's own edits that are not in it yet.

        What a form merely stated again is no edit, and must not cover what others wrote since.
        """
        view = dict(self.held(household)[1])
        for operation in self.chains.get(household, [])[self.contained.get(household, 0) :]:
            view.update(edits(self.shown[operation.id], operation.changes, RULES))
        return view

    def edit(self, operation_id: str, household: str, changes: Properties) -> Operation:
        """Save a form without signal: it states all that it showed, with these changes."""
        self.shown[operation_id] = self.shows(household)
        stated, row = {**self.shown[operation_id], **changes}, self.held(household)[1]
        was = {name: row.get(name) for unit in written(row, stated, RULES) for name in unit.names}
        chain = self.chains.setdefault(household, [])
        version = self.held(household)[0]
        trunk = chain[0].trunk_version if chain else version
        operation = Operation(
            operation_id,
            household,
            stated,
            trunk_version=trunk,
            base_version=trunk + len(chain),
            branch_id=chain[0].branch_id if chain else f"branch of {operation_id}",
            create=trunk == 0 and not chain,
            seen_version=version,
            seen_base=trunk + self.contained.get(household, 0),
            was=was if self.says_was else None,
        )
        chain.append(operation)
        self.outbox.append(operation)
        return operation

    def pulls(self, server: Server, limit: int) -> bool:
        """Store one page and its cursor; whether there is more."""
        page = server.pull(self.cursor, limit)
        for change in page.changes:
            assert change.key is not None
            if change.version > self.held(change.key)[0]:
                self.replica[change.key] = change.version, server.versions[change.key, change.version].properties
        self.cursor = page.cursor
        for household in list(self.chains):
            self._find_own_work(household, server)
        return page.more

    def _find_own_work(self, household: str, server: Server) -> None:
        """Stop laying over the row what it contains; once that is everything, the next edit starts a new chain.

        A link that the row contains brought its predecessors with it, answered or not.
        """
        chain = self.chains[household]
        results = [None if link in self.outbox else server.result_of(link.id) for link in chain]
        found = [n for n, at in enumerate(results, 1) if at is not None and at <= self.held(household)[0]]
        self.contained[household] = max(found, default=0)
        if None not in results and self.contained[household] == len(chain):
            del self.chains[household], self.contained[household]
