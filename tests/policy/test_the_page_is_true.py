"""The page of policy says what there is: each rule as it is, and no rule that is not there."""

import re

import pytest

from pushboat.config.policy import OF_SECRETS
from pushboat.policy.table import GROUPS, RULES
from pushboat.quantities import FUNCTIONS
from tests.policy.page import PAGE, written
from workers.review.rules import RULES as REVIEWED


def test_the_table_of_rules_is_the_code() -> None:
    """`python -m tests.policy.page` writes it."""
    assert PAGE.read_text() == written()


def test_every_counterpart_of_another_tools_check_is_there() -> None:
    """Whoever comes from kubeval, kube-score or kubesec finds each of its checks here, under a name that counts."""
    rows = PAGE.read_text().partition("## From other tools")[2].splitlines()[4:]
    assert len(rows) >= 35
    for row in rows:
        here = re.findall(r"`([a-z-]+)`", row.split("|")[2])
        assert here
        assert set(here) <= {*RULES, *REVIEWED}, row


KUBE_SCORE = """
container-cpu-requests-equal-limits container-ephemeral-storage-request-and-limit
container-ephemeral-storage-request-equals-limit container-image-pull-policy container-image-tag
container-memory-requests-equal-limits container-ports-check container-resource-requests-equal-limits
container-resources container-seccomp-profile container-security-context container-security-context-privileged
container-security-context-readonlyrootfilesystem container-security-context-user-group-id cronjob-has-deadline
cronjob-restartpolicy deployment-has-host-podantiaffinity deployment-has-poddisruptionbudget
deployment-pod-selector-labels-match-template-metadata-labels deployment-replicas
deployment-targeted-by-hpa-does-not-have-replicas-configured environment-variable-key-duplication
horizontalpodautoscaler-has-target horizontalpodautoscaler-replicas ingress-targets-service label-values
networkpolicy-targets-pod pod-networkpolicy pod-probes pod-probes-identical pod-topology-spread-constraints
poddisruptionbudget-has-policy service-targets-pod service-type stable-version statefulset-has-host-podantiaffinity
statefulset-has-poddisruptionbudget statefulset-has-servicename
statefulset-pod-selector-labels-match-template-metadata-labels
"""
KUBESEC = """
AllowPrivilegeEscalation ApparmorAny ApparmorUnconfined AutomountServiceAccountToken BindingsToSystemAnonymous
CapDropAll CapDropAny CapSysAdmin DockerSock HostAliases HostIPC HostNetwork HostPID HostUsers LimitsCPU LimitsMemory
Privileged
ProcMount ReadOnlyRootFilesystem RequestsCPU RequestsMemory RunAsGroup RunAsNonRoot RunAsUser SeccompAny
SeccompUnconfined SecretsAsEnvironmentVariables ServiceAccountName VolumeClaimAccessModeReadWriteOnce
VolumeClaimRequestsStorage
"""
"""Every check that these tools list."""


@pytest.mark.parametrize(("tool", "checks"), [("kube-score", KUBE_SCORE), ("kubesec", KUBESEC)])
def test_no_check_of_another_tool_is_forgotten(tool: str, checks: str) -> None:
    """Each of theirs stands in one row, and no row names one that they do not have."""
    rows = PAGE.read_text().partition("## From other tools")[2].splitlines()[4:]
    named = [check for row in rows if f"| {tool} " in row for check in re.findall(r"`([\w-]+)`", row.split("|")[1])]
    assert sorted(named) == sorted(checks.split())


def test_groups_and_functions_are_named() -> None:
    page = PAGE.read_text()
    assert [name for name in (*GROUPS, *OF_SECRETS) if f"`{name}`" not in page] == []
    assert [name for name, *_ in FUNCTIONS if f"`{name}`" not in page] == []
