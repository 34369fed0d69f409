"""The rows of ledgers, a page at a time, and what they add up to: of records, of submissions and of pairings."""
