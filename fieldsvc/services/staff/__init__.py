"""The people who work with the system, as the office administers them: lists, changes, cards, phones."""
