"""The parts of a household's page: its tables and its photo series in the reader's words."""

from __future__ import annotations
