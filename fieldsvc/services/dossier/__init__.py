"""What a household's file holds beside its record: the photo series, who was paired with it and when."""

from __future__ import annotations
