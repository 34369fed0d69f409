"""What gunicorn's own log says of a failure: where it was, and nothing of what somebody asked for."""

import logging

import pytest
from gunicorn.config import Config

from fieldsvc.serve.words import Words


def test_a_worker_that_dies_says_where_and_of_what_kind_but_not_in_its_own_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = Words(Config())
    log.error_log.addHandler(caplog.handler)
    try:
        raise LookupError("赵翠花")
    except LookupError:
        with caplog.at_level(logging.INFO):
            log.exception("Exception in worker process")
    (line,) = caplog.messages
    assert line.startswith("Exception in worker process: LookupError at ")
    assert f"{__file__}:" in line
    assert "赵翠花" not in line
