"""The office's ledgers (台账): the shelf, one ledger on screen and on paper, and its file."""
