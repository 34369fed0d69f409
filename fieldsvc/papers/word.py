"""Writes a paper as a Word document: what an office wants to change before it is signed. The same blocks as the PDF."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Book
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from fieldsvc.papers.model import Block, Grid, Heading, Paper, Pictures, Signatures, Text, Title

#: What Chinese offices write letters in; Word takes another one where it is not installed.
_FACE = "仿宋"
#: The heading of the paper and of its sections are headings to Word too: they are how a reader finds the way.
_POINTS = {"Normal": 10.5, "Heading 1": 18, "Heading 2": 12.5}
_A4, _MARGIN = (Cm(21), Cm(29.7)), Cm(1.8)
_ACROSS = 3
#: What no XML can hold. A name that was pasted with one would else leave its whole town without a document.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(paper: Paper, at_ms: int) -> bytes:
    """The paper as .docx; the same for the same values."""
    book = Document()
    made = datetime.fromtimestamp(at_ms / 1000, UTC).replace(tzinfo=None)
    book.core_properties.title, book.core_properties.author = _said(paper.title), ""
    book.core_properties.comments = ""
    book.core_properties.created = book.core_properties.modified = made
    page = book.sections[0]
    page.page_width, page.page_height = _A4
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    _write_as_offices_do(book)
    for block in paper.blocks:
        _add(book, block)
    foot = page.footer.paragraphs[0]
    foot.text = f"{_said(paper.foot)}  "
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _write_as_offices_do(book: Book) -> None:
    """Black letters of one face, and a language in which Word does not underline every word as misspelt."""
    for name, points in _POINTS.items():
        style = book.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.size, style.font.color.rgb = Pt(points), RGBColor(0, 0, 0)
        face = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(face.attrib):
            del face.attrib[attribute]  # a face of the theme would go before ours
        face.set(qn("w:eastAsia"), _FACE)
    language = book.styles.element.find(".//" + qn("w:lang"))
    language.set(qn("w:eastAsia"), "zh-CN")


def _field(paragraph: Paragraph, name: str) -> None:
    """A number that Word fills in and keeps true while pages are added."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)


def _add(book: Book, block: Block) -> None:
    match block:
        case Title(text, below):
            book.add_heading(_said(text), 1).alignment = WD_ALIGN_PARAGRAPH.CENTER
            if below:
                _line(book, below, 10.5).alignment = WD_ALIGN_PARAGRAPH.CENTER
        case Heading(text):
            book.add_heading(_said(text), 2)
        case Text(text, large):
            _line(book, text, 22 if large else 10.5)
        case Grid():
            _table(book, block)
        case Pictures(pictures):
            for one in pictures:
                if one.data is not None:
                    book.add_picture(io.BytesIO(one.data), width=Cm(17.0 / _ACROSS))
                # Word has no line over a picture that stays where it is: the stamp stands with the caption.
                _line(book, "  ".join(each for each in (one.caption, one.stamp) if each), 8.5)
        case Signatures(labels):
            for label in labels:
                _line(book, f"{label}：", 10.5)


def _line(book: Book, text: str, points: float) -> Paragraph:
    paragraph = book.add_paragraph()
    paragraph.add_run(_said(text)).font.size = Pt(points)
    return paragraph


def _said(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _table(book: Book, grid: Grid) -> None:
    rows = [grid.head, *grid.rows] if grid.head else list(grid.rows)
    table = book.add_table(rows=len(rows), cols=len(grid.widths), style="Table Grid")
    whole = sum(grid.widths)
    for each in table.rows:  # a line that is read as one is not torn between two sheets
        each._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    if grid.head:  # again on every page: a county's table has more rows than a sheet
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for at, row in enumerate(rows):
        for column, (cell, text, share) in enumerate(zip(table.rows[at].cells, row, grid.widths, strict=False)):
            cell.width = Cm(17.4 * share / whole)
            cell.text = _said(text)
            if column in grid.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in cell.paragraphs[0].runs:
                run.font.size, run.font.bold = Pt(9), bool(grid.head) and at == 0
    book.add_paragraph()
