"""Pictures are opened in a process of their own, with a ceiling on its memory and time.

The decoders are large C libraries and the bytes come from anywhere. What kills a decoder, or wants more than the
ceiling, ends that process and nothing else: the worker says "cannot be shown" and goes on with the next photo.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import resource
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Lock

from fieldsvc.media import codes as reading
from fieldsvc.media import derive
from fieldsvc.media.derive import Unreadable, Views

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 60

_lock = Lock()
_pool: ProcessPoolExecutor | None = None


def views(data: bytes) -> Views:
    """The smaller pictures of a photo; see `derive.views`. Raises `Unreadable`, also when the decoder died of it."""
    try:
        return _process().submit(_in_there, data).result()
    except BrokenProcessPool:
        _forget()
        raise Unreadable("decoder") from None


def codes(data: bytes) -> list[str]:
    """The texts of the codes in a photo; see `codes.codes`. None are found in one that killed the reader."""
    try:
        return _process().submit(_codes_in_there, data).result()
    except BrokenProcessPool:
        _forget()
        return []


def _process() -> ProcessPoolExecutor:
    """The decoding process, started when first needed: fresh, not forked, so that nothing of ours is in it."""
    global _pool
    with _lock:
        if _pool is None:
            start = multiprocessing.get_context("spawn")
            _pool = ProcessPoolExecutor(max_workers=1, mp_context=start, initializer=_begin, max_tasks_per_child=100)
        return _pool


def _forget() -> None:
    global _pool
    with _lock:
        if _pool is not None:
            _pool.shutdown(wait=False)
        _pool = None


def _begin() -> None:
    """Runs first in the other process."""
    _limit_memory()
    _end_with_asker()


def _end_with_asker() -> None:
    """Be ended by the kernel when who asks is gone: one that was killed tells nobody, and we would wait for ever.

    The end of the pipe from there raises a signal. A thread that watched it would take 70 MB of the ceiling for itself,
    and Linux's own signal for it (`PR_SET_PDEATHSIG`) comes when the thread that asked first ends, its process alive.
    """
    asker = multiprocessing.parent_process()
    assert asker is not None
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(asker.sentinel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(asker.sentinel, fcntl.F_SETFL, fcntl.fcntl(asker.sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    if not asker.is_alive():
        os._exit(1)  # it went before we listened


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _in_there(data: bytes) -> Views:
    """Runs in the other process."""
    _limit_time()
    return derive.views(data)


def _codes_in_there(data: bytes) -> list[str]:
    """Runs in the other process."""
    _limit_time()
    return reading.codes(data)


def _limit_time() -> None:
    """A minute of this process's processor from now on, then the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
