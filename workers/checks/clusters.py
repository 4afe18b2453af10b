"""Can each cluster be reached, and may Pushboat do there what its environments need? Asked, never tried out."""

import shlex
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pushboat.config.operator import ClusterAccess, Limits
from pushboat.errors import ClusterRefused, DeploymentFailed, PushboatError
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Ref
from pushboat.model.wording import listed
from workers.checks.deployed import of_refs, served_by
from workers.checks.granted import Granted, ask, may
from workers.checks.kubeconfigs import find_doubts, find_mistake, kubectl
from workers.checks.words import Line, failed, of_error, passed, skipped, unknown, warned
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.rights import Deployed, Needs, Right, impersonation, needs

STAND_IN = Ref("apps", "Deployment", "", "any")
"""What is asked for where nobody knows yet what an environment has: who may deploy these has a role that fits."""
MOST_NAMED = 6
"""Rights that one sentence names."""
Released = Callable[[Lane], Sequence[Ref]]
"""Names the objects of an environment's newest release."""


def check_clusters(
    accesses: Iterable[ClusterAccess], there: Mapping[str, Mapping[str, Limits]], released: Released = lambda _: ()
) -> Iterator[Line]:
    """Check these clusters, and every environment in them that is `there`, by repository.

    What each needs follows from what was `released` to it.
    """
    for access in accesses:
        environments = [
            (repository, limits)
            for repository, known in there.items()
            for limits in known.values()
            if limits.cluster == access.name
        ]
        yield from _check_cluster(access, environments, released)


def _check_cluster(access: ClusterAccess, environments: list[tuple[str, Limits]], released: Released) -> Iterator[Line]:
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
            refs = released(Lane(repository=repository, environment=limits.environment))
            yield from _check_environment(cluster, access, repository, limits, refs)
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


def _check_environment(
    cluster: Cluster, access: ClusterAccess, repository: str, limits: Limits, refs: Sequence[Ref]
) -> Iterator[Line]:
    speaker, place = cluster, f"{repository} {limits.environment}"
    if limits.service_account:
        allowed, line = _check_impersonation(cluster, access, place, limits)
        yield line
        if not allowed:
            return
        speaker = connect(access, limits.service_account)
    try:
        for namespace in limits.namespaces:
            yield _check_namespace(cluster, speaker, access, place, namespace, limits)
        yield from _check_rights(speaker, access, repository, limits, refs)
    finally:
        if speaker is not cluster:
            speaker.close()


def _check_impersonation(cluster: Cluster, access: ClusterAccess, place: str, limits: Limits) -> tuple[bool, Line]:
    if may(cluster, impersonation(limits.service_account)):
        return True, passed(place, f"Pushboat may speak as {limits.service_account}")
    fix = _fix(access, place.partition(" ")[0], limits)
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
    if may(speaker, Right("", "", "namespaces", namespace, "create")):
        return passed(place, f"namespace {namespace} does not exist yet; the first deployment creates it")
    return failed(place, f"may not create namespace {namespace}", create)


def _check_rights(
    speaker: Cluster, access: ClusterAccess, repository: str, limits: Limits, refs: Sequence[Ref]
) -> Iterator[Line]:
    """Ask for all that it needs, and tell each namespace's rights in one line; what lies outside of them in another."""
    place = f"{repository} {limits.environment}"
    wanted = needs(repository, limits, _kinds(speaker, limits, refs))
    granted = ask(speaker, wanted.all)
    fix = _fix(access, repository, limits)
    if granted.unsure:
        yield unknown(place, f"cannot ask what it may: {granted.why}", fix)
    for namespace in (*([""] if any(not each.namespace for each in wanted.all) else []), *_spaces(wanted, limits)):
        yield from _told(place, namespace, wanted, granted, fix)


def _kinds(speaker: Cluster, limits: Limits, refs: Sequence[Ref]) -> Sequence[Deployed]:
    stand_in = [Ref(STAND_IN.group, STAND_IN.kind, space, STAND_IN.name) for space in limits.namespaces]
    return of_refs(refs or stand_in, limits, served_by(speaker)).found


def _spaces(wanted: Needs, limits: Limits) -> Sequence[str]:
    others = {each.namespace for each in wanted.all} - {"", *limits.namespaces}
    return (*limits.namespaces, *sorted(others))


def _told(place: str, namespace: str, wanted: Needs, granted: Granted, fix: str) -> Iterator[Line]:
    where = f"namespace {namespace}" if namespace else "the whole cluster"
    here = {each for each in granted.unsure if each.namespace == namespace}
    must = [each for each in granted.missing & wanted.must if each.namespace == namespace]
    sees = [each for each in granted.missing & wanted.sees if each.namespace == namespace]
    if must:
        yield failed(place, f"may not {_verbs(must)} in {where}", fix)
    elif not here & wanted.must:
        yield passed(place, f"may deploy into {where}" if namespace else "may do what it does outside of namespaces")
    if sees:
        yield warned(place, f"may not {_verbs(sees)} in {where}: deployments go on without, and say less", fix)
    elif namespace and not here & wanted.sees:
        yield passed(place, f"may see why pods fail in {where}")


def _verbs(rights: Iterable[Right]) -> str:
    """Name rights, those on one resource together."""
    verbs = defaultdict[tuple[str, str, str], list[str]](list)
    for each in sorted(rights):
        verbs[each.group, each.resource, each.name].append(each.verb)
    told = [f"{' or '.join(some)} {_called(*what)}" for what, some in verbs.items()]
    more = [f"{len(told) - MOST_NAMED} more"] if len(told) > MOST_NAMED else []
    return listed([*told[:MOST_NAMED], *more], "nor")


def _called(group: str, resource: str, name: str) -> str:
    return f"{resource}.{group}".rstrip(".") + (f" {name}" if name else "")


def _fix(access: ClusterAccess, repository: str, limits: Limits) -> str:
    words = f"{shlex.quote(repository)} {shlex.quote(limits.environment)}"
    account = "" if limits.service_account else "  # with --account, where Pushboat's own is not pushboat/pushboat"
    return f"pushboat rbac {words} | {kubectl(access)} apply -f -{account}"
