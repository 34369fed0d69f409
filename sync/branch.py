"""The order of one phone's offline edits of one entity: which may be decided, which must wait.

A *branch* starts at the server version its phone held then (`trunk_version`). Its first link has that
as `base_version`, each later link one more; the trunk stays the branch's first one, because it is how
the first link is told from the others. Links may arrive in any order, twice, or never; nothing here
knows when "now" is: the caller says, and says how long a link may wait.

A phone may pull newer versions while its branch is open. What it *showed* when a link was made was then
`seen_version` under the links from `seen_base` on: those it did not find in that version. Without the
`unseen` ones: it had been told by then that they wait for a person or are refused, and showed them no more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sync.model import IN_EFFECT, Properties, Status

_MS_PER_DAY = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Link:
    """One edit as a link of its branch.

    `status` is `None` for a link that nobody has decided yet. Without `seen_version` and `seen_base` the
    phone showed the trunk under all its earlier links. `answered_at` is when anything but "held" was said of it
    first, and `decided_at` when its `status` was. One that `began` its record, which was not there, wrote all that was
    on the screen.
    """

    operation_id: str
    trunk_version: int
    base_version: int
    changes: Properties
    branch_id: str | None = None
    status: Status | None = None
    received_at: int = 0
    answered_at: int = 0
    decided_at: int = 0
    seen_version: int | None = None
    seen_base: int | None = None
    unseen: frozenset[str] = frozenset()
    began: bool = False

    @property
    def shown_version(self) -> int:
        """The server version under the phone's own edits when this one was made."""
        return self.trunk_version if self.seen_version is None else self.seen_version

    @property
    def shows_from(self) -> int:
        """The place of the first own edit that lay over that version."""
        return self.trunk_version if self.seen_base is None else self.seen_base


@dataclass(frozen=True, slots=True)
class Ready:
    """The link may be decided now.

    `earlier` (in order) are laid over the shown version in the base view. `later` were forced before
    this link arrived, and what they changed stays: hand their changes to `decide.Case`. `beside` too, but what they
    showed had this link in it already, in their version or, since it waited for a person, over that: what they added,
    they added to its own. Those `apart` did not show it: what they added is nothing of what it adds.
    """

    earlier: tuple[Link, ...] = ()
    later: tuple[Link, ...] = ()
    beside: tuple[Link, ...] = ()
    apart: tuple[Link, ...] = ()


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

    A link waits for the one before it, and for any before that which is held itself: it was on the screen, and
    decided afterwards it would stand as an older word of its author. A refused or reviewed link holds nobody up: it
    has been answered. It lies under later ones all the same, because the phone showed it: a form that merely states
    its values again must not apply what a person has still to judge. Unless the phone had heard of that, and says
    so: what it typed then is new, also where it is the same again. Two operations that claim the same place (a form
    that was left open while its record was corrected, a phone restored from its own backup) are both decided, and
    the merge tells their differences: what follows the first in the branch knew nothing of the second, and is no
    later word of its author; what did not show the first follows the second. Nor is a place the last word where one
    names the other as `unseen`: it was made after that one's receipt, and its place is behind what was still shown.
    """
    if link.branch_id is None:
        return Ready()
    chain = sorted((other for other in known if other.branch_id == link.branch_id), key=_position)
    for other in chain:
        if other.operation_id == link.operation_id and _decided(other):
            return Duplicate(other)
    before = [o for o in chain if not _made_after(o, link)]
    if not forced and (missing := _missing(link, before)) is not None:
        return Waiting(missing)
    held = [o.base_version for o in before if o.status is Status.HELD and o.operation_id not in link.unseen]
    if not forced and held and link.trunk_version <= held[0] < link.base_version:
        return Waiting(held[0])
    earlier = (o for o in before if link.shows_from <= o.base_version < link.base_version and _decided(o))
    effective = [o for o in chain if _effective(o) and _follows(o, link, chain)]
    parts = [_parts(o, link, chain) for o in effective if link.operation_id not in o.unseen]
    hidden = [_hidden(o, link, chain) for o in effective if link.operation_id in o.unseen]
    return Ready(
        tuple(o for o in earlier if o.operation_id not in link.unseen),
        tuple(own for own, _ in parts if own is not None),
        tuple(beside for _, beside in (*parts, *hidden) if beside is not None),
        tuple(apart for apart, _ in hidden if apart is not None),
    )


def base_view(shown: Properties | None, earlier: Iterable[Link]) -> Properties | None:
    """The properties as the phone showed them: the shown server version under its own earlier changes.

    Against this, and not against a bare server version, "did anybody else change it?" has the right
    answer. `None` (nobody knows that version any more) stays `None`.
    """
    if shown is None:
        return None
    view = dict(shown)
    for link in earlier:
        view.update(link.changes)
    return view


def as_said(shown: Properties | None, changes: Properties, was: Properties | None) -> Properties | None:
    """The shown version in the author's own words: `was` are its values where the edit states others.

    What the edit states besides was in it as stated. Properties it says nothing about are those that `shown` has now:
    version numbers are given again after an older backup was put back; what somebody had in front of them is not.
    """
    return shown if was is None else {**(shown or {}), **changes, **was}


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


def _missing(link: Link, chain: Sequence[Link]) -> int | None:
    """The place before the link, on its screen, that is to be answered first; what it did not show stands for no other
    before that: a person may have accepted it while those were still on their way.
    """
    if link.base_version <= link.trunk_version:
        return None
    answered = {other.base_version for other in chain if _decided(other)}
    at = link.base_version - 1
    while at in answered and at > link.shows_from and not _shown(link, at, chain):
        at -= 1
    return None if at in answered else at


def _made_after(one: Link, other: Link) -> bool:
    """Whether one was made when the other waited for a person or was refused, as it says, wherever it stands."""
    return other.operation_id in one.unseen and one.operation_id not in other.unseen


def _follows(later: Link, link: Link, chain: Iterable[Link]) -> bool:
    """Whether one was made after the link, or over what had been there when the link was made."""
    if _made_after(link, later) or _made_after(later, link):
        return _made_after(later, link)
    return later.base_version > link.base_version and not _shown(later, link.base_version, chain)


def _shown(link: Link, at: int, chain: Iterable[Link]) -> bool:
    """Whether one that has been answered and stands in this place may have been on the link's screen."""
    found = (o for o in chain if o.base_version == at and _decided(o))
    return any(o.operation_id not in link.unseen and not _made_after(o, link) for o in found)


def _parts(later: Link, link: Link, chain: Iterable[Link]) -> tuple[Link | None, Link | None]:
    """A later link as far as it speaks for this one, and as far as it only counted on from what this one had made.

    Also over one between them that a person had to judge: what that states, it states over this one.
    """
    if later.began:
        return later, None
    if later.shows_from > link.base_version or _lay_under(link, later):
        return None, later
    between = [o for o in chain if link.base_version < o.base_version < later.base_version and _lay_under(o, later)]
    return _split(later, {name for o in between for name in o.changes})


def _hidden(later: Link, link: Link, chain: Iterable[Link]) -> tuple[Link | None, Link | None]:
    """A later link that showed this one no more, and as far as it did: in what one between them had made of it."""
    if later.began:
        return later, None
    first = max(link.base_version + 1, later.shows_from)
    between = [o for o in chain if first <= o.base_version < later.base_version and o.operation_id not in later.unseen]
    # What was made after either was not between them, and `_lay_under` asks it of the link.
    between = [o for o in between if not _made_after(o, later)]
    return _split(later, {name for o in between if _lay_under(link, o) for name in o.changes})


def _split(link: Link, names: set[str]) -> tuple[Link | None, Link | None]:
    """What it says of the other properties, and what of these."""
    over = {name: value for name, value in link.changes.items() if name in names}
    own = {name: value for name, value in link.changes.items() if name not in names}
    if not over:
        return link, None
    return replace(link, changes=own) if own else None, replace(link, changes=over)


def _lay_under(link: Link, later: Link) -> bool:
    """Whether this one, which has been answered, was on the screen of the later one, and here when that was decided."""
    shown = later.shows_from <= link.base_version and link.operation_id not in later.unseen
    shown = shown and not _made_after(link, later)
    # What was held then lay under nothing; what waited for a person did, and may be accepted or refused since.
    return _decided(link) and shown and link.answered_at <= later.decided_at


def _position(link: Link) -> tuple[int, str]:
    return link.base_version, link.operation_id


def _decided(link: Link) -> bool:
    return link.status not in (None, Status.HELD)


def _effective(link: Link) -> bool:
    return link.status in IN_EFFECT
