"""Files sealed to this server: a phone's backup that anybody may carry and only the server can read.

Layout: one line of JSON that names the format and the phone's one-time key, then frames, each a length of four bytes
(big-endian) and so many bytes of AES-256-GCM. Nonces count the frames, and what is authenticated beside a frame says
whether it is the last, so that a file that was cut, put together anew or altered in one byte is noticed. A file without
a key is plain: its phone had not been told this server's key.
"""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fieldsvc.problems import RescueUnreadable

FORMAT = "fieldsvc-rescue"
VERSION = 2
#: What both sides derive the key of a file for; the phone says the same (`static/parts/seal.js`).
PURPOSE = b"fieldsvc rescue 2"
MOST_FRAME_BYTES = 32_000_000
_MOST_LINE_BYTES = 2_000
_CURVE = ec.SECP256R1()
#: The number of points of P-256: a private key is a number from 1 up to it.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
MORE, LAST = b"\x00", b"\x01"


def public_key(secret_key: str) -> str:
    """What phones seal to: the uncompressed point in base64. It follows from the server's secret alone."""
    point = _private_key(secret_key).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(point).decode()


def shared(secret_key: str, half: bytes) -> bytes:
    """The secret this server has in common with a phone's one-time key; raises `ValueError` for what is no point."""
    point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, half)
    return _private_key(secret_key).exchange(ec.ECDH(), point)


def opened(secret_keys: Sequence[str], file: IO[bytes]) -> Iterator[bytes]:
    """The content of each frame, in order, one in memory at a time. Raises `rescue-unreadable`, naming the frame.

    Which of these secrets the file is sealed to the first frame says: it opens by no other.
    """
    line = file.readline(_MOST_LINE_BYTES)
    head = _line(line)
    ciphers: list[AESGCM | None] = [None]
    if "key" in head:
        ciphers = [_cipher(secret_key, head["key"], line) for secret_key in secret_keys]
    number, last = 0, False
    while not last:
        length = int.from_bytes(_exactly(file, 4, number), "big")
        if length > MOST_FRAME_BYTES:
            raise RescueUnreadable(frame=number)
        frame = _exactly(file, length, number)
        last = _at_end(file)
        cipher, content = _by_one_of(ciphers, number, frame, last=last)
        ciphers = [cipher]
        yield content
        number += 1


def _line(line: bytes) -> dict[str, Any]:
    try:
        head = json.loads(line)
    except ValueError:
        raise RescueUnreadable(frame=-1) from None
    if not isinstance(head, dict) or (head.get("format"), head.get("version")) != (FORMAT, VERSION):
        raise RescueUnreadable(frame=-1)
    return head


def _cipher(secret_key: str, key: Any, line: bytes) -> AESGCM:
    try:
        secret = shared(secret_key, base64.b64decode(str(key), validate=True))
    except ValueError:
        raise RescueUnreadable(frame=-1) from None
    salt = line.rstrip(b"\n")
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=PURPOSE).derive(secret))


@functools.lru_cache(maxsize=8)
def _private_key(secret_key: str) -> ec.EllipticCurvePrivateKey:
    number = HKDF(algorithm=SHA256(), length=48, salt=None, info=b"fieldsvc rescue key").derive(secret_key.encode())
    return ec.derive_private_key(int.from_bytes(number, "big") % (_ORDER - 1) + 1, _CURVE)


def _by_one_of(
    ciphers: Sequence[AESGCM | None], number: int, frame: bytes, *, last: bool
) -> tuple[AESGCM | None, bytes]:
    """A frame's content, and what opened it; a plain file's frame is its content."""
    for cipher in ciphers:
        if cipher is None:
            return None, frame
        with suppress(InvalidTag):
            return cipher, cipher.decrypt(number.to_bytes(12, "big"), frame, LAST if last else MORE)
    raise RescueUnreadable(frame=number)


def _exactly(file: IO[bytes], length: int, number: int) -> bytes:
    data = file.read(length)
    if len(data) < length:
        raise RescueUnreadable(frame=number)
    return data


def _at_end(file: IO[bytes]) -> bool:
    at = file.tell()
    ended = not file.read(1)
    file.seek(at)
    return ended
