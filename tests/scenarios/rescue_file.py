"""Backup files as a phone makes them, written here a second time from the description of the format."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.world.cadre import Cadre


def backup_of(cadre: Cadre, server_key: str | None, photos: tuple[bytes, ...] = (), **other: Any) -> bytes:
    """What the cadre's phone exports now: unsent operations, a draft, photos. Without a key it is plain."""
    head = {
        "install_id": cadre.phone.install_id,
        "person": {"id": cadre.person_id, "name": cadre.name},
        "token": cadre.phone.token if server_key else None,
        "operations": [{"id": each.id, "body": each.body} for each in cadre.phone.outbox.waiting()],
        "drafts": [{}],
        "photos": [{"sha256": hashlib.sha256(p).hexdigest(), "bytes": len(p), "type": "image/jpeg"} for p in photos],
        **other,
    }
    halves = [half for photo in photos for half in (photo[: len(photo) // 2], photo[len(photo) // 2 :])]
    return sealed([json.dumps(head).encode(), *halves], server_key)


def sealed(frames: list[bytes], server_key: str | None) -> bytes:
    """A file of these frames."""
    named = {"format": "fieldsvc-rescue", "version": 2}
    if server_key is None:
        return b"".join([json.dumps(named).encode(), b"\n", *(len(f).to_bytes(4, "big") + f for f in frames)])
    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    line = json.dumps({**named, "key": base64.b64encode(point).decode()}).encode()
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(server_key))
    shared = own.exchange(ec.ECDH(), server)
    cipher = AESGCM(HKDF(algorithm=SHA256(), length=32, salt=line, info=b"fieldsvc rescue 2").derive(shared))
    out = [line, b"\n"]
    for number, frame in enumerate(frames):
        last = b"\x01" if number == len(frames) - 1 else b"\x00"
        text = cipher.encrypt(number.to_bytes(12, "big"), frame, last)
        out += [len(text).to_bytes(4, "big"), text]
    return b"".join(out)
