"""Which forges exist: a new one is a folder beside this file and one line in the table.

Clients are loaded by name at the moment one is asked for, so that the web process, which only reads deliveries, never
loads an SDK.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from pushboat.config.operator import Forge
from pushboat.forges.git import deliveries as git
from pushboat.forges.github import deliveries as github
from pushboat.forges.gitlab import deliveries as gitlab
from pushboat.forges.protocol import Client, Deliveries

KINDS: Mapping[str, Deliveries] = {
    "github": github,
    "gitlab": gitlab,
    "git": git,
}


def deliveries_of(kind: str) -> Deliveries:
    """Give what verifies and reads the deliveries of this kind of forge."""
    return KINDS[kind]


def client_of(forge: Forge) -> Client:
    """Make the client of one forge; it may be shared by threads. Nothing is sent before its first method is called."""
    module = import_module(f"pushboat.forges.{forge.kind}.client")
    return cast("Client", module.connect(forge))
