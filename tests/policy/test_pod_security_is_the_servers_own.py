"""The rules of the Pod Security Standards are the API server's own: both take a pod, or refuse it for the same."""

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pushboat.model.manifest import Manifest, Ref
from pushboat.policy import baseline, restricted
from pushboat.policy.pods import pod_in
from pushboat.policy.words import Rule
from tests.devcluster.api import Cluster
from tests.policy.pods import pods

EVERY = list(pods())
EACH_OF = 12
"""Of so many pods one is tried in `make test`."""
CALLED = {
    "allowPrivilegeEscalation != false": "privilege-escalation",
    "forbidden AppArmor profile": "apparmor-off",
    "forbidden AppArmor profiles": "apparmor-off",
    "forbidden sysctls": "unsafe-sysctls",
    "host namespaces": "host-namespaces",
    "hostPath volumes": "host-path",
    "hostPort": "host-ports",
    "hostProcess": "windows-host-process",
    "non-default capabilities": "added-capabilities",
    "privileged": "privileged",
    "probe or lifecycle host": "host-probes",
    "procMount": "proc-mount",
    "restricted volume types": "restricted-volumes",
    "runAsNonRoot != true": "run-as-non-root",
    "runAsUser=0": "run-as-root-user",
    "seLinuxOptions": "selinux-options",
    "seccompProfile": "seccomp-off",
    "unrestricted capabilities": "drop-capabilities",
}
"""What the server calls the standards' rules, and we do."""
STRICTER = {
    "added-capabilities": "drop-capabilities",
    "host-path": "restricted-volumes",
    "proc-mount-restricted": "proc-mount",
    "seccomp-profile": "seccomp-off",
}
"""Where level restricted has a stricter rule of the same, the server names that one alone, or both alike."""


@pytest.fixture(scope="module")
def spaces(kubeconfig: Path) -> Iterator[dict[str, Cluster]]:
    """A namespace for each level."""
    made = {level: Cluster(kubeconfig, f"{level}-{uuid.uuid4().hex[:8]}") for level in ("baseline", "restricted")}
    for level, cluster in made.items():
        labels = {"pod-security.kubernetes.io/enforce": level}
        cluster.create("/api/v1/namespaces", {"metadata": {"name": cluster.namespace, "labels": labels}})
    yield made
    for cluster in made.values():
        cluster.ask("DELETE", f"/api/v1/namespaces/{cluster.namespace}")


def test_there_are_enough_pods_and_no_two_alike() -> None:
    assert len(EVERY) >= 200
    assert len({repr(body) for _, body in EVERY}) >= 200


@pytest.mark.cluster
def test_a_sample_is_judged_as_the_server_does(spaces: dict[str, Cluster]) -> None:
    """A pod that I could not create there is named here first, with the same rules."""
    hold_together(spaces, EVERY[::EACH_OF])


@pytest.mark.cluster
@pytest.mark.proof
@pytest.mark.timeout(600)
def test_every_pod_is_judged_as_the_server_does(spaces: dict[str, Cluster]) -> None:
    """Two hundred pods, by both levels: nothing that the server refuses is passed, nothing that it takes is refused."""
    hold_together(spaces, EVERY)


def hold_together(spaces: dict[str, Cluster], some: list[tuple[str, dict[str, Any]]]) -> None:
    differences, judged = [], 0
    for level, cluster in spaces.items():
        for name, body in some:
            theirs = by_the_server(cluster, body)
            if theirs is None:  # it is no sound pod, for reasons of its own
                continue
            judged += 1
            if (mine := ours(level, body)) != theirs:
                differences.append(f"{level}: {name}: server {sorted(theirs)}, we {sorted(mine)}")
    assert differences == []
    assert judged * len(EVERY) >= 400 * len(some), "too many of them are no sound pods, for the server's own reasons"


def by_the_server(cluster: Cluster, body: dict[str, Any]) -> set[str] | None:
    status, text = cluster.ask("POST", f"{cluster.core}/pods?dryRun=All", body)
    if status == 201:
        return set()
    message = json.loads(text)["message"]
    found = re.search(r'violates PodSecurity "[^"]+": (.*)', message, re.DOTALL)
    if found is None:
        return None
    reasons = re.findall(r"(?:^|, )([^,()]+?)(?: \((?:[^()]|\([^()]*\))*\))?(?=, |$)", found[1])
    return {CALLED[each.strip()] for each in reasons}


def ours(level: str, body: dict[str, Any]) -> set[str]:
    manifest = Manifest(ref=Ref("", "Pod", "", "pod"), version="v1", body=body, file="a.yaml", line=1)
    pod = pod_in(manifest)
    assert pod
    found = {rule.name for rule in rules(level) if rule.pods and list(rule.pods(pod))}
    if level == "restricted":
        found = {STRICTER.get(name, name) for name in found}
    return found


def rules(level: str) -> tuple[Rule, ...]:
    return baseline.RULES if level == "baseline" else (*baseline.RULES, *restricted.RULES)
