"""Keycloak: https://www.keycloak.org/operator/basic-deployment names the conditions."""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.reading import Object

_SERVER = Contract(broken=("HasErrors",), working=("RollingUpdate",))
_IMPORT = Contract(needed=("Done",), broken=("HasErrors",), working=("Started",))


def keycloak(live: Object) -> Judgement:
    """Judge a Keycloak."""
    return by_conditions(live, _SERVER)


def realm_import(live: Object) -> Judgement:
    """Judge a KeycloakRealmImport: it runs once."""
    return by_conditions(live, _IMPORT)
