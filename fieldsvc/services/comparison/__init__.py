"""Rosters of other offices beside the register: what differs, and who is right by a person's decision."""

from __future__ import annotations
