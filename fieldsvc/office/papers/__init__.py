"""Documents about a household: templates filled from its record, as PDF, and how complete its file is."""

from __future__ import annotations
