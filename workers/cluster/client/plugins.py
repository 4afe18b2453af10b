"""Ask a credential plugin, the program that a kubeconfig's `exec` section names: bounded, and never half believed."""

import base64
import json
import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pushboat.errors import ClusterRefused, ClusterUnavailable
from workers.cluster.client.kubeconfig import Credentials, Kubeconfig, Server
from workers.cluster.masking import MASK, SHORTEST_MASKED_CHARACTERS
from workers.running import spawning

PLUGIN_SECONDS = 30.0
"""A login that asks its cloud twice needs a few; one that hangs is ended, with everything that it started."""
_LARGEST_ANSWER = 1 << 20
_LONGEST_SAID = 200
_TOKENS = re.compile(
    r"eyJ[\w-]+(?:\.[\w-]*)*"  # a JWT
    r"|(?<=earer )\S+|(?<=[Tt]oken[=:])\s*\S+|(?<=[Ss]ecret[=:])\s*\S+|(?<=[Pp]assword[=:])\s*\S+"
    r"|(?<![\w/+.-])(?=[\w/+=-]*[a-z])(?=[\w/+=-]*[A-Z])(?=[\w/+=-]*\d)[\w/+=-]{24,}"
)
"""What looks like a secret in the words of a program that we do not know."""


def ask(kubeconfig: Kubeconfig, cluster: str, within: float = PLUGIN_SECONDS) -> Credentials:
    """Run the plugin of a kubeconfig and give what it lends us.

    Raises:
        ClusterUnavailable: it failed, hung, or said what nobody understands; it is asked again the next time.
        ClusterRefused: it is not there, or wants a person at the keyboard.
    """
    section = kubeconfig.plugin or {}
    command = str(section.get("command") or "")
    whose = f"cluster {cluster}: its credential plugin {Path(command).name or '(no command)'}"
    if section.get("interactiveMode") == "Always":
        raise ClusterRefused(f"{whose} wants a person at the keyboard: its operator must use another login")
    argv = [_located(command, kubeconfig.folder), *(str(each) for each in section.get("args") or ())]
    try:
        finished = spawning.run(
            argv,
            environ=_environ(section, kubeconfig.server),
            timeout=within,
            cwd=kubeconfig.folder,
            max_output=_LARGEST_ANSWER,
        )
    except spawning.TimedOut:
        raise ClusterUnavailable(f"{whose} did not end within {within:g} s and was stopped") from None
    except spawning.TooMuchOutput:
        raise ClusterUnavailable(f"{whose} printed more than a credential") from None
    if finished.code == spawning.NOT_FOUND:
        raise ClusterRefused(f"{whose} is not installed here: its operator must install it or write its full path")
    if finished.code:
        raise ClusterUnavailable(f"{whose} failed (exit {finished.code}): {_last_line(finished.errors, section)}")
    return _lent(finished.stdout, whose)


def _located(command: str, folder: Path) -> str:
    """Find a command that is written with a slash beside the kubeconfig, any other one on the PATH."""
    return str(folder / command) if "/" in command else command


def _environ(section: Mapping[str, Any], server: Server) -> dict[str, str]:
    added = {str(each.get("name")): str(each.get("value") or "") for each in section.get("env") or ()}
    spec: dict[str, Any] = {"interactive": False}
    if section.get("provideClusterInfo"):
        spec["cluster"] = _cluster_info(server)
    told = {"apiVersion": section.get("apiVersion"), "kind": "ExecCredential", "spec": spec}
    return {**os.environ, **added, "KUBERNETES_EXEC_INFO": json.dumps(told)}


def _cluster_info(server: Server) -> Mapping[str, Any]:
    known = {
        "server": server.address,
        "tls-server-name": server.tls_name,
        "insecure-skip-tls-verify": not server.verify,
        "certificate-authority-data": base64.b64encode(server.authority).decode(),
        "proxy-url": server.proxy,
        "config": server.plugin_config,
    }
    return {name: value for name, value in known.items() if value}


def _last_line(said: str, section: Mapping[str, Any]) -> str:
    """Give the end of what a plugin complained of, without what looks like a secret and without its own settings."""
    line = next((each.strip() for each in reversed(said.splitlines()) if each.strip()), "it did not say why")
    for each in section.get("env") or ():
        value = str(each.get("value") or "")
        line = line.replace(value, MASK) if len(value) >= SHORTEST_MASKED_CHARACTERS else line
    return _TOKENS.sub(MASK, line)[:_LONGEST_SAID]


def _lent(stdout: bytes, whose: str) -> Credentials:
    try:
        status = json.loads(stdout)["status"]
        expires = status.get("expirationTimestamp")
        lent = Credentials(
            authorization=f"Bearer {status['token']}" if status.get("token") else "",
            certificate=str(status.get("clientCertificateData") or "").encode(),
            key=str(status.get("clientKeyData") or "").encode(),
            expires_at=datetime.fromisoformat(expires).timestamp() if expires else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ClusterUnavailable(f"{whose} did not answer with an ExecCredential") from None
    if not lent.authorization and not (lent.certificate and lent.key):
        raise ClusterUnavailable(f"{whose} gave neither a token nor a certificate with its key")
    return lent
