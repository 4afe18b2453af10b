"""Who asks at the terminal, as the audit and whoever is told of it will read."""

import getpass


def asker() -> str:
    """Name the user of this terminal, and that it was here."""
    try:
        return f"{getpass.getuser()} on the command line"
    except (KeyError, OSError):  # a container's user that no file names
        return "somebody on the command line"
