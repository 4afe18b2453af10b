"""With what an environment's encrypted files are opened: the keys that its operator lists, or none."""

from pushboat.config.decryption import NO_KEYS
from pushboat.config.operator import Operator
from pushboat.sealing import Key
from workers.render.concealing import Opening
from workers.sops.keys import Keys
from workers.sops.proving import opened_with


def opening_of(operator: Operator, key: Key, repository: str, environment: str) -> Opening:
    """Give it; words follow from the installation's key, and are an environment's own."""
    limits = operator.limits(repository, environment)
    own = limits.decryption if limits else NO_KEYS
    scope = f"words of {repository}/{environment} ".encode()
    return Opening(opened_with(Keys.of(environment, own)), lambda content: key.digest(scope + content))
