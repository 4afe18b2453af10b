"""The kubeconfig: the operator's own file, and full of what must not be told."""

import re
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterRefused
from tests.fuzz.demanding import demand
from tests.fuzz.target import Target, words_of
from workers.cluster.client import kubeconfig
from workers.cluster.client.kubeconfig import Kubeconfig

_HIDDEN = re.compile(r"(?:hunter2|aHVudGVyM)[\w=-]*")
_IN_PLACE = re.compile(rf"(?:token|password|-data): ?[\"']?{_HIDDEN.pattern}")
Read = Callable[[ClusterAccess], Kubeconfig]


def _check(read: Read, data: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="pushboat-fuzz-") as folder:
        path = Path(folder) / "kubeconfig"
        path.write_bytes(data)
        is_secret = not _HIDDEN.search(_IN_PLACE.sub("", data.decode("utf-8", "replace")))  # and no name of anything
        for context in ("", "dev"):
            access = ClusterAccess(name="dev", kubeconfig=path, context=context)
            found = _found(read, access)
            demand(context or found == _found(read, access), "read twice, and not the same")
            demand(not is_secret or not _HIDDEN.search(repr(found)), "a secret, told")
            if isinstance(found, Kubeconfig):
                (found.server.address + found.server.tls_name + found.server.proxy).encode()
                shown = found.credentials.authorization
                demand(shown.isascii() and shown.isprintable(), "what no header can have")
                demand(path in found.files and len(found.files) == len(found.stamp), "not all files are watched")


def _found(read: Read, access: ClusterAccess) -> Kubeconfig | str:
    try:
        return read(access)
    except ClusterRefused as refused:
        folder = str(access.kubeconfig and access.kubeconfig.parent)
        demand(access.name in refused.summary and folder in refused.summary, "not said where")
        refused.summary.encode()
        return str(refused)


def _says_its_token_beside_what_is_wrong(access: ClusterAccess) -> Kubeconfig:
    try:
        return kubeconfig.read(access)
    except ClusterRefused as refused:
        written = access.kubeconfig.read_text(errors="replace") if access.kubeconfig else ""
        raise ClusterRefused(f"{refused.summary}: {re.findall('token: ([^ }]*)', written)}") from refused


TARGET = Target(
    check=partial(_check, kubeconfig.read),
    bugs={"a-token-in-an-error": partial(_check, _says_its_token_beside_what_is_wrong)},
    words=words_of("kubeconfig"),
    largest=1200,
    steps=200_000,
    steps_per_byte=4_000,
)
