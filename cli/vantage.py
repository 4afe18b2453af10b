"""From where a command follows what becomes of an ask: the store here, or a Pushboat elsewhere, through its API."""

from dataclasses import dataclass

from cli.elsewhere import Elsewhere, Json
from cli.patience import AGAIN_AFTER, patiently, while_the_store_is_away
from pushboat.model.json_forms import deployment_form, whole_delivery_form
from pushboat.reading.told import progress_of
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store

_ONE_ALONE = ("details", "hooks", "images", "logs")
"""What the API tells of one deployment and lists leave out, as commands do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """The store of this machine; it may be away for a moment."""

    store: Store
    public_url: str
    look_every: float = 0.2

    def delivery(self, number: int) -> Json:
        """Give a delivery with its asks."""
        row = while_the_store_is_away(lambda: deliveries.find(self.store, number))
        assert row, f"delivery {number} has left the store"
        return whole_delivery_form(row)

    def deployment(self, number: int) -> Json:
        """Give a deployment."""
        row = while_the_store_is_away(lambda: deployments.find(self.store, number))
        assert row, f"deployment {number} has left the store"
        return deployment_form(row, self.public_url)

    def progress(self, number: int, after: int) -> Json:
        """Give what is new of a deployment."""
        found = while_the_store_is_away(lambda: progress_of(self.store, number, after))
        assert found, f"deployment {number} has left the store"
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """A Pushboat elsewhere; it may be away for a moment."""

    elsewhere: Elsewhere
    look_every: float = AGAIN_AFTER

    def delivery(self, number: int) -> Json:
        """Give a delivery with its asks."""
        return patiently(lambda: self.elsewhere.get(f"deliveries/{number}")).form

    def deployment(self, number: int) -> Json:
        """Give a deployment."""
        found = patiently(lambda: self.elsewhere.get(f"deployments/{number}")).form
        return {name: value for name, value in found.items() if name not in _ONE_ALONE}

    def progress(self, number: int, after: int) -> Json:
        """Give what is new of a deployment."""
        return patiently(lambda: self.elsewhere.get(f"deployments/{number}/progress", after=after)).form
