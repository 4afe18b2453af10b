"""The one error of signing in: whoever tries reads the sentence on the sign-in page, and tries again."""

from pushboat.errors import PushboatError


class LoginRefused(PushboatError):
    """Nobody is signed in by what the forge, the issuer or the browser said; the sentence says what to do."""
