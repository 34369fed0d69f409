"""Reviewing by exception: which visits a person reads, in which order, and which are drawn at random."""
