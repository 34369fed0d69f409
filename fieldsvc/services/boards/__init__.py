"""Boards: how far the records of one kind are, by town and village. They count records, never people's work."""

from __future__ import annotations
