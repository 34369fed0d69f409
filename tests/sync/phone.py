"""A phone in fifty lines: a replica, an outbox, and the chains its offline edits form."""

from dataclasses import dataclass, field

from sync.feed import Cursor
from sync.model import Properties
from tests.sync.reference import Operation, Server


@dataclass
class Phone:
    """What a phone keeps: the server's rows it pulled, and its own edits until it has seen what became of them."""

    name: str
    cursor: Cursor
    replica: dict[str, tuple[int, Properties]] = field(default_factory=dict)
    outbox: list[Operation] = field(default_factory=list)
    chains: dict[str, list[Operation]] = field(default_factory=dict)

    def shows(self, household: str) -> Properties:
        """What the screen says: the server's row under the phone's own edits."""
        view = dict(self.held(household)[1])
        for operation in self.chains.get(household, []):
            view.update(operation.changes)
        return view

    def held(self, household: str) -> tuple[int, Properties]:
        """The server's row as last pulled; version 0 if there never was one."""
        return self.replica.get(household, (0, {}))

    def edit(self, operation_id: str, household: str, changes: Properties) -> Operation:
        """Save an edit without signal: the next link of the household's chain."""
        chain = self.chains.setdefault(household, [])
        trunk = chain[0].trunk_version if chain else self.held(household)[0]
        operation = Operation(
            operation_id,
            household,
            changes,
            trunk_version=trunk,
            base_version=trunk + len(chain),
            branch_id=chain[0].branch_id if chain else f"branch of {operation_id}",
            create=trunk == 0 and not chain,
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
        self.chains = {name: chain for name, chain in self.chains.items() if not self._settled(name, chain, server)}
        return page.more

    def _settled(self, household: str, chain: list[Operation], server: Server) -> bool:
        """Whether the pulled row shows what became of every link, so that the next edit starts a new chain."""
        results = [None if operation in self.outbox else server.result_of(operation.id) for operation in chain]
        return all(version is not None and version <= self.held(household)[0] for version in results)
