"""What the doctor says of the account that we act as: its own comments command nothing, and how that is changed."""

from pushboat.config.forge import Forge
from pushboat.config.kinds import KINDS
from pushboat.forges.protocol import Check


def check(login: str, forge: Forge) -> Check:
    """Say what comments of our own account do; nobody's fault, so it passes whatever the operator decided."""
    setting = f"commands_from_own_account: true under forges.{forge.name} in pushboat.yaml"
    said = (
        f"comments of {login}, whose token this is, command as everybody's do ({setting})"
        if forge.commands_from_own_account
        else f"comments of {login}, whose token this is, command nothing; if {login} is a person, "
        f"{KINDS[forge.kind].own_account}, or set {setting}"
    )
    return Check(name="own comments", passed=True, sentence=said)
