"""Is the kubeconfig there, and does it have the context? Said before a cluster is tried, in plainer words."""

import getpass
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from pushboat.config.operator import ClusterAccess
from workers.checks.words import Line, failed, warned
from workers.cluster.client.kubeconfig import read
from workers.cluster.client.trusting import UNVERIFIED


def kubectl(access: ClusterAccess) -> str:
    """Give kubectl with what makes it speak to this cluster, to paste."""
    if access.in_cluster:
        return "kubectl"
    context = f" --context {shlex.quote(access.context)}" if access.context else ""
    return f"kubectl --kubeconfig {shlex.quote(str(access.kubeconfig))}{context}"


def find_mistake(check: str, access: ClusterAccess) -> Line | None:
    """Say what is wrong with the file; what else is in it is for the cluster's client to judge."""
    file = access.kubeconfig
    if file is None:
        return None
    where = f"clusters.{access.name}"
    if not file.is_file():
        return failed(check, f"there is no {file}", f"correct {where}.kubeconfig in pushboat.yaml")
    try:
        written = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        return failed(check, f"{file} cannot be read: {error.strerror}", f"let user {getpass.getuser()} read it")
    except (UnicodeDecodeError, yaml.YAMLError):
        return failed(check, f"{file} is no YAML", f"correct {where}.kubeconfig in pushboat.yaml, or the file")
    if not isinstance(written, dict):
        return failed(check, f"{file} is no kubeconfig", f"correct {where}.kubeconfig in pushboat.yaml, or the file")
    return _find_context(check, access, written)


def find_doubts(check: str, access: ClusterAccess) -> Iterator[Line]:
    """Say what lets others answer in the place of a cluster that answered."""
    if not read(access).server.verify:
        fix = f"in {access.kubeconfig}, put certificate-authority in the place of insecure-skip-tls-verify"
        yield warned(check, UNVERIFIED, fix)


def _find_context(check: str, access: ClusterAccess, written: Mapping[str, Any]) -> Line | None:
    there = [str(one["name"]) for one in written.get("contexts") or () if isinstance(one, dict) and "name" in one]
    wanted = access.context or str(written.get("current-context") or "")
    if wanted in there:
        return None
    known = f"it has {', '.join(there)}" if there else "it has none"
    missing = f"has no context {wanted}" if wanted else "has no current context"
    fix = f"set clusters.{access.name}.context in pushboat.yaml to one that the file has"
    return failed(check, f"{access.kubeconfig} {missing}; {known}", fix)
