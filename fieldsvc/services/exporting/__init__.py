"""Exports that take longer than a request: ordered in the office, made by the worker, fetched by one person."""
