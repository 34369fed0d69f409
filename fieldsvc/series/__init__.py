"""The slots of photo series: what the table of slots, and a county's own beside it, may say. Pure."""
