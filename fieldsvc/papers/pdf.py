"""Draws papers as one PDF: A4, black on white, text that can be selected and searched."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from fpdf import FPDF, XPos, YPos
from fpdf.enums import MethodReturnValue, VAlign, WrapMode
from fpdf.fonts import FontFace

from fieldsvc.papers import columns, font
from fieldsvc.papers.lines import broken
from fieldsvc.papers.model import Block, Grid, Heading, Paper, Pictures, Signatures, Text, Title

_FAMILY = "paper"
_MARGIN, _FOOT = 16.0, 12.0
_BODY, _SMALL, _HEAD, _TITLE, _LARGE = 10.5, 8.5, 12.5, 18.0, 22.0
_ACROSS, _GAP = 3, 4.0
_GRID = 120
#: Beside the words of a cell, in millimetres; and how dark the headings and the labels lie under theirs.
_PADDING, _SHADE = 0.8, 240
#: How many characters the narrowest column of a table holds side by side.
_FEWEST = 3
#: Points, and millimetres from line to line: small beside a caption, and still to be read on a copy.
_STAMP, _STAMP_LINE = 6.5, 3.0


class _Page(FPDF):
    """A page that knows its foot."""

    def __init__(self, face: Path) -> None:
        super().__init__(format="A4")
        self.face, self.foot, self.unknown, self.scale = face, "", set[str](), 1.0
        self.add_font(_FAMILY, "", face)
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, _MARGIN + _FOOT / 2)
        self.c_margin = 1.2

    def footer(self) -> None:
        """The foot and the page's number, below a hairline."""
        self.set_y(-_FOOT - 2)
        self.set_draw_color(_GRID)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.set_font(_FAMILY, size=_SMALL)
        self.cell(self.epw * 0.8, 6, self.foot)
        self.cell(self.epw * 0.2, 6, f"{self.page_no()} / {{nb}}", align="R")

    def say(self, text: str) -> str:
        """The text with what the font has not replaced."""
        return font.printable(text, self.face, self.unknown)

    def lines(self, text: str, room: float) -> str:
        """The text as `say` has it, broken into lines that fit into so many millimetres at the present size."""
        return broken(self.say(text), room, self.get_string_width)

    def at_size(self, points: float) -> None:
        """Write at this size from here on, or larger where the paper is read from further away."""
        self.set_font(_FAMILY, size=points * self.scale)

    def room_for(self, height: float) -> None:
        """A new page where this much does not fit any more."""
        if self.will_page_break(height):
            self.add_page()


def draw(papers: Sequence[Paper], at_ms: int, face: Path) -> bytes:
    """The papers one after the other as a PDF, each from a new page on; the same for the same values."""
    page = _Page(face)
    page.set_creation_date(datetime.fromtimestamp(at_ms / 1000, UTC))
    page.set_title(papers[0].title if papers else "")
    page.set_lang("zh-CN")
    for paper in papers:
        page.foot, page.scale = page.say(paper.foot), paper.scale
        page.add_page()
        page.unknown.clear()
        page.start_section(page.say(paper.title))
        for block, below in pairwise([*paper.blocks, None]):
            assert block is not None  # what ends the list is only ever below
            _block(page, block, below)
        if page.unknown:
            codes = ", ".join(f"U+{ord(one):04X}" for one in sorted(page.unknown))
            page.ln(2)
            _paragraph(page, paper.missing.format(codes=codes), _SMALL)
    return bytes(page.output())


def _block(page: _Page, block: Block, below: Block | None) -> None:
    match block:
        case Title():
            page.ln(3)
            _paragraph(page, block.text, _TITLE, align="C")
            if block.below:
                _paragraph(page, block.below, _BODY, align="C")
            page.ln(3)
        case Heading():
            # A heading over nothing at the foot of a page is the photos' own, which begin the next one.
            page.room_for(24 + (_room_of_a_row(page) if isinstance(below, Pictures) else 0))
            page.ln(3)
            _paragraph(page, block.text, _HEAD)
            page.ln(0.5)
        case Text():
            _paragraph(page, block.text, _LARGE if block.large else _BODY)
            page.ln(1)
        case Grid():
            _grid(page, block)
        case Pictures():
            _pictures(page, block)
        case Signatures():
            _signatures(page, block)


def _paragraph(page: _Page, text: str, size: float, align: str = "L") -> None:
    page.at_size(size)
    said, high = page.lines(text, page.epw - 2 * page.c_margin), page.font_size_pt * 0.58
    page.multi_cell(0, high, said, align=align, wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _grid(page: _Page, grid: Grid) -> None:
    page.at_size(_BODY if len(grid.widths) < 6 else _SMALL)
    page.set_draw_color(_GRID)
    high, shade = page.font_size * 1.5, FontFace(fill_color=_SHADE)
    beside = 2 * _PADDING + 0.2
    widths = columns.widths(grid.widths, page.epw, _FEWEST * page.font_size + beside)
    rooms = [width - beside for width in widths]
    head, whole = _lines_of(page, grid.head, rooms), list(grid.rows)
    if _longest(head) * high > page.eph / 2:
        # Said once, as a row: on every page it would leave no room for the others.
        head, whole = [], [grid.head, *whole]
    most = int((page.eph - 2 * _PADDING - bool(head) * (_longest(head) * high + 2 * _PADDING)) / high)
    rows = [part for cells in whole for part in _parts(_lines_of(page, cells, rooms), most)]
    with page.table(
        col_widths=tuple(widths),
        first_row_as_headings=bool(head),
        num_heading_rows=1 if head else 0,
        headings_style=shade,
        line_height=high,
        padding=_PADDING,
        text_align=["RIGHT" if at in grid.numbers else "LEFT" for at in range(len(grid.widths))],
        v_align=VAlign.T,
        wrapmode=WrapMode.CHAR,
    ) as table:
        for number, lines in enumerate([head, *rows] if head else rows):
            row = table.row()
            for at, cell in enumerate(map("\n".join, lines)):
                shaded = number == 0 if head else at % 2 == 0 and cell
                row.cell(cell, style=shade if shaded else None)
    page.ln(2)


def _lines_of(page: _Page, cells: Sequence[str], rooms: Sequence[float]) -> list[list[str]]:
    """The cells of a row in lines that fit; none of a table without a head."""
    return [page.lines(cell, room).split("\n") for cell, room in zip(cells, rooms, strict=bool(cells))]


def _longest(cells: Sequence[Sequence[str]]) -> int:
    return max(map(len, cells), default=0)


def _parts(cells: Sequence[Sequence[str]], most: int) -> Iterator[list[list[str]]]:
    """A row as rows of no more lines than a page has: a year's words about a household are longer than a sheet."""
    for start in range(0, _longest(cells), most):
        yield [list(lines[start : start + most]) for lines in cells]


def _size_of_a_picture(page: _Page) -> tuple[float, float]:
    wide = (page.epw - _GAP * (_ACROSS - 1)) / _ACROSS
    return wide, wide * 0.75


def _room_of_a_row(page: _Page) -> float:
    """The height of a row of pictures with captions of two lines."""
    return _size_of_a_picture(page)[1] + 12


def _pictures(page: _Page, block: Pictures) -> None:
    wide, high = _size_of_a_picture(page)
    for start in range(0, len(block.pictures), _ACROSS):
        page.room_for(_room_of_a_row(page))
        top, lowest = page.get_y(), page.get_y()
        for place, one in enumerate(block.pictures[start : start + _ACROSS]):
            left = page.l_margin + place * (wide + _GAP)
            if one.data is None:
                page.rect(left, top, wide, high)
            else:
                page.image(io.BytesIO(one.data), left, top, wide, high, keep_aspect_ratio=True, alt_text=one.caption)
                _stamp(page, one.stamp, left, top + high, wide)
            page.set_xy(left, top + high + 0.5)
            page.set_font(_FAMILY, size=_SMALL)
            said = page.lines(one.caption, wide - 2 * page.c_margin)
            page.multi_cell(wide, 4.4, said, wrapmode=WrapMode.CHAR, new_x=XPos.LEFT, new_y=YPos.NEXT)
            lowest = max(lowest, page.get_y())
        page.set_xy(page.l_margin, lowest + 2)


def _stamp(page: _Page, text: str, left: float, foot: float, wide: float) -> None:
    """A line over the lower edge of a picture, dark as the office's page draws it."""
    if not text:
        return
    page.set_font(_FAMILY, size=_STAMP)
    lines = page.multi_cell(
        wide, _STAMP_LINE, page.say(text), wrapmode=WrapMode.CHAR, dry_run=True, output=MethodReturnValue.LINES
    )
    assert isinstance(lines, list)
    page.set_xy(left, foot - _STAMP_LINE * len(lines))
    page.set_fill_color(0)
    page.set_text_color(255)
    page.multi_cell(wide, _STAMP_LINE, page.say(text), wrapmode=WrapMode.CHAR, fill=True)
    page.set_text_color(0)


def _signatures(page: _Page, block: Signatures) -> None:
    page.at_size(_BODY)
    # All on one page: whoever signs a sheet that bears half of the places does not see who else has to.
    page.room_for(4 + 12 * -(-len(block.labels) // 2) + 2)
    page.ln(4)
    for start in range(0, len(block.labels), 2):
        for label in block.labels[start : start + 2]:
            text, room = page.say(label), page.epw / 2 - 4
            left = room - page.get_string_width(f"{text} ")
            page.cell(page.epw / 2, 12, f"{text} {'_' * min(16, int(left / page.get_string_width('_')))}")
        page.ln(12)
