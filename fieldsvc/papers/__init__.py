"""Paper: documents as blocks of text, tables, pictures and places to sign, drawn as A4 pages with a Chinese font."""

from fieldsvc.papers.draw import draw
from fieldsvc.papers.model import Block, Grid, Heading, Paper, Picture, Pictures, Signatures, Text, Title

__all__ = ["Block", "Grid", "Heading", "Paper", "Picture", "Pictures", "Signatures", "Text", "Title", "draw"]
