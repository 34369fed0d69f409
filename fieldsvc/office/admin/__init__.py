"""管理: what an office needs beside the daily work: people, phones, pairings, the log, how the server is set."""

from __future__ import annotations

from flask import Blueprint

from fieldsvc.office.admin import dataset_pages, handover_pages, log_pages, overview_pages, settings_pages


def add_pages(pages: Blueprint) -> None:
    """Give the office its administration."""
    for module in (overview_pages, handover_pages, log_pages, dataset_pages, settings_pages):
        module.add_pages(pages)
