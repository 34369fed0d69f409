"""What a ledger is: where its rows come from, which of them, which columns, what is added up.

Built by `read.parse` from a file that has been checked. One entry at the door feeds every ledger (domain reference
SYS-114): a ledger is never typed, it is read from records, visits, pairings or the lack of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

#: What something is called: `{"zh": …, "en": …}`.
Text = Mapping[str, str]


class Source(StrEnum):
    """Where the rows of a ledger come from."""

    DATASET = "dataset"  # one row for each record
    FORM = "form"  # one row for each submission, or for each item of one of its repeats
    PAIRINGS = "pairings"  # one row for each household and its helper
    UNPAIRED = "unpaired"  # one row for each household that has no helper


class How(StrEnum):
    """How a condition looks at a value."""

    IN = "in"
    NOT_IN = "not_in"
    HAS = "has"  # one of several codes
    FILLED = "filled"


#: Columns that are known of every row, of a submission, and of a pairing, with their words.
PLACES: Mapping[str, Text] = {
    "town": {"zh": "乡镇", "en": "Town"},
    "village": {"zh": "村", "en": "Village"},
    "helpers": {"zh": "帮扶责任人", "en": "Helpers"},
}
VISIT_FACTS: Mapping[str, Text] = {
    "started_on": {"zh": "日期", "en": "Day"},
    "received_on": {"zh": "收到", "en": "Received"},
    "author": {"zh": "填报人", "en": "Filled by"},
    "state": {"zh": "审核", "en": "Review"},
}
PAIRING_FACTS: Mapping[str, Text] = {
    "helper": {"zh": "帮扶责任人", "en": "Helper"},
    "unit": {"zh": "单位", "en": "Unit"},
    "since": {"zh": "结对日期", "en": "Paired since"},
}
#: A column that begins so is a property of the household that the row is about.
OF_HOUSEHOLD = "household."


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it shows (`of`), the words above it unless they are the property's own, whether it is summed."""

    of: str
    label: Text | None = None
    total: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a row: the value in `of` compared with `values`."""

    of: str
    how: How
    values: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the rows, shown as a percentage beside both its counts."""

    label: Text
    where: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger. `of`: the dataset or form; `repeat`: the repeat whose items are the rows, as a path.

    `month`: the property with the date that the month filter looks at; submissions have their own month.
    """

    name: str
    label: Text
    source: Source
    of: str
    columns: tuple[Column, ...]
    repeat: str = ""
    month: str = ""
    where: tuple[Condition, ...] = ()
    filters: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()
