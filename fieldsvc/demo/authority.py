"""A certificate authority of this machine's own, so that phones on its network can try the demo over HTTPS.

Browsers keep an app offline only from a site they trust. The authority may vouch for private addresses and
`.local` names alone: a phone that trusts it for the demo is no easier to deceive about its bank.
"""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8")
# A phone's clock is sometimes weeks behind, and it refuses a certificate "from the future".
SLACK = timedelta(days=30)
# iPhones refuse certificates that are valid for longer than 825 days.
LEAF_LIFE = timedelta(days=397)
AUTHORITY_LIFE = timedelta(days=3650)


class Authority:
    """The authority kept in `folder`, made on first use; the same folder is the same authority."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.certificate_path = folder / "authority.pem"
        self._key_path = folder / "authority.key"
        if not self._key_path.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._make()

    def certificate_for(self, addresses: list[str], now: datetime) -> tuple[Path, Path]:
        """Write a certificate for the machine's addresses and its key; return both paths."""
        key = ec.generate_private_key(ec.SECP256R1())
        authority = x509.load_pem_x509_certificate(self.certificate_path.read_bytes())
        signer = serialization.load_pem_private_key(self._key_path.read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        names = [x509.IPAddress(ip_address(a)) if _is_ip(a) else x509.DNSName(a) for a in addresses]
        certificate = (
            _builder(x509.Name([_common_name(addresses[0])]), authority.subject, key, now, LEAF_LIFE)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )
        written = self._folder / "server.pem", self._folder / "server.key"
        written[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        _write_key(written[1], key)
        return written

    def as_der(self) -> bytes:
        """The authority's certificate in the form phones install."""
        certificate = x509.load_pem_x509_certificate(self.certificate_path.read_bytes())
        return certificate.public_bytes(serialization.Encoding.DER)

    def _make(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([_common_name("fieldsvc 演示 / demo")])
        permitted: list[x509.GeneralName] = [x509.IPAddress(ip_network(network)) for network in PRIVATE]
        permitted += [x509.DNSName("localhost"), x509.DNSName("local")]
        certificate = (
            _builder(name, name, key, datetime.now(UTC), AUTHORITY_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_signs_certificates(), critical=True)
            .add_extension(x509.NameConstraints(permitted, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        self.certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        _write_key(self._key_path, key)


def is_private(address: str) -> bool:
    """Tell whether the authority may vouch for this IPv4 address."""
    return any(IPv4Address(address) in ip_network(network) for network in PRIVATE)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + life)
    )


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        key_cert_sign=True,
        crl_sign=True,
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _common_name(value: str) -> x509.NameAttribute[str]:
    return x509.NameAttribute(NameOID.COMMON_NAME, value)


def _is_ip(value: str) -> bool:
    return value.replace(".", "").isdigit()


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
