"""Where an object is that somebody names: in the namespace that was said, else in those of the file's environments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pushboat.config.operator import Operator
from pushboat.errors import ClusterRefused, Unavailable
from pushboat.model.health import Finding, Health, Judgement
from pushboat.model.manifest import Ref
from pushboat.model.wording import listed, printable
from workers.cluster.client.connection import connect
from workers.cluster.examining import Examined, UnknownKind, examine
from workers.questions.speaking import Speaker, There, everybody, speaker_for
from workers.questions.words import Unclear


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What was found of one name, by cluster and ref, and what was not; what kept us from looking elsewhere."""

    found: dict[tuple[str, Ref], Examined] = field(default_factory=dict)
    missing: dict[tuple[str, Ref], Examined] = field(default_factory=dict)
    unknown: list[UnknownKind] = field(default_factory=list)
    trouble: list[ClusterRefused | Unavailable] = field(default_factory=list)


def seek(operator: Operator, there: There, kind: str, name: str, *, namespace: str, cluster: str) -> Examined:
    """Find one object and say how it is doing; without a `namespace` those of all that are `there` are asked.

    Raises:
        Unclear: it is in several places, or nothing tells which cluster is meant.
        UnknownKind: no cluster serves such a kind.
        ClusterRefused, Unavailable: it was found nowhere, and somewhere nobody could look.
    """
    places = everybody(operator, there, cluster)
    if namespace or not places:
        namespace = namespace or "default"
        places = [(speaker_for(operator, namespace, cluster), [namespace])]
    sought = Sought()
    for speaker, namespaces in places:
        _look(operator, speaker, namespaces, (kind, name), sought)
    if len(sought.found) > 1:
        raise Unclear(f"{printable(f'{kind}/{name}')} is in {_which(sought.found)}")
    if sought.found:
        return next(iter(sought.found.values()))
    for trouble in (*sought.trouble, *(() if sought.missing else sought.unknown)):
        raise trouble
    return _nowhere(sought.missing)


def _look(
    operator: Operator, speaker: Speaker, namespaces: Sequence[str], what: tuple[str, str], sought: Sought
) -> None:
    door = connect(speaker.access, speaker.service_account, rules=operator.health)
    try:
        for namespace in namespaces:
            its = examine(door, *what, namespace)
            ref, there = its.finding.ref, its.finding.judgement.health is not Health.MISSING
            (sought.found if there else sought.missing)[speaker.access.name, ref] = its
            if not ref.namespace:
                break  # it is in no namespace: the others would show the same
    except UnknownKind as unknown:
        sought.unknown.append(unknown)
    except (ClusterRefused, Unavailable) as trouble:
        sought.trouble.append(trouble)
    finally:
        door.close()


def _which(found: Collection[tuple[str, Ref]]) -> str:
    """Name the places, and what tells them apart."""
    clusters, names = {cluster for cluster, _ in found}, {ref.namespace for _, ref in found}
    if len(clusters) == 1:
        return f"{listed(sorted(names))}: add -n"
    places = sorted(" of ".join(filter(None, (ref.namespace, cluster))) for cluster, ref in found)
    return f"{listed(places)}: add {'--cluster' if len(names) == 1 else '-n and --cluster'}"


def _nowhere(missing: Mapping[tuple[str, Ref], Examined]) -> Examined:
    names = sorted({ref.namespace for _, ref in missing})
    first = next(iter(missing.values()))
    if len(names) == 1:
        return first
    reason = f"is in none of {listed(names)}; to look elsewhere, add -n"
    return Examined(finding=Finding(replace(first.finding.ref, namespace=""), Judgement(Health.MISSING, reason)))
