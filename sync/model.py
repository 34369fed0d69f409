"""The values the merge engine speaks in.

Everything here is frozen and plain: the store builds these from rows, the engine answers with them.
Nothing here knows a database, a request, a clock or a random number; times and ids are arguments.

A property value is text or `None`. A key that is *absent* was never set; a key whose value is `None`
was blanked by somebody on purpose. Keep that difference when storing (an import fills only what was
never set); for comparing, the two and the empty string are the same blank.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Properties = Mapping[str, str | None]


class Policy(StrEnum):
    """How a property is merged when two people changed it without seeing each other's change."""

    IMMUTABLE = "immutable"  # set once; only the office may correct it afterwards
    SERVER = "server"  # written by office, import and server; a phone's value is recorded, not taken
    LAST_RECEIVED = "last_received"
    REVIEW = "review"  # the current value stays, the other waits for a person
    MAX = "max"
    MIN = "min"
    ORDERED = "ordered"  # the code further along in `Rule.ranks`
    SET = "set"  # space-separated codes; additions and removals of both sides
    COUNTER = "counter"  # a number; both sides' differences from the base add up
    APPEND = "append"  # lines of text; both sides' new lines
    GEO_BEST = "geo_best"  # "lat lon alt accuracy"; the better accuracy
    DERIVED = "derived"  # computed by the server alone


class Writer(StrEnum):
    """Who writes, as far as write rights of a policy are concerned."""

    PHONE = "phone"
    CHECKER = "checker"  # a phone too, but of somebody who verifies: adds to the record, never overwrites it
    OFFICE = "office"
    IMPORT = "import"
    SERVER = "server"


class Action(StrEnum):
    """What an edit asks to happen to its entity."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Status(StrEnum):
    """What a receipt says of an operation."""

    APPLIED = "applied"
    MERGED = "merged"
    CONFLICT = "conflict"
    HELD = "held"
    REVIEW = "review"
    REFUSED = "refused"


#: What is said of an operation that is in effect, whole or but for what a person has still to choose.
IN_EFFECT = (Status.APPLIED, Status.MERGED, Status.CONFLICT)


class ReviewReason(StrEnum):
    """Why an operation waits for a person. The last two are found by the engine's callers."""

    ENTITY_DELETED = "entity-deleted"
    ENTITY_UNKNOWN = "entity-unknown"
    CHANGED_SINCE = "changed-since"  # a deletion of something that others edited meanwhile
    OUT_OF_SCOPE = "out-of-scope"
    RULE_BROKEN = "rule-broken"


class HeldReason(StrEnum):
    """What a held operation waits for. Ask again whenever its entity gets a version or its branch a link."""

    EARLIER_LINK = "earlier-link"  # an earlier edit of the same offline branch
    CREATION = "creation"  # the operation that creates the entity
    AHEAD = "ahead"  # a version this server does not have (restored backup; others will send it again)


class LossReason(StrEnum):
    """Why a written value neither became current nor waits in a conflict."""

    NOT_WRITABLE = "not-writable"  # the policy does not let this writer change the property
    OUTRANKED = "outranked"  # max, min, ordered, geo_best preferred the other value
    LATER_EDIT = "later-edit"  # the same branch has already said something newer


class CloseReason(StrEnum):
    """Why an open conflict needs no decision any more."""

    EQUAL = "equal"  # both sides now hold the same value
    SUPERSEDED = "superseded"  # the candidate's own author has sent a newer one


@dataclass(frozen=True, slots=True)
class Rule:
    """How one property of a dataset is merged. Properties of one `group` move together, from one writer."""

    name: str
    policy: Policy = Policy.REVIEW
    group: str | None = None
    ranks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """The properties that are merged as one: a group, or a single property. The first name leads."""

    names: tuple[str, ...]
    policy: Policy
    ranks: tuple[str, ...] = ()


class Rules:
    """The merge rules of one dataset. A property nobody declared is merged by `review`."""

    __slots__ = ("_unit_of",)

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        members: dict[str, list[Rule]] = {}
        for rule in rules:
            key = f"group {rule.group}" if rule.group else f"property {rule.name}"
            members.setdefault(key, []).append(rule)
        self._unit_of: dict[str, Unit] = {}
        for together in members.values():
            unit = Unit(tuple(rule.name for rule in together), _policy_of(together), together[0].ranks)
            self._unit_of.update(dict.fromkeys(unit.names, unit))

    def unit(self, name: str) -> Unit:
        """The unit that `name` is merged in."""
        return self._unit_of.get(name) or Unit((name,), Policy.REVIEW)

    def units(self, names: Iterable[str]) -> tuple[Unit, ...]:
        """The distinct units that cover `names`, in a fixed order."""
        found = {unit.names: unit for unit in map(self.unit, names)}
        return tuple(found[key] for key in sorted(found))


#: Policies whose result mixes both writers. A group cannot: half a code beside half a name is nobody's value.
_BLENDING = frozenset({Policy.SET, Policy.COUNTER, Policy.APPEND})


def _policy_of(together: list[Rule]) -> Policy:
    policy = together[0].policy
    return Policy.REVIEW if len(together) > 1 and policy in _BLENDING else policy


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as the server has it now.

    `decided` names the properties a person decided (a resolution), with the version that did it: an
    edit made without having seen that version never replaces the decision, it asks again.
    """

    id: str
    version: int
    properties: Properties
    deleted: bool = False
    merged_into: str | None = None
    decided: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """What one operation asks of one entity.

    `trunk_version` is the server version the phone showed (0: none, the entity was made offline), a
    link's `shown_version`; `base_version` is the place in the offline branch. `author` marks new lines
    of `append` text.
    """

    entity_id: str
    changes: Properties
    action: Action = Action.UPDATE
    operation_id: str = ""
    trunk_version: int = 0
    base_version: int = 0
    branch_id: str | None = None
    author: str = ""
    writer: Writer = Writer.PHONE


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two values of one unit that only a person may choose between (a hard conflict).

    `base` is what the candidate's author had seen, `current` what stays meanwhile, `candidate` what
    waits. The caller gives it an id when storing it.
    """

    entity_id: str
    names: tuple[str, ...]
    base: Properties
    current: Properties
    candidate: Properties
    current_version: int
    base_version: int = 0
    operation_id: str = ""
    branch_id: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Superseded:
    """Written values that lost without a conflict: kept in the record, restorable, never silent."""

    values: Properties
    reason: LossReason


@dataclass(frozen=True, slots=True)
class Closed:
    """An open conflict that needs no decision any more."""

    conflict: Conflict
    reason: CloseReason
