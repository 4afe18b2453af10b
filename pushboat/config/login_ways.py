"""How people of each kind of forge sign in: the addresses and the words behind its web address, one row each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginWay:
    """How a forge tells who somebody is.

    `called`: what people call it. `discovers`: it is an issuer of OpenID Connect, whose own document names the
    addresses. Otherwise `authorize` and `token` are paths behind its address, `user` one behind its API's.
    `scopes`: what it is asked to tell. `name`: the field that has the account's name, as permissions are asked by.
    """

    called: str
    discovers: bool = False
    authorize: str = ""
    token: str = ""
    user: str = ""
    scopes: str = ""
    name: str


GITHUB = LoginWay(
    called="GitHub",
    authorize="/login/oauth/authorize",
    token="/login/oauth/access_token",  # noqa: S106 - a path
    user="/user",
    name="login",
)
GITLAB = LoginWay(called="GitLab", discovers=True, scopes="openid profile", name="nickname")
GITEA = LoginWay(called="Gitea", discovers=True, scopes="openid profile", name="preferred_username")
