# SPDX-License-Identifier: EUPL-1.2
"""Certificates for tests: an authority made a moment ago, and what it signs.

Owns keys and certificates in a folder. The clock is the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Certificate:
    """The two files of a server, and the file of the authority that signed it."""

    chain: Path
    key: Path
    authority: Path


def make_certificate(folder: Path, name: str, now: datetime, days: float = 60) -> Certificate:
    """Make an authority and a certificate of its for the host `name`, good from yesterday for `days` more."""
    folder.mkdir(parents=True, exist_ok=True)
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = _named("Test authority")
    begins, ends = now - timedelta(days=1), now + timedelta(days=days)

    def begun(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
        serial = x509.random_serial_number()
        return builder.serial_number(serial).not_valid_before(begins).not_valid_after(ends)

    root = begun(issuer, authority_key.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    names = x509.SubjectAlternativeName([x509.DNSName(name)])
    leaf = begun(_named(name), key.public_key()).add_extension(names, critical=False)
    made = Certificate(folder / "chain.pem", folder / "key.pem", folder / "authority.pem")
    made.authority.write_bytes(root.sign(authority_key, hashes.SHA256()).public_bytes(_PEM))
    made.chain.write_bytes(leaf.sign(authority_key, hashes.SHA256()).public_bytes(_PEM))
    made.key.write_bytes(
        key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
