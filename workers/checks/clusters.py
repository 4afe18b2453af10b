"""Can each cluster be reached, and may Pushboat do there what its environments need? Asked, never tried out."""

from collections.abc import Iterable, Iterator, Mapping

from pushboat.config.operator import ClusterAccess, Limits
from pushboat.errors import ClusterRefused, DeploymentFailed, PushboatError
from workers.checks.kubeconfigs import find_doubts, find_mistake, kubectl
from workers.checks.words import Line, failed, of_error, passed, skipped, unknown, warned
from workers.cluster.client.connection import Cluster, connect

REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_SEEN = (
    ("watch pods", "watch", "pods"),
    ("list events", "list", "events"),
    ("read the logs of pods", "get", "pods/log"),
)


def check_clusters(accesses: Iterable[ClusterAccess], there: Mapping[str, Mapping[str, Limits]]) -> Iterator[Line]:
    """Check these clusters, and every environment in them that is `there`, by repository."""
    for access in accesses:
        environments = [
            (repository, limits)
            for repository, known in there.items()
            for limits in known.values()
            if limits.cluster == access.name
        ]
        yield from _check_cluster(access, environments)


def _check_cluster(access: ClusterAccess, environments: list[tuple[str, Limits]]) -> Iterator[Line]:
    check = f"cluster {access.name}"
    if mistake := find_mistake(check, access):
        yield mistake
        yield from _skip(access, environments)
        return
    try:
        cluster = connect(access)
        version = cluster.request("GET", "/version").data.get("gitVersion", "of unknown version")
    except PushboatError as error:
        yield of_error(check, error, _reach(access))
        yield from _skip(access, environments)
        return
    yield passed(check, f"Kubernetes {version} answers")
    yield from find_doubts(check, access)
    for repository, limits in environments:
        place = f"{repository} {limits.environment}"
        try:
            yield from _check_environment(cluster, access, place, limits)
        except PushboatError as error:
            yield of_error(place, error, _reach(access))
    cluster.close()


def _skip(access: ClusterAccess, environments: list[tuple[str, Limits]]) -> Iterator[Line]:
    for repository, limits in environments:
        yield skipped(f"{repository} {limits.environment}", f"cluster {access.name} was not reached")


def _reach(access: ClusterAccess) -> str:
    """Give the command that shows the same trouble without us."""
    if access.in_cluster:
        return "kubectl auth whoami  # inside the pod: is its service account token mounted?"
    return f"{kubectl(access)} version"


def _check_environment(cluster: Cluster, access: ClusterAccess, place: str, limits: Limits) -> Iterator[Line]:
    speaker = cluster
    if limits.service_account:
        allowed, line = _check_impersonation(cluster, access, place, limits)
        yield line
        if not allowed:
            return
        speaker = connect(access, limits.service_account)
    try:
        for namespace in limits.namespaces:
            yield _check_namespace(cluster, speaker, access, place, namespace, limits)
            yield _check_right(speaker, access, place, namespace, limits)
            yield _check_sight(speaker, access, place, namespace, limits)
    finally:
        if speaker is not cluster:
            speaker.close()


def _check_impersonation(cluster: Cluster, access: ClusterAccess, place: str, limits: Limits) -> tuple[bool, Line]:
    namespace, _, name = limits.service_account.partition("/")
    if _may(cluster, "impersonate", "serviceaccounts", namespace, name=name):
        return True, passed(place, f"Pushboat may speak as {limits.service_account}")
    fix = (
        f"{kubectl(access)} create role pushboat-impersonates -n {namespace} --verb=impersonate "
        f"--resource=serviceaccounts --resource-name={name}  # and bind it to Pushboat's account"
    )
    return False, failed(place, f"Pushboat may not impersonate service account {limits.service_account}", fix)


def _check_namespace(
    cluster: Cluster, speaker: Cluster, access: ClusterAccess, place: str, namespace: str, limits: Limits
) -> Line:
    create = f"{kubectl(access)} create namespace {namespace}"
    try:
        found = cluster.find(f"/api/v1/namespaces/{namespace}")
    except (
        DeploymentFailed,
        ClusterRefused,
    ) as refused:  # we may work in a namespace without being allowed to look at it
        look = f"{kubectl(access)} get namespace {namespace}"
        return unknown(place, f"cannot see namespace {namespace}: {refused.summary}", look)
    if found is not None:
        return passed(place, f"namespace {namespace} exists")
    if not limits.create_namespaces:
        sentence = f"namespace {namespace} does not exist, and create_namespaces is false"
        return failed(place, sentence, f"{create}  # or set create_namespaces: true")
    if _may(speaker, "create", "namespaces", ""):
        return passed(place, f"namespace {namespace} does not exist yet; the first deployment creates it")
    return failed(place, f"may not create namespace {namespace}", create)


def _check_right(cluster: Cluster, access: ClusterAccess, place: str, namespace: str, limits: Limits) -> Line:
    """Ask for deployments as a stand-in: whoever may create and patch them was given a role that fits."""
    missing = [verb for verb in ("create", "patch") if not _may(cluster, verb, "deployments", namespace, group="apps")]
    if not missing:
        return passed(place, f"may deploy into namespace {namespace}")
    fix = f"{kubectl(access)} create rolebinding pushboat-deploys -n {namespace} --clusterrole=admin {_whom(limits)}"
    return failed(place, f"may not {' or '.join(missing)} deployments in namespace {namespace}", fix)


def _check_sight(cluster: Cluster, access: ClusterAccess, place: str, namespace: str, limits: Limits) -> Line:
    """Ask for what a reason is made of: without it deployments work, and a red one cannot say why."""
    missing = [what for what, verb, part in _SEEN if not _may(cluster, verb, part, namespace)]
    if not missing:
        return passed(place, f"may see why pods fail in namespace {namespace}")
    role = f"create role pushboat-looks -n {namespace} --verb=get,list,watch --resource=pods,pods/log,events"
    fix = f"{kubectl(access)} {role}  # and bind it: create rolebinding pushboat-looks … {_whom(limits)}"
    sentence = f"may not {' nor '.join(missing)} in namespace {namespace}: a red status could not say why"
    return warned(place, sentence, fix)


def _whom(limits: Limits) -> str:
    return f"--serviceaccount={limits.service_account.replace('/', ':')}" if limits.service_account else "--user=…"


def _may(cluster: Cluster, verb: str, resource: str, namespace: str, *, group: str = "", name: str = "") -> bool:
    resource, _, part = resource.partition("/")
    attributes = {
        "verb": verb, "resource": resource, "subresource": part, "group": group, "namespace": namespace, "name": name
    }  # fmt: skip
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {key: value for key, value in attributes.items() if value}},
    }
    return bool(cluster.request("POST", REVIEWS, body=review).data.get("status", {}).get("allowed", False))
