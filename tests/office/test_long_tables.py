"""A table longer than a sheet: its head stands on every page, and nothing in it is too long to be printed."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml.ns import qn

from fieldsvc.papers import font
from fieldsvc.papers.model import Grid, Paper, Text
from fieldsvc.papers.pdf import draw
from fieldsvc.papers.word import write
from tests.office.test_papers import pages_of

ROWS = [[f"第{at}户", "岩寺镇上村", "每月走访"] for at in range(1, 121)]
TABLE = Grid(ROWS, [1, 1, 2], ["户主", "住址", "措施"])


def printed(*blocks: Text | Grid, scale: float = 1.0) -> list[str]:
    return pages_of(draw([Paper("表", list(blocks), "", scale=scale)], 0, font.file("")))


def test_the_head_of_a_table_stands_on_every_page_it_goes_on() -> None:
    pages = printed(TABLE)
    assert len(pages) > 2
    assert [page.count("户主住址措施") for page in pages] == [1] * len(pages)
    said = "".join(pages)
    assert all(said.count(f"第{at}户") == 1 for at in range(1, 121))


def test_a_head_never_stands_alone_at_the_foot_of_a_page() -> None:
    # One file: to read the font and to write what is used of it takes longer than all the pages.
    papers = [Paper("表", [Text("\n".join(["一行"] * lines)), TABLE], f"第{lines}份") for lines in range(28, 48)]
    pages = pages_of(draw(papers, 0, font.file("")))
    assert all(any(paper.foot in page for page in pages) for paper in papers)
    for page in pages:
        assert ("户主住址措施" in page) == ("户岩寺镇" in page), page


def test_a_sheet_of_labels_and_values_has_no_head_to_repeat() -> None:
    pages = printed(Grid([[f"项目{at}", "有"] for at in range(1, 90)], [1, 2]))
    assert len(pages) > 1
    assert "".join(pages).count("项目1有") == 1


@pytest.mark.parametrize("scale", [1.0, 1.35])
@pytest.mark.parametrize("head", [["时间", "措施"], []])
def test_a_cell_longer_than_a_sheet_goes_on_under_the_same_head(head: list[str], scale: float) -> None:
    long = "".join(f"{at:05}号。" for at in range(900))
    pages = printed(Grid([["十月", "走访"], ["十一月", long], ["十二月", "走访"]], [1, 2], head), scale=scale)
    foot = f"/{len(pages)}"
    said = "".join(page.removeprefix("".join(head)).removesuffix(f"{at}{foot}") for at, page in enumerate(pages, 1))
    for at in range(900):
        assert said.count(f"{at:05}号") == 1, at
    assert all("时间措施" in page for page in pages if head)
    assert said.index("十月") < said.index("十一月") < said.index("00899") < said.index("十二月")


def test_a_head_longer_than_a_sheet_is_printed_once_and_the_rows_after_it() -> None:
    long = "".join(f"{at:05}号。" for at in range(900))
    said = "".join(printed(Grid([["十月", "走访"]], [1, 2], ["时间", long])))
    assert said.count("00899号") == 1
    assert said.index("00899号") < said.index("十月")


def test_in_word_the_head_comes_again_and_no_row_is_torn_between_two_sheets() -> None:
    document = docx.Document(io.BytesIO(write(Paper("表", [TABLE], ""), 0)))
    [table] = document.tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
