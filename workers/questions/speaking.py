"""As whom a question asks a cluster: as the service account of the environment it is about, like a deployment."""

from collections.abc import Mapping
from dataclasses import dataclass

from pushboat.config.operator import ClusterAccess, Limits, Operator
from pushboat.model.wording import listed, printable
from workers.questions.words import Unclear

There = Mapping[str, Mapping[str, Limits]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A way to a cluster, and the account to impersonate there (empty: none)."""

    access: ClusterAccess
    service_account: str = ""


def speaker_for(operator: Operator, namespace: str, cluster: str) -> Speaker:
    """Choose who asks about a namespace: the first environment of the file that has it, in the cluster that is named.

    Raises:
        Unclear: the file does not say which cluster is meant.
    """
    _refuse_unknown(operator, cluster)
    fitting = [each for project in operator.projects.values() for each in project.environments.having(namespace)]
    if cluster:
        fitting = [each for each in fitting if each.cluster == cluster]
    places = sorted({each.cluster for each in fitting}) or ([cluster] if cluster else sorted(operator.clusters))
    if len(places) > 1:
        raise Unclear(f"namespace {printable(namespace)} may be in {listed(places, last='or')}: add --cluster")
    account = fitting[0].service_account if fitting else ""
    return Speaker(access=operator.clusters[places[0]], service_account=account)


def everybody(operator: Operator, there: There, cluster: str) -> list[tuple[Speaker, list[str]]]:
    """Name who asks about which namespaces where nobody says one: those of all environments, each once in a cluster.

    `there` are the environments that there are, by repository.

    Raises:
        Unclear: the file has no cluster of this name.
    """
    _refuse_unknown(operator, cluster)
    seen: set[tuple[str, str]] = set()
    asking: dict[tuple[str, str], list[str]] = {}
    for each in (limits for environments in there.values() for limits in environments.values()):
        new = [name for name in each.namespaces if (each.cluster, name) not in seen]
        if new and cluster in ("", each.cluster):
            seen.update((each.cluster, name) for name in new)
            asking.setdefault((each.cluster, each.service_account), []).extend(new)
    return [
        (Speaker(access=operator.clusters[name], service_account=account), namespaces)
        for (name, account), namespaces in asking.items()
    ]


def _refuse_unknown(operator: Operator, cluster: str) -> None:
    if cluster and cluster not in operator.clusters:
        known = listed(operator.clusters, last="or")
        raise Unclear(f"pushboat.yaml has no cluster {printable(cluster)}: say {known}")
