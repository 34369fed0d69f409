"""The laws any store obeys, run on SQLite and on a real PostgreSQL."""
