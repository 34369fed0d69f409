"""Ledgers (台账): views declared in a file: columns, filters, totals, shares. Pure: nothing here reads a row."""
