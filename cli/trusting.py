"""Whose certificates are trusted on the way to a Pushboat elsewhere, and the connection that holds to it."""

import http.client
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click

CA_FILE = "PUSHBOAT_CA_FILE"


def connection(url: str, signers: str, seconds: float) -> http.client.HTTPConnection:
    """Prepare a connection; `signers` is a file with the only certificates that count, where it is named."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=signers or None)
        return http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=seconds, context=context)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)


def untrusted(url: str, error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    """Say that a certificate does not count here, and what helps."""
    return (
        f"the certificate of {url} is not trusted here: {error.verify_message}",
        f"{CA_FILE} may name a file with the certificates of who signed it.",
    )


def ca_file(environ: Mapping[str, str]) -> str:
    """Name the file of signers' certificates that are trusted instead of the machine's; empty where those are."""
    file = environ.get(CA_FILE, "")
    if not file:
        return ""
    found = str(Path(file).expanduser())
    try:
        ssl.create_default_context(cafile=found)
    except (OSError, ValueError) as error:  # also one of the library's own, where no certificate is in it
        raise click.UsageError(f"{CA_FILE} names {file}, which has no certificates that can be read") from error
    return found
