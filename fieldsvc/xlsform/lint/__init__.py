"""What is wrong with the sheets of a form as they were written, found before they are converted, all at once.

pyxform stops at its first mistake and speaks English; a clerk wants to hear of all of them, with the cell.
"""

from __future__ import annotations

from fieldsvc.xlsform.lint.appearances import appearances
from fieldsvc.xlsform.lint.book import Book
from fieldsvc.xlsform.lint.cells import cells
from fieldsvc.xlsform.lint.choosing import choosing
from fieldsvc.xlsform.lint.entities import entities
from fieldsvc.xlsform.lint.expressions import punctuation
from fieldsvc.xlsform.lint.headings import headings
from fieldsvc.xlsform.lint.lists import lists
from fieldsvc.xlsform.lint.own import own
from fieldsvc.xlsform.lint.parameters import parameters
from fieldsvc.xlsform.lint.pictures import pictures
from fieldsvc.xlsform.lint.questions import questions
from fieldsvc.xlsform.lint.references import references
from fieldsvc.xlsform.lint.settings import settings
from fieldsvc.xlsform.lint.translations import translations

__all__ = ["Book", "lint"]


def lint(book: Book) -> None:
    """Note in `book` everything that is wrong or doubtful."""
    sheets = (headings, settings, questions, references, punctuation, lists, entities, translations, pictures)
    for check in (*sheets, cells, parameters, choosing, own, appearances):
        check(book)
