"""Tests: stories, laws, vectors and promises about the repository."""
