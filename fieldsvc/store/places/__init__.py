"""Where households live: kept in step with their records (`keep`), counted and listed for a map (`read`)."""
