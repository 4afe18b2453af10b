"""Pods for the Pod Security Standards: one that every rule takes, and single faults that are put into it."""

import copy
from collections.abc import Iterator
from typing import Any

Body = dict[str, Any]
Fault = tuple[str, Any]


def sound() -> Body:
    """Give a pod that level restricted takes, with a container of each kind that a manifest may have."""
    container = {
        "name": "app",
        "image": "registry.example/app:1.4",
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "pod", "annotations": {}},
        "spec": {
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "initContainers": [{**copy.deepcopy(container), "name": "first"}],
            "containers": [container],
            "volumes": [{"name": "scratch", "emptyDir": {}}],
        },
    }


_POD = "spec.securityContext"
_APP, _FIRST = "spec.containers.0", "spec.initContainers.0"
_PROBE = {"periodSeconds": 5}
_OF_PODS: tuple[Fault, ...] = (
    *((f"spec.{name}", value) for name in ("hostNetwork", "hostPID", "hostIPC") for value in (True, False)),
    *(
        ("spec.volumes.0", {"name": "scratch", **source})
        for source in (
            {"hostPath": {"path": "/var/run/docker.sock"}},
            {"nfs": {"server": "nfs.example", "path": "/"}},
            {"configMap": {"name": "a"}},
            {"secret": {"secretName": "a"}},
            {"projected": {"sources": [{"configMap": {"name": "a"}}]}},
            {"downwardAPI": {"items": [{"path": "a", "fieldRef": {"fieldPath": "metadata.name"}}]}},
            {"persistentVolumeClaim": {"claimName": "a"}},
            {"csi": {"driver": "csi.example"}},
            {
                "ephemeral": {
                    "volumeClaimTemplate": {
                        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
                    }
                }
            },
            {"iscsi": {"targetPortal": "10.0.0.1", "iqn": "iqn.2001-04.com.example:a", "lun": 0}},
            {"gitRepo": {"repository": "https://git.example/a"}},
        )
    ),
    *(
        (f"{_POD}.sysctls", [{"name": name, "value": "1"}])
        for name in ("kernel.msgmax", "net.ipv4.tcp_syncookies", "net.core.somaxconn", "net.ipv4.tcp_rmem")
    ),
    *(
        (f"metadata.annotations.container.apparmor.security.beta.kubernetes.io/{name}", value)
        for name, value in (("app", "unconfined"), ("app", "runtime/default"), ("first", "localhost/mine"))
    ),
    (f"{_POD}.fsGroup", 0),
    (f"{_POD}.runAsNonRoot", None),
    (f"{_POD}.seccompProfile", None),
    ("spec.hostUsers", False),
    ("spec.automountServiceAccountToken", True),
    ("spec.initContainers", []),
    ("spec.securityContext", {}),
    ("spec.securityContext", None),
)
_OF_BOTH: tuple[Fault, ...] = (
    ("runAsNonRoot", False),
    ("runAsUser", 0),
    ("runAsUser", 1000),
    *(
        ("seccompProfile", {"type": name, **more})
        for name, more in (("Unconfined", {}), ("Localhost", {"localhostProfile": "a"}), ("RuntimeDefault", {}))
    ),
    *(
        ("appArmorProfile", {"type": name, **more})
        for name, more in (("Unconfined", {}), ("Localhost", {"localhostProfile": "a"}), ("RuntimeDefault", {}))
    ),
    *(
        ("seLinuxOptions", value)
        for value in (
            {"type": "container_t"},
            {"type": "spc_t"},
            {"user": "a"},
            {"role": "b"},
            {"level": "s0"},
            {"type": "container_engine_t"},
            {},
        )
    ),
    ("windowsOptions", {"hostProcess": False}),
)
_OF_CONTAINERS: tuple[Fault, ...] = (
    ("securityContext", None),
    ("securityContext", {}),
    ("securityContext.privileged", True),
    ("securityContext.privileged", False),
    ("securityContext.allowPrivilegeEscalation", True),
    ("securityContext.allowPrivilegeEscalation", None),
    ("securityContext.procMount", "Unmasked"),
    ("securityContext.procMount", "Default"),
    ("securityContext.runAsNonRoot", True),
    *(
        ("securityContext.capabilities", value)
        for value in (
            None,
            {},
            {"drop": ["NET_RAW"]},
            {"drop": ["ALL", "NET_RAW"]},
            {"drop": ["all"]},
            {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
            {"drop": ["ALL"], "add": ["CHOWN"]},
            {"drop": ["ALL"], "add": ["SYS_ADMIN", "CHOWN"]},
            {"drop": ["ALL"], "add": ["NET_RAW"]},
            {"add": ["SETPCAP"]},
        )
    ),
    ("ports", [{"containerPort": 80}]),
    ("ports", [{"containerPort": 80, "hostPort": 80}]),
    ("ports", [{"containerPort": 80, "hostPort": 0}]),
    *(("lifecycle", {"postStart": {"httpGet": {"port": 80, **host}}}) for host in ({}, {"host": "10.0.0.1"})),
    ("lifecycle", {"preStop": {"exec": {"command": ["true"]}}}),
    ("lifecycle", {"preStop": {"httpGet": {"port": 80, "host": "10.0.0.1"}}}),
)
_OF_APP: tuple[Fault, ...] = tuple(
    (probe, {**_PROBE, **how})
    for probe in ("livenessProbe", "readinessProbe", "startupProbe")
    for how in (
        {"httpGet": {"port": 80}},
        {"httpGet": {"port": 80, "host": "10.0.0.1"}},
        {"tcpSocket": {"port": 80, "host": "10.0.0.1"}},
    )
)


def faults() -> list[Fault]:
    """List every single fault: which field, and what is put there (None: nothing)."""
    found = [*_OF_PODS, *((f"{_POD}.{field}", value) for field, value in _OF_BOTH)]
    for container in (_APP, _FIRST):
        found += [(f"{container}.securityContext.{field}", value) for field, value in _OF_BOTH]
        found += [
            (f"{container}.{field}", value)
            for field, value in _OF_CONTAINERS
            if container == _APP or not field.startswith("lifecycle")
        ]
    return found + [(f"{_APP}.{field}", value) for field, value in _OF_APP]


def pods() -> Iterator[tuple[str, Body]]:
    """Give the sound pod, one for each fault, and some for two at once."""
    single = faults()
    yield "sound", sound()
    for fault in single:
        yield _named(fault), with_faults(fault)
    users = ("spec.hostUsers", False)
    for other in single:
        if other[0].endswith(("runAsUser", "runAsNonRoot", "procMount")):
            yield f"{_named(users)}, {_named(other)}", with_faults(users, other)
    for one, other in zip(single, [*single[7::2], *single[:7:2]], strict=False):
        if not one[0].startswith(other[0]) and not other[0].startswith(one[0]):
            yield f"{_named(one)}, {_named(other)}", with_faults(one, other)
    yield "windows", windows()


def windows() -> Body:
    """Give a pod of Windows, which has no Linux to renounce."""
    body = sound()
    body["spec"]["os"] = {"name": "windows"}
    body["spec"]["securityContext"] = {"runAsNonRoot": True}
    for container in (*body["spec"]["containers"], *body["spec"]["initContainers"]):
        del container["securityContext"]
    return body


def with_faults(*faults: Fault) -> Body:
    """Put faults into a sound pod."""
    body = sound()
    for field, value in faults:
        _put(body, field, value)
    return body


def _put(body: Body, field: str, value: Any) -> None:
    steps = (
        field.split(".") if not field.startswith("metadata.annotations.") else ["metadata", "annotations", field[21:]]
    )
    at: Any = body
    for step in steps[:-1]:
        if isinstance(at, list):
            at = at[int(step)]
        else:
            if at.get(step) is None:
                at[step] = {}
            at = at[step]
    last: Any = int(steps[-1]) if isinstance(at, list) else steps[-1]
    if value is None:
        at.pop(last, None)
    else:
        at[last] = copy.deepcopy(value)


def _named(fault: Fault) -> str:
    return f"{fault[0]} = {fault[1]}"
