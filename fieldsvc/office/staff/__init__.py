"""人员: who works with the system, in which role where, on which phones."""

from __future__ import annotations

from flask import Blueprint

from fieldsvc.office.staff import card_pages, device_pages, people_pages, person_pages


def add_pages(pages: Blueprint) -> None:
    """Give the office its people."""
    for module in (people_pages, card_pages, person_pages, device_pages):
        module.add_pages(pages)
