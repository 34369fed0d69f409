"""Reports (报表): figures of a week, month or quarter by village, and their freezing at a cut-off (SYS-82)."""
