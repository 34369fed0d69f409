"""Campaigns: a list of households frozen at a moment, how far it is covered, and towns that check each other's."""

from __future__ import annotations
