"""Reads what the commits that a delivery deploys say of themselves, while they are in our hands anyway."""

from contextlib import suppress

from pushboat.errors import CheckoutFailed, ForgeRefused, ForgeUnavailable
from pushboat.model.caption import Caption
from pushboat.routing import Decision, Deploy
from pushboat.store import captions
from workers.source import checkout
from workers.source.captions import read
from workers.source.environments import remote
from workers.tools import Tools


def caption(tools: Tools, repository: str, decision: Decision) -> None:
    """Write down what they say, once for each commit.

    Nothing waits for it: a commit that cannot be had is deployed, or refused, without. A rollback works with the
    forge gone, and its commit came with a caption when it was deployed.
    """
    shas = {act.sha for act in decision.acts if isinstance(act, Deploy) and act.sha and not act.release}
    found: dict[str, Caption] = {}
    for sha in captions.unknown(tools.store, repository, sorted(shas)):
        with suppress(CheckoutFailed, ForgeRefused, ForgeUnavailable):
            found[sha] = read(checkout.commit_object(tools.git_caches, remote(tools, repository), sha))
    captions.note(tools.store, repository, found)
