"""Letters as a phone writes them (`static/parts/letters.js`), for tests that have no browser."""

import base64
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MARK = "fieldsvc-letter/1"


def letter(server_key: str, text: str, purpose: str = "operation") -> str:
    """This text, sealed to the point that a server told in base64."""
    own = ec.generate_private_key(ec.SECP256R1())
    half = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(server_key))
    info = f"{MARK} {purpose}".encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=half, info=info).derive(own.exchange(ec.ECDH(), server))
    nonce = os.urandom(12)
    pieces = (half, nonce, AESGCM(key).encrypt(nonce, text.encode(), None))
    return " ".join((MARK, *(base64.b64encode(piece).decode() for piece in pieces)))
