"""Files ordered in the office: what can be ordered, how far it is, and its one-person link."""
