"""The order of one phone's offline edits of one entity: which may be decided, which must wait.

A *branch* starts at the server version its phone last held (`trunk_version`). Its first link has that
as `base_version`, each later link one more. Links may arrive in any order, twice, or never; nothing
here knows when "now" is: the caller says, and says how long a link may wait.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sync.model import Properties, Status

_MS_PER_DAY = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Link:
    """One edit as a link of its branch. `status` is `None` for a link that nobody has decided yet."""

    operation_id: str
    trunk_version: int
    base_version: int
    changes: Properties
    branch_id: str | None = None
    status: Status | None = None
    received_at: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """The link may be decided now.

    `earlier` (in order) belong under it in the base view; `later` were forced before it arrived, and
    what they changed stays. Hand the changes of `later` to `decide.Case`.
    """

    earlier: tuple[Link, ...] = ()
    later: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """The link with base version `missing` has not been decided yet; keep this one."""

    missing: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """This very operation has been decided already; answer with `link`'s status."""

    link: Link


Place = Ready | Waiting | Duplicate


def place(link: Link, known: Iterable[Link], *, forced: bool = False) -> Place:
    """Where the link stands among the `known` links of its branch (other branches' are ignored).

    A refused or reviewed link holds nobody up: it has been answered, only what it wanted has no
    effect. Two operations that claim the same place (a phone restored from its own backup) are both
    decided, and the merge tells their differences.
    """
    if link.branch_id is None:
        return Ready()
    chain = sorted((other for other in known if other.branch_id == link.branch_id), key=_position)
    for other in chain:
        if other.operation_id == link.operation_id and _decided(other):
            return Duplicate(other)
    answered = {other.base_version for other in chain if _decided(other)}
    if not forced and link.base_version > link.trunk_version and link.base_version - 1 not in answered:
        return Waiting(link.base_version - 1)
    effective = [other for other in chain if _effective(other)]
    return Ready(
        tuple(other for other in effective if other.base_version < link.base_version),
        tuple(other for other in effective if other.base_version > link.base_version),
    )


def base_view(trunk: Properties | None, earlier: Iterable[Link]) -> Properties | None:
    """The properties as the phone showed them: its last server version under its own earlier changes.

    Against this, and not against the bare trunk version, "did anybody else change it?" has the right
    answer. `None` (nobody knows that version any more) stays `None`.
    """
    if trunk is None:
        return None
    view = dict(trunk)
    for link in earlier:
        view.update(link.changes)
    return view


def released(links: Iterable[Link]) -> tuple[Link, ...]:
    """The held links of one branch whose wait is over, in the order in which to decide them again.

    Each is released on the assumption that those before it will be decided; `place` each again.
    """
    links = sorted(links, key=_position)
    ready: list[Link] = []
    for link in links:
        if link.status is not Status.HELD:
            continue
        if isinstance(place(link, links), Ready):
            ready.append(link)
            links = [replace(other, status=Status.APPLIED) if other is link else other for other in links]
    return tuple(ready)


def overdue(links: Iterable[Link], *, now: int, days: int) -> tuple[Link, ...]:
    """The held links that have waited `days` or longer at `now` (ms), earliest place first.

    Decide them with `forced`: a phone lost in a river never sends the missing link, and its owner's
    other work must not wait for it for ever.
    """
    late = [link for link in links if link.status is Status.HELD and now - link.received_at >= days * _MS_PER_DAY]
    return tuple(sorted(late, key=_position))


def _position(link: Link) -> tuple[int, str]:
    return link.base_version, link.operation_id


def _decided(link: Link) -> bool:
    return link.status not in (None, Status.HELD)


def _effective(link: Link) -> bool:
    return link.status in (Status.APPLIED, Status.MERGED, Status.CONFLICT)
