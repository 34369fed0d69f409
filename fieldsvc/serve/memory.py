"""What a server has loaded before its first request, and the garbage collector."""

import gc


def leave_what_is_loaded() -> None:
    """Tell the collector to leave alone all that exists now; call it once, before the fork.

    What is loaded lives as long as the process, and it is a quarter of a million objects. Each full collection went
    through them all: about every tenth page of the office waited for 140 ms, and the marks that the collector writes
    beside every object made of pages of memory that the workers share a copy for each.
    """
    gc.collect()
    gc.freeze()
