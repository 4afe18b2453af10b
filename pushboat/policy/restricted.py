"""The Pod Security Standards, level restricted: what a pod must renounce. Nothing of it is asked by default."""

from collections.abc import Iterator

from pushboat.model.wording import printable
from pushboat.policy.baseline import has_seccomp, securities, unmasked
from pushboat.policy.words import OFF, RESTRICTED, Hit, Pod, Rule, at, listing, mappings

_VOLUMES = (
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected",
    "secret",
)  # fmt: skip


def volumes(pod: Pod) -> Iterator[Hit]:
    """Find volumes that are not of the cluster's own making."""
    for number, volume in mappings(pod.spec.get("volumes")):
        if not any(volume.get(kind) is not None for kind in _VOLUMES):
            kinds = [printable(str(key), 40) for key in volume if key != "name"] or ["nothing"]
            yield Hit(path=(*pod.spec_path, "volumes", number), what=f"it has a volume of {kinds[0]}")


def escalation(pod: Pod) -> Iterator[Hit]:
    """Find containers whose processes may gain rights."""
    for each in pod.containers if not pod.is_windows else ():
        if each.security.get("allowPrivilegeEscalation") is not False:
            path = (*each.security_path, "allowPrivilegeEscalation")
            yield Hit(path=path, what=f"processes of container {each.name} may gain rights")


def non_root(pod: Pod) -> Iterator[Hit]:
    """Find containers that may start as root."""
    if pod.has_own_users:
        return
    for path, security in securities(pod):
        if security.get("runAsNonRoot") is False:
            yield Hit(path=(*path, "runAsNonRoot"), what="it may run as root")
    if pod.security.get("runAsNonRoot") is not True:
        for each in pod.containers:
            if each.security.get("runAsNonRoot") is None:
                path = (*each.security_path, "runAsNonRoot")
                yield Hit(path=path, what=f"nothing keeps container {each.name} from running as root")


def root_user(pod: Pod) -> Iterator[Hit]:
    """Find containers that do start as root."""
    for path, security in securities(pod) if not pod.has_own_users else ():
        user = security.get("runAsUser")
        if user == 0 and not isinstance(user, bool):
            yield Hit(path=(*path, "runAsUser"), what="it runs as root")


def seccomp(pod: Pod) -> Iterator[Hit]:
    """Find containers that no seccomp profile is for."""
    if pod.is_windows:
        return
    for path, security in securities(pod):
        if security.get("seccompProfile") is not None and not has_seccomp(security):
            yield Hit(path=(*path, "seccompProfile", "type"), what="seccomp is switched off")
    if not has_seccomp(pod.security):
        for each in pod.containers:
            if each.security.get("seccompProfile") is None:
                path = (*each.security_path, "seccompProfile")
                yield Hit(path=path, what=f"container {each.name} may make every system call")


def dropped(pod: Pod) -> Iterator[Hit]:
    """Find containers that keep capabilities, or add others than the one for low ports."""
    for each in pod.containers if not pod.is_windows else ():
        if "ALL" not in listing(at(each.security, "capabilities", "drop")):
            path = (*each.security_path, "capabilities", "drop")
            yield Hit(path=path, what=f"container {each.name} keeps capabilities that it may not need")
        for number, name in enumerate(listing(at(each.security, "capabilities", "add"))):
            if name != "NET_BIND_SERVICE":
                path = (*each.security_path, "capabilities", "add", number)
                yield Hit(path=path, what=f"container {each.name} is given {printable(str(name), 40)}")


RULES = tuple(
    Rule(name=name, verdict=OFF, groups=(RESTRICTED,), pods=look, reason=reason, fix=fix)
    for name, look, reason, fix in (
        (
            "restricted-volumes", volumes,
            "Volumes that name servers and devices themselves pass by the cluster's storage classes and their limits",
            "use a PersistentVolumeClaim",
        ),
        (
            "privilege-escalation", escalation,
            "A program with the setuid bit makes root of a process that did not start as root",
            "write securityContext.allowPrivilegeEscalation: false",
        ),
        (
            "run-as-non-root", non_root,
            "Root in a container is root of the node once there is a way out",
            "write securityContext.runAsNonRoot: true",
        ),
        (
            "run-as-root-user", root_user,
            "Root in a container is root of the node once there is a way out",
            "write another runAsUser, such as 10001",
        ),
        (
            "seccomp-profile", seccomp,
            "Seccomp keeps hundreds of system calls from a container, where the kernel's holes are",
            "write securityContext.seccompProfile: {type: RuntimeDefault}",
        ),
        (
            "drop-capabilities", dropped,
            "What a container does not have, nobody who breaks into it has",
            "write securityContext.capabilities: {drop: [ALL]}, and add NET_BIND_SERVICE at most",
        ),
        (
            "proc-mount-restricted", unmasked,
            "An unmasked /proc shows and changes settings of the kernel",
            "leave procMount out",
        ),
    )
)  # fmt: skip
