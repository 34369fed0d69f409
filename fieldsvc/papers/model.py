"""What a document consists of, in words already: nothing here knows a household, a language or a library."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the document, in the middle of the page; what it is about below it."""

    text: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `large`: to be read from across the room."""

    text: str
    large: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with lines. `widths` are shares of the page; without `head` it is a sheet of labels and values.

    `numbers`: those of its columns that are read downwards, place below place.
    """

    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    head: Sequence[str] = ()
    numbers: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo with its caption below and its stamp, if it has one, in a line over its lower edge.

    One whose bytes are None has not arrived.
    """

    data: bytes | None
    caption: str
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Photos three abreast."""

    pictures: Sequence[Picture]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, two abreast."""

    labels: Sequence[str]


Block = Title | Heading | Text | Grid | Pictures | Signatures


@dataclass(frozen=True, slots=True)
class Paper:
    """One document. `foot` stands at the bottom of each page, beside the page's number.

    `missing` explains a character that the font has not, with the code points filled in. `scale`: how much larger than
    a paper on a desk it is written; what hangs on a wall is read standing.
    """

    title: str
    blocks: Sequence[Block]
    foot: str
    missing: str = "〓 {codes}"
    scale: float = 1.0
