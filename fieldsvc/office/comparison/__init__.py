"""Comparisons in the office: rosters of others beside the register, and a decision for each difference."""

from __future__ import annotations
