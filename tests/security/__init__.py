"""What `docs/security.md` promises and nothing else tests: addresses, headers, logs, hostile input."""
