"""What gunicorn calls in each of the show room's processes."""

from dashboard.app import create_app
from pushboat.store.calling import Calls
from webhook.replacing import Replacing
from webhook.wsgi import opened


def create() -> Replacing:
    """Build the app from the operator's file.

    Raises:
        ConfigurationError: the operator's file has mistakes.
    """
    following, store = opened()
    calls = Calls(store)
    return Replacing(following, lambda operator: create_app(operator, store, following.standing, calls.call))
