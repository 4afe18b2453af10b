"""Each rule with what it takes and what it finds: patches of one sound Deployment, or objects beside it."""

from tests.policy.objects import (
    LABELS,
    Body,
    autoscaler,
    bound,
    budget,
    cron,
    deployment,
    ingress,
    job,
    network_policy,
    service,
    stateful,
)

_VOLUME = {"name": "a"}
_SECURITY = "securityContext"
_CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
ROWS: dict[str, tuple[list[Body], list[Body]]] = {
    name: ([deployment(*([fine] if fine else []))], [deployment(wrong)])
    for name, fine, wrong in (
        ("host-namespaces", {"pod": {"hostPID": False}}, {"pod": {"hostPID": True}}),
        ("privileged", {"app": {f"{_SECURITY}/privileged": False}}, {"app": {f"{_SECURITY}/privileged": True}}),
        (
            "added-capabilities",
            {"app": {f"{_SECURITY}/capabilities/add": ["CHOWN"]}},
            {"app": {f"{_SECURITY}/capabilities/add": ["SYS_ADMIN"]}},
        ),
        (
            "host-path",
            {"pod": {"volumes": [{**_VOLUME, "emptyDir": {}}]}},
            {"pod": {"volumes": [{**_VOLUME, "hostPath": {"path": "/"}}]}},
        ),
        ("host-ports", {}, {"app": {"ports": [{"containerPort": 80, "hostPort": 80}]}}),
        ("host-probes", {}, {"app": {"readinessProbe": {"tcpSocket": {"port": 80, "host": "10.0.0.1"}}}}),
        (
            "apparmor-off",
            {"pod": {f"{_SECURITY}/appArmorProfile": {"type": "RuntimeDefault"}}},
            {"pod": {f"{_SECURITY}/appArmorProfile": {"type": "Unconfined"}}},
        ),
        (
            "selinux-options",
            {"pod": {f"{_SECURITY}/seLinuxOptions": {"type": "container_t"}}},
            {"pod": {f"{_SECURITY}/seLinuxOptions": {"type": "spc_t"}}},
        ),
        (
            "proc-mount",
            {"pod": {"hostUsers": False}, "app": {f"{_SECURITY}/procMount": "Unmasked"}},
            {"pod": {"hostUsers": None}, "app": {f"{_SECURITY}/procMount": "Unmasked"}},
        ),
        (
            "seccomp-off",
            {"pod": {f"{_SECURITY}/seccompProfile": None}},
            {"app": {f"{_SECURITY}/seccompProfile": {"type": "Unconfined"}}},
        ),
        (
            "unsafe-sysctls",
            {"pod": {f"{_SECURITY}/sysctls": [{"name": "net.ipv4.tcp_rmem", "value": "1"}]}},
            {"pod": {f"{_SECURITY}/sysctls": [{"name": "kernel.msgmax", "value": "1"}]}},
        ),
        ("windows-host-process", {}, {"pod": {f"{_SECURITY}/windowsOptions": {"hostProcess": True}}}),
        (
            "restricted-volumes",
            {"pod": {"volumes": [{**_VOLUME, "secret": {}}]}},
            {"pod": {"volumes": [{**_VOLUME, "nfs": {"server": "a", "path": "/"}}]}},
        ),
        ("privilege-escalation", {}, {"app": {f"{_SECURITY}/allowPrivilegeEscalation": None}}),
        ("run-as-non-root", {}, {"pod": {f"{_SECURITY}/runAsNonRoot": None, "hostUsers": None}}),
        ("run-as-root-user", {}, {"pod": {f"{_SECURITY}/runAsUser": 0, "hostUsers": None}}),
        ("seccomp-profile", {}, {"pod": {f"{_SECURITY}/seccompProfile": None}}),
        ("drop-capabilities", {}, {"app": {f"{_SECURITY}/capabilities": {"drop": ["NET_RAW"]}}}),
        ("proc-mount-restricted", {}, {"app": {f"{_SECURITY}/procMount": "Unmasked"}}),
        (
            "cpu-request",
            {"app": {"resources/requests/cpu": None}},
            {"app": {"resources": {"limits": {"memory": "1Gi"}}}},
        ),
        (
            "memory-request",
            {"pod": {"resources/limits/memory": "1Gi"}, "app": {"resources": None}},
            {"app": {"resources": None}},
        ),
        ("memory-limit", {}, {"app": {"resources/limits/memory": None}}),
        ("cpu-limit", {}, {"app": {"resources/limits/cpu": None}}),
        ("storage-request", {}, {"app": {"resources": None}}),
        ("storage-limit", {}, {"app": {"resources/limits/ephemeral-storage": None}}),
        ("cpu-even", {"app": {"resources/requests/cpu": "1000m"}}, {"app": {"resources/requests/cpu": "100m"}}),
        ("memory-even", {}, {"app": {"resources/limits/memory": "2Gi"}}),
        ("storage-even", {}, {"app": {"resources/limits/ephemeral-storage": "2Gi"}}),
        ("readiness-probe", {"app": {"readinessProbe": None, "ports": None}}, {"app": {"readinessProbe": None}}),
        ("liveness-probe", {}, {"app": {"livenessProbe": None}}),
        ("same-probes", {}, {"app": {"livenessProbe": {"httpGet": {"path": "/ready", "port": "http"}}}}),
        ("latest-tag", {"app": {"image": "a.example:5000/b@sha256:0"}}, {"app": {"image": "a.example:5000/b"}}),
        ("pull-policy", {}, {"app": {"imagePullPolicy": "IfNotPresent"}}),
        (
            "default-service-account",
            {"pod": {"serviceAccountName": None}},
            {"pod": {"serviceAccountName": None, "automountServiceAccountToken": None}},
        ),
        ("service-account-token", {}, {"pod": {"automountServiceAccountToken": True}}),
        ("read-only-root", {}, {"app": {f"{_SECURITY}/readOnlyRootFilesystem": None}}),
        ("low-user-id", {}, {"app": {f"{_SECURITY}/runAsGroup": 99}}),
        ("host-aliases", {}, {"pod": {"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["db"]}]}}),
        ("port-names", {}, {"app": {"ports": [{"name": "a", "containerPort": 1}, {"name": "a", "containerPort": 2}]}}),
        (
            "spread-over-nodes",
            {
                "pod": {
                    "topologySpreadConstraints": None,
                    "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{}]}},
                }
            },
            {"pod": {"topologySpreadConstraints": None}},
        ),
        ("selector-labels", {}, {"spec": {"selector": {"matchLabels": {"app": "other"}}}}),
        ("label-values", {}, {"metadata": {"labels": {"app": "two words"}}}),
        ("shared-users", {}, {"pod": {"hostUsers": None}}),
        ("secret-in-environment", {}, {"app": {"envFrom": [{"secretRef": {"name": "a"}}]}}),
        ("one-replica", {}, {"spec": {"replicas": None}}),
    )
} | {
    "anonymous-binding": ([bound("jane")], [bound("system:anonymous")]),
    "job-restarts": ([job(restartPolicy="Never")], [job()]),
    "service-alone": ([deployment(), service()], [deployment(), service(selector={"app": "other"})]),
    "ingress-alone": ([service(), ingress("web", {"name": "http"})], [service(), ingress("web", {"number": 81})]),
    "headless-service": (
        [stateful(_CLAIM, serviceName="web"), service(clusterIP="None")],
        [stateful(_CLAIM, serviceName="web"), service()],
    ),
    "network-policy-alone": (
        [deployment(), network_policy(LABELS)],
        [deployment(), network_policy({"app": "other"})],
    ),
    "network-policy": (
        [deployment(), network_policy(LABELS, "Ingress", "Egress")],
        [deployment(), network_policy(LABELS, "Ingress")],
    ),
    "autoscaler-alone": ([deployment(), autoscaler("web")], [deployment(), autoscaler("other")]),
    "replicas-with-autoscaler": (
        [deployment({"spec": {"replicas": None}}), autoscaler("web")],
        [deployment(), autoscaler("web")],
    ),
    "disruption-budget": ([deployment(), budget(maxUnavailable=1)], [deployment()]),
    "empty-budget": ([budget(maxUnavailable=1)], [budget()]),
    "autoscaler-to-one": ([autoscaler("web")], [autoscaler("web", least=1)]),
    "cron-deadline": ([cron(startingDeadlineSeconds=60)], [cron()]),
    "node-port": ([service()], [service(type="NodePort")]),
    "claim-templates": ([stateful(_CLAIM)], [stateful({**_CLAIM, "accessModes": ["ReadWriteMany"]})]),
}
