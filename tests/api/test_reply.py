"""How JSON leaves the server: a page of a first sync is worth more of the server's time than an answer every day."""

import brotli
import orjson
import pytest
from flask import Flask

from fieldsvc.api.reply import json_reply


def packed(value: object) -> bytes:
    """What a phone that takes Brotli receives."""
    with Flask(__name__).test_request_context(headers={"Accept-Encoding": "gzip, br"}):
        return bytes(json_reply(value).data)


@pytest.mark.parametrize(("rows", "quality"), [(100, 6), (2000, 10)])
def test_a_large_page_is_compressed_harder_than_a_daily_answer(rows: int, quality: int) -> None:
    value = [{"id": f"01941f29-{n * 7919 % 65536:04x}", "at": 1_795_327_200_000 + n * 86_399} for n in range(rows)]
    assert packed(value) == brotli.compress(orjson.dumps(value), quality=quality)


def test_what_fits_a_packet_is_left_as_it_is() -> None:
    assert packed({"pull": "ok"}) == b'{"pull":"ok"}'
