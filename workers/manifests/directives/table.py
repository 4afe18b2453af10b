"""Which tool an annotation belongs to: one row per tool, and one look-up by the domain before its slash."""

from workers.manifests.directives import argo_cd, cli_utils, flux, helm, kapp, werf
from workers.manifests.directives.marks import Tool

TOOLS: tuple[Tool, ...] = (argo_cd.TOOL, werf.TOOL, helm.TOOL, flux.TOOL, kapp.TOOL, cli_utils.TOOL)
"""In the order in which they have the first word on one object."""
_BY_DOMAIN = {domain: tool for tool in TOOLS for domain in tool.domains}
_WITH_A_NAME = (".dependency.werf.io", ".external-dependency.werf.io")
"""werf's domains that begin with a name people choose."""


def tool_of(key: str) -> Tool | None:
    """Find the tool whose annotation this is."""
    domain = key.partition("/")[0]
    found = _BY_DOMAIN.get(domain)
    return werf.TOOL if found is None and domain.endswith(_WITH_A_NAME) else found
