"""What gunicorn calls in each of the show room's processes."""

from flask import Flask

from dashboard.app import create_app
from webhook.wsgi import opened


def create() -> Flask:
    """Build the app from the operator's file.

    Raises:
        ConfigurationError: the operator's file has mistakes.
    """
    return create_app(*opened())
