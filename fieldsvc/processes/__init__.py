"""Guarded processes: the stages a record goes through, what must be true of each step, and the clocks that run.

Pure, like `sync`: values in, values out; no clock, no chance, no I/O. What a process demands is data
(`fieldsvc/forms/processes/`, see `docs/processes.md`); this package reads it and judges single moves by it.
"""
