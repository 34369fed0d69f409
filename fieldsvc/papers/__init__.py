"""Paper: documents as blocks of text, tables, pictures and places to sign, as A4 pages with a Chinese font or for Word.

What draws them is loaded with the first one that is drawn: it is twenty megabytes, and most processes print nothing.
"""

from collections.abc import Sequence
from pathlib import Path

from fieldsvc.papers.model import Block, Grid, Heading, Paper, Picture, Pictures, Signatures, Text, Title

__all__ = [
    "Block",
    "Grid",
    "Heading",
    "Paper",
    "Picture",
    "Pictures",
    "Signatures",
    "Text",
    "Title",
    "draw",
    "for_word",
]


def draw(papers: Sequence[Paper], at_ms: int, face: Path) -> bytes:
    """The papers as one PDF; see `pdf.draw`."""
    from fieldsvc.papers import pdf

    return pdf.draw(papers, at_ms, face)


def for_word(paper: Paper, at_ms: int) -> bytes:
    """The paper as .docx; see `word.write`."""
    from fieldsvc.papers import word

    return word.write(paper, at_ms)
