"""Finds what speaks with a forge: the folder beside this file that is called like its kind.

Modules are loaded by name at the moment one is asked for, so that the web process, which only reads deliveries, never
loads an SDK.
"""

from importlib import import_module
from typing import cast

from pushboat.config.operator import Forge
from pushboat.forges.protocol import Client, Deliveries


def deliveries_of(kind: str) -> Deliveries:
    """Give what verifies and reads the deliveries of this kind of forge."""
    return cast("Deliveries", import_module(f"pushboat.forges.{kind}.deliveries"))


def client_of(forge: Forge) -> Client:
    """Make the client of one forge; it may be shared by threads. Nothing is sent before its first method is called."""
    module = import_module(f"pushboat.forges.{forge.kind}.client")
    return cast("Client", module.connect(forge))
