"""What of a kubeconfig is believed: which program it may run here, by the operator's word, and what trusts anybody."""

from collections.abc import Mapping
from typing import Any

from pushboat.config.cluster import ClusterAccess
from pushboat.model.wording import printable

UNVERIFIED = (
    "its certificate is not verified (insecure-skip-tls-verify): whoever stands in between reads every Secret and "
    "token, and may answer in its place; its operator should put certificate-authority into the kubeconfig instead"
)
_STEERING = (
    "PATH", "LD_", "DYLD_", "BASH_ENV", "PYTHON", "NODE_OPTIONS", "PERL5", "RUBYOPT", "GIT_", "JAVA_TOOL_OPTIONS",
)  # fmt: skip
"""How variables begin that choose a program, or what it loads, instead of telling it something."""
_LONGEST_COMMAND = 200


def mistake_of(plugin: Mapping[str, Any], access: ClusterAccess) -> str:
    """Say why a kubeconfig's program may not run here; nothing where it may."""
    if access.plugins is None:
        return ""
    command = plugin.get("command")
    if not isinstance(command, str) or command not in access.plugins:
        shown = printable(str(command or ""), _LONGEST_COMMAND)
        return (
            f"{access.kubeconfig} would run {shown or 'a program without a name'} to log in, and its operator lists no "
            f"such program: add `plugins: [{shown}]` to clusters.{access.name} in pushboat.yaml, if it may run here"
        )
    variables = plugin.get("env")
    for each in variables if isinstance(variables, list) else ():
        name = str(each.get("name")) if isinstance(each, dict) else ""
        if name.startswith(_STEERING):
            return (
                f"{access.kubeconfig} sets {printable(name)} for its login program, which decides what else runs here: "
                "its operator must remove it there"
            )
    return ""
