"""Charts in a registry, where an archive is a blob that is fetched by its digest: no tag can move under us.

The address is that of the distribution specification: https://github.com/opencontainers/distribution-spec
"""

from urllib.parse import urlsplit

from pushboat.config.sources import Source
from pushboat.config.urls import is_loopback
from pushboat.model.outside import Outside
from workers.source.outside.downloading import download


def blob(outside: Outside, digest: str, source: Source) -> bytes:
    """Fetch a chart's archive by its digest.

    Raises:
        ForgeUnavailable, ForgeRefused, RenderFailed: as `download`.
    """
    return download(f"{_repository(outside)}/blobs/{digest}", source)


def _repository(outside: Outside) -> str:
    """Name the registry's address of a chart's repository; a registry on this machine speaks no TLS."""
    host, _, path = outside.address.removeprefix("oci://").partition("/")
    scheme = "http" if is_loopback(urlsplit(f"//{host}").hostname or "") else "https"
    return "/".join(part for part in (f"{scheme}://{host}/v2", path, outside.name) if part)
