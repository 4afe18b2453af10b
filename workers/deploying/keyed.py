"""With what an environment's encrypted files are opened: the keys that its operator lists, or none."""

from workers.render.concealing import Opening
from workers.sops.keys import Keys
from workers.tools import Tools


def opening_of(tools: Tools, repository: str, environment: str) -> Opening:
    """Give it; words follow from the installation's key, and are an environment's own."""
    limits = tools.operator.limits(repository, environment)
    keys = Keys(environment, limits.decryption.age if limits else ())
    scope = f"words of {repository}/{environment} ".encode()
    return Opening(keys, lambda content: tools.key.digest(scope + content))
