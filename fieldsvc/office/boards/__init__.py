"""The boards of the office: renovation, problems, monitoring, checks, by town and village, with their records."""

from __future__ import annotations
