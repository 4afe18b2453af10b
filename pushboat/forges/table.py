"""Finds what speaks with a forge: the folder beside this file that is called like its kind.

Modules are loaded by name at the moment one is asked for, so that the web process, which only reads deliveries, never
loads an SDK.
"""

from importlib import import_module
from typing import cast

from pushboat.config.operator import Forge
from pushboat.forges.protocol import Client, Deliveries, Signing
from pushboat.forges.webhooks import Webhooks


def deliveries_of(kind: str) -> Deliveries:
    """Give what verifies and reads the deliveries of this kind of forge."""
    return cast("Deliveries", import_module(f"pushboat.forges.{kind}.deliveries"))


def signing_of(kind: str) -> Signing:
    """Give what signs a delivery as this kind of forge would."""
    return cast("Signing", import_module(f"pushboat.forges.{kind}.signing"))


def webhooks_of(forge: Forge) -> Webhooks:
    """Make what looks after the webhooks of one forge that has an API. Nothing is sent before it is asked something."""
    module = import_module(f"pushboat.forges.{forge.kind}.webhooks")
    return cast("Webhooks", module.connect(forge))


def client_of(forge: Forge) -> Client:
    """Make the client of one forge; it may be shared by threads. Nothing is sent before its first method is called."""
    module = import_module(f"pushboat.forges.{forge.kind}.client")
    return cast("Client", module.connect(forge))
