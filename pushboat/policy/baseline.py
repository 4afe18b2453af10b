"""The Pod Security Standards, level baseline: what gives a pod power over its node.

Equal to the API server's own admission of the newest version (k8s.io/pod-security-admission); a test holds them
together. Older clusters may be stricter where users of a pod are its own (`hostUsers: false`).
"""

from collections.abc import Iterable, Iterator

from pushboat.model.manifest import Path
from pushboat.model.wording import printable
from pushboat.policy.words import BASELINE, RESTRICTED, WARN, Body, Hit, Pod, Rule, at, listing, mapping, mappings

_CAPABILITIES = (
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
    "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
)  # fmt: skip
_SYSCTLS = (
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
)  # fmt: skip
_SELINUX = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_HOOKS = (
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


def host_namespaces(pod: Pod) -> Iterator[Hit]:
    """Find pods that live in their node's network, processes or memory."""
    for field, what in (("hostNetwork", "network"), ("hostPID", "processes"), ("hostIPC", "shared memory")):
        if pod.spec.get(field) is True:
            yield Hit(path=(*pod.spec_path, field), what=f"its pods share the {what} of their node")


def privileged(pod: Pod) -> Iterator[Hit]:
    """Find containers that may do what root may do on the node."""
    for each in pod.containers:
        if each.security.get("privileged") is True:
            path = (*each.security_path, "privileged")
            yield Hit(path=path, what=f"container {each.name} is privileged: it may do what root of its node may")


def capabilities(pod: Pod) -> Iterator[Hit]:
    """Find capabilities that the container runtime would not give."""
    for each in pod.containers:
        for number, name in enumerate(listing(at(each.security, "capabilities", "add"))):
            if name not in _CAPABILITIES:
                path = (*each.security_path, "capabilities", "add", number)
                yield Hit(path=path, what=f"container {each.name} is given {printable(str(name), 40)}")


def host_paths(pod: Pod) -> Iterator[Hit]:
    """Find volumes that are folders of the node."""
    for number, volume in mappings(pod.spec.get("volumes")):
        if volume.get("hostPath") is not None:
            of_it = printable(str(mapping(volume["hostPath"]).get("path", "")), 80)
            path = (*pod.spec_path, "volumes", number, "hostPath")
            yield Hit(path=path, what=f"its pods see {of_it} of their node")


def host_ports(pod: Pod) -> Iterator[Hit]:
    """Find ports of the node that a container takes."""
    for each in pod.containers:
        for number, port in mappings(each.body.get("ports")):
            if port.get("hostPort"):
                path = (*each.path, "ports", number, "hostPort")
                taken = printable(str(port["hostPort"]), 20)
                yield Hit(path=path, what=f"container {each.name} takes port {taken} of its node")


def host_probes(pod: Pod) -> Iterator[Hit]:
    """Find probes and hooks by which the kubelet can be sent elsewhere."""
    for each in pod.containers:
        for hook in _HOOKS:
            for way in ("httpGet", "tcpSocket"):
                if at(each.body, *hook, way, "host"):
                    path = (*each.path, *hook, way, "host")
                    yield Hit(path=path, what=f"container {each.name} sends the kubelet to a host of its choice")


def apparmor(pod: Pod) -> Iterator[Hit]:
    """Find pods that switch AppArmor off."""
    for path, security in securities(pod):
        profile = security.get("appArmorProfile")
        if profile is not None and at(security, "appArmorProfile", "type") not in ("RuntimeDefault", "Localhost"):
            yield Hit(path=(*path, "appArmorProfile", "type"), what="AppArmor is switched off")
    for key, value in pod.annotations.items():
        told = str(value or "")
        if str(key).startswith(_APPARMOR) and told not in ("", "runtime/default") and not told.startswith("localhost/"):
            yield Hit(path=(*pod.path, "metadata", "annotations", str(key)), what="AppArmor is switched off")


def selinux(pod: Pod) -> Iterator[Hit]:
    """Find pods that choose their own label of SELinux."""
    for path, security in securities(pod):
        options = mapping(security.get("seLinuxOptions"))
        for field in ("type", "user", "role"):
            value = options.get(field) or ""
            if value and (field != "type" or value not in _SELINUX):
                what = f"SELinux's {field} is {printable(str(value), 60)}"
                yield Hit(path=(*path, "seLinuxOptions", field), what=what)


def proc_mount(pod: Pod) -> Iterator[Hit]:
    """Find containers that see all of /proc, unless their users are their own."""
    return iter(()) if pod.has_own_users else unmasked(pod)


def unmasked(pod: Pod) -> Iterator[Hit]:
    """Find containers that see all of /proc."""
    for each in pod.containers:
        if each.security.get("procMount") not in (None, "Default"):
            yield Hit(path=(*each.security_path, "procMount"), what=f"container {each.name} sees all of /proc")


def seccomp(pod: Pod) -> Iterator[Hit]:
    """Find pods that switch seccomp off."""
    for path, security in securities(pod):
        if security.get("seccompProfile") is not None and not has_seccomp(security):
            yield Hit(path=(*path, "seccompProfile", "type"), what="seccomp is switched off: every system call is let")


def sysctls(pod: Pod) -> Iterator[Hit]:
    """Find settings of the kernel that are not the pod's own."""
    for number, each in mappings(pod.security.get("sysctls")):
        if each.get("name") not in _SYSCTLS:
            path = (*pod.spec_path, "securityContext", "sysctls", number)
            yield Hit(path=path, what=f"it sets {printable(str(each.get('name')), 80)} of the kernel")


def windows_host(pod: Pod) -> Iterator[Hit]:
    """Find pods that are processes of a Windows node."""
    for path, security in securities(pod):
        if at(security, "windowsOptions", "hostProcess") is True:
            yield Hit(path=(*path, "windowsOptions", "hostProcess"), what="it runs as a process of its Windows node")


def securities(pod: Pod) -> Iterable[tuple[Path, Body]]:
    """Give the security contexts, of the pod and of each container."""
    return [
        ((*pod.spec_path, "securityContext"), pod.security),
        *((each.security_path, each.security) for each in pod.containers),
    ]


def has_seccomp(security: Body) -> bool:
    """Say whether a security context has a profile that counts."""
    return at(security, "seccompProfile", "type") in ("RuntimeDefault", "Localhost")


_GROUPS = (BASELINE, RESTRICTED)
RULES = tuple(
    Rule(name=name, verdict=WARN, groups=_GROUPS, pods=look, reason=reason, fix=fix)
    for name, look, reason, fix in (
        (
            "host-namespaces", host_namespaces,
            "Who is in a node's network or processes can listen to all of its pods",
            "remove it, and reach others by Services",
        ),
        (
            "privileged", privileged,
            "A privileged container is root of its node: all pods and their Secrets there are its own",
            "remove it, and add the one capability that is needed",
        ),
        (
            "added-capabilities", capabilities,
            "Capabilities beyond the runtime's own reach out of the container: SYS_ADMIN is almost root",
            "remove it, or run what needs it in a namespace of its own",
        ),
        (
            "host-path", host_paths,
            "A node's folder holds what other pods and the kubelet have; and its content is gone on another node",
            "use a PersistentVolumeClaim, an emptyDir or a ConfigMap",
        ),
        (
            "host-ports", host_ports,
            "Two pods with one host port never run on one node, and NetworkPolicies do not see it",
            "remove hostPort, and have a Service in front of it",
        ),
        (
            "host-probes", host_probes,
            "The kubelet asks that host from the node's network, past every NetworkPolicy",
            "remove host: the pod itself is asked then",
        ),
        (
            "apparmor-off", apparmor,
            "AppArmor keeps a container that was broken into from much that it never needs",
            "write RuntimeDefault, or leave it out",
        ),
        (
            "selinux-options", selinux,
            "Another label lets a container out of what SELinux confines it to",
            "leave it out: the runtime chooses a label",
        ),
        (
            "proc-mount", proc_mount,
            "An unmasked /proc shows and changes settings of the node's kernel",
            "leave procMount out, or give the pod users of its own (hostUsers: false)",
        ),
        (
            "seccomp-off", seccomp,
            "Seccomp keeps hundreds of system calls from a container, where the kernel's holes are",
            "write RuntimeDefault",
        ),
        (
            "unsafe-sysctls", sysctls,
            "A setting that is not the pod's own changes the node for all pods",
            "remove it, or have the nodes set so",
        ),
        (
            "windows-host-process", windows_host,
            "A host process is outside of every container",
            "remove hostProcess",
        ),
    )
)  # fmt: skip
