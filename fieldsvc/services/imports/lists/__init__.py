"""Sheets that are no records: areas, people, and who helps whom. Read, shown, written and taken back like the others.

What an importer may not do by hand they may not do by sheet: a row beyond their rights is a mistake of the row.
"""

from __future__ import annotations

from collections.abc import Mapping

from fieldsvc.services.imports.lists import areas, pairings, people
from fieldsvc.services.imports.lists.part import Part

#: What decides and writes the rows of each kind, by its name.
LISTS: Mapping[str, type[Part]] = {"areas": areas.Areas, "people": people.People, "pairings": pairings.Pairings}
