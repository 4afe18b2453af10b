"""How much work the encrypted files of one deployment may be, counted before it is done.

Whoever may push writes files for as many recipients as fit, and each may have to be tried with each key. The count is
of attempts and not of seconds, so that a commit is refused on a busy machine exactly when it is on an idle one.
"""

from workers.sops.words import refused

MOST = 20_000
"""Attempts of age, which take about 2 ms each: less than a minute in all, for files that nobody writes by accident."""
AGE, AGE_BY_RSA = 1, 20
OPENPGP = 10
"""One recipient, tried with one key; RSA takes this long."""
PROCESS = 50
"""What it takes to start the process that opens OpenPGP."""


class Effort:
    """What has been spent for one deployment's files."""

    def __init__(self, environment: str) -> None:
        self._environment = environment
        self.spent = 0

    def spend(self, place: str, cost: int) -> None:
        """Count what is about to be done for the file at a place.

        Raises:
            DecryptionFailed: it is too much.
        """
        if self.spent + cost > MOST:
            raise refused(
                place,
                f"to try the keys of {self._environment} on its encrypted files costs too much up to here: encrypt "
                "files for fewer recipients, or more values in one file",
            )
        self.spent += cost
