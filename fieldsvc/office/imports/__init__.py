"""Imports in the office: a sheet is uploaded, its columns named, every row shown, begun, and maybe taken back."""

from __future__ import annotations

from fieldsvc.office.imports.pages import add_pages

__all__ = ["add_pages"]
