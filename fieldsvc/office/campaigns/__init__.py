"""Campaigns in the office: made, covered, printed; counts of households beside every share, and no person's score."""

from __future__ import annotations
