"""Public SSH keys as text: one key (`ssh-ed25519 AAAA… comment`), or a file of them as `ssh-keygen` reads signers.

Only what a key says of itself is looked at here; what it signed is for the engine room to find out.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from itertools import pairwise

from pushboat.model.wording import listed, printable

KINDS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-rsa",
)
FOR_EVER = float("inf")
NAMESPACE = "git"
"""For which a key must be good; signatures of files have another one."""
SHORTEST_RSA = 2048
"""Bits."""
_TIME = re.compile(r"(\d{8})(\d{4})?(\d{2})?Z?")
_OPTION = re.compile(r'([A-Za-z-]+)(?:="([^"]*)")?')


@dataclass(frozen=True, slots=True, kw_only=True)
class SshKey:
    """One public key, as it stands in signatures (`blob`), and from when until when it counts (epoch seconds)."""

    kind: str
    blob: bytes
    begins: float = 0.0
    ends: float = FOR_EVER

    @property
    def fingerprint(self) -> str:
        """Name the key as `ssh-keygen -l` does."""
        return fingerprint(self.blob)


def fingerprint(blob: bytes) -> str:
    """Name a key as `ssh-keygen -l` does."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")


def fields(blob: bytes) -> list[bytes]:
    """Split what SSH packs, each part after its length.

    Raises:
        ValueError: a length does not fit.
    """
    found, at = [], 0
    while at < len(blob):
        start = at + 4
        at = start + int.from_bytes(blob[at:start], "big")
        if start > len(blob) or at > len(blob):
            raise ValueError("is cut off")
        found.append(blob[start:at])
    return found


def one_key(text: str) -> SshKey:
    """Read a key as it stands in a `.pub` file.

    Raises:
        ValueError: it is none; the sentence goes on after the name of its place.
    """
    words = text.split()
    if "PRIVATE KEY" in text:
        raise ValueError("is a private key: write the public one, which ends in .pub, and make a new pair")
    if len(words) < 2 or not words[0].startswith(("ssh-", "ecdsa-", "sk-")):
        raise ValueError('must be a public SSH key, such as "ssh-ed25519 AAAA…"')
    kind = words[0]
    if "-cert-" in kind:
        raise ValueError("is a certificate of SSH, which is not supported: list the key itself")
    if kind not in KINDS:
        raise ValueError(f"is a key of the kind {printable(kind, 40)}, which is not supported: {listed(KINDS)} are")
    try:
        blob = base64.b64decode(words[1], validate=True)
        parts = fields(blob)
    except (binascii.Error, ValueError) as error:
        raise ValueError("is a damaged SSH key: copy its .pub file again") from error
    if parts[:1] != [kind.encode()]:
        raise ValueError("is a damaged SSH key: copy its .pub file again")
    if kind == "ssh-rsa" and (len(parts) != 3 or int.from_bytes(parts[2], "big").bit_length() < SHORTEST_RSA):
        raise ValueError(f"is an RSA key of less than {SHORTEST_RSA} bits: make a new one with ssh-keygen -t ed25519")
    return SshKey(kind=kind, blob=blob)


def keys_of_file(text: str) -> tuple[SshKey, ...]:
    """Read a file of allowed signers, or of plain public keys; lines for other uses than git's are left out.

    Raises:
        ValueError: with the line that is wrong.
    """
    if "PRIVATE KEY" in text:
        one_key(text)
    found: list[SshKey] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            found += _keys_of_line(line.strip())
        except ValueError as error:
            raise ValueError(f"line {number} {error}") from error
    if not found:
        raise ValueError(f"has no key that may sign for {NAMESPACE}")
    return tuple(found)


def _keys_of_line(line: str) -> Iterator[SshKey]:
    if line.split(maxsplit=1)[0] in KINDS:
        yield one_key(line)
        return
    _, rest = _word(line)
    options = {}
    first, after = _word(rest)
    if first not in KINDS and ("=" in first or first.lower() == "cert-authority"):
        options, rest = _options(first), after
    key = one_key(rest)
    patterns = options.get("namespaces", NAMESPACE).split(",")
    begins, ends = _moment(options.get("valid-after", ""), 0.0), _moment(options.get("valid-before", ""), FOR_EVER)
    if begins >= ends:
        raise ValueError("ends before it begins")
    if any(fnmatchcase(NAMESPACE, pattern.strip()) for pattern in patterns):
        yield SshKey(kind=key.kind, blob=key.blob, begins=begins, ends=ends)


def _word(text: str) -> tuple[str, str]:
    """Give what stands before the first space outside of quotes, and the rest."""
    quotes = [-1, *(at for at, letter in enumerate(text) if letter == '"'), len(text)]
    for number, (start, end) in enumerate(pairwise(quotes)):
        space = text.find(" ", start + 1, end)
        if number % 2 == 0 and space >= 0:
            return text[:space], text[space:].strip()
    return text, ""


def _options(written: str) -> dict[str, str]:
    options = {}
    rest = written
    while rest:
        match = _OPTION.match(rest)
        name = match[1].lower() if match else ""
        if name == "cert-authority":
            raise ValueError("names an authority of certificates, which is not supported: list the keys themselves")
        if match is None or match[2] is None or name not in ("namespaces", "valid-after", "valid-before"):
            raise ValueError(f"has an option that is not known: {printable(rest, 40)}")
        if name in options:
            raise ValueError(f"says {name} twice")
        options[name] = match[2]
        rest = rest[match.end() :].removeprefix(",")
    return options


def _moment(written: str, otherwise: float) -> float:
    """Read `YYYYMMDD[HHMM[SS]][Z]`, always as UTC: what signs must not depend on where Pushboat runs."""
    if not written:
        return otherwise
    match = _TIME.fullmatch(written)
    digits = "".join(part or "" for part in match.groups()).ljust(14, "0") if match else "no time"
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        raise ValueError(f"has no time such as 20270131 or 202701311200Z: {printable(written, 40)}") from error
