"""Ledgers (台账) as the office reads them: which there are, their rows within reach, their totals, their files."""
