"""Download from an address that the operator lists: what a registry or a host answers, said as who must act."""

from pushboat.config.sources import Source
from pushboat.errors import ForgeRefused, ForgeUnavailable, RenderFailed
from workers.registries.asking import Astray, Question, Silent, ask

TIMEOUT = 60.0
"""Seconds for one answer."""
LARGEST = 32 << 20
"""Bytes of one chart or file; a chart has some hundred thousand, and a registry of ours takes no larger ones."""


def download(url: str, source: Source, *, accept: str = "*/*", most: int = LARGEST) -> bytes:
    """Fetch what stands at an address, with the login of the entry that allows it.

    Raises:
        ForgeUnavailable: nothing came back that counts, which may be otherwise in a while.
        ForgeRefused: it wants another login, or sends us where nobody is asked.
        RenderFailed: it is not there, or too large.
    """
    try:
        reply = ask(url, source, Question(accept=accept, most=most + 1, timeout=TIMEOUT))
    except Silent as silent:
        raise ForgeUnavailable(str(silent)) from silent
    except Astray as astray:
        raise ForgeRefused(str(astray)) from astray
    if reply.status in (401, 403):
        raise ForgeRefused(f"{reply.shown} wants another login: correct the one beside its entry in `sources`")
    if reply.status in (404, 410):
        raise RenderFailed(f"{reply.shown} is not there any more: lock another version with `pushboat sources lock`")
    if reply.status != 200:
        raise ForgeUnavailable(f"{reply.shown} answers {reply.status}")
    if len(reply.body) > most:
        raise RenderFailed(f"{reply.shown} is larger than {most >> 20} MiB")
    return reply.body
