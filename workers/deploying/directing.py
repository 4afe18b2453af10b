"""What is said about each manifest: by its annotations, and by an environment that names the Jobs which verify it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pushboat.config.environment import Environment
from pushboat.config.verifying import JobVerification
from pushboat.errors import InvalidManifest
from pushboat.model.hook import VERIFY
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.wording import near_miss
from workers.manifests.directives.checking import Directed, directed
from workers.manifests.directives.words import Hook, Occasion, Phase

JOB = ("batch", "Job")
LAST = 1_000_000
"""The wave of a Job that verifies: behind all hooks that run after a deployment."""
_OCCASIONS = frozenset(Occasion) - {Occasion.REMOVAL}


def directed_in(manifests: Iterable[Manifest], environment: Environment) -> tuple[Directed, ...]:
    """Read what is said about each manifest of an environment.

    Raises:
        InvalidManifest: names every annotation that is wrong; or `verify` names a Job that is not there, or not one.
    """
    return _with_jobs(directed(manifests, recreate=environment.recreate), environment)


def _with_jobs(objects: Sequence[Directed], environment: Environment) -> tuple[Directed, ...]:
    """Let the Jobs that verify run as hooks do, after everything else, whatever their annotations say of that."""
    names = [each.name for each in environment.verify if isinstance(each, JobVerification)]
    running = {_job(objects, name) for name in names}
    return tuple(_as_hook(each) if each.manifest.ref in running else each for each in objects)


def _job(objects: Sequence[Directed], name: str) -> Ref:
    space, _, own = name.rpartition("/")
    jobs = [each.manifest.ref for each in objects if (each.manifest.ref.group, each.manifest.ref.kind) == JOB]
    found = [ref for ref in jobs if ref.name == own and space in ("", ref.namespace)]
    if not found:
        hint = near_miss(own, (ref.name for ref in jobs))
        raise InvalidManifest(
            f"verify names job {name}, and there is no such Job among the manifests{'; ' * bool(hint)}{hint}"
        )
    if len(found) > 1:
        raise InvalidManifest(f"verify names job {name}, and there are {len(found)} of that name: write namespace/name")
    return found[0]


def _as_hook(job: Directed) -> Directed:
    hook = Hook(phase=Phase.AFTER, occasions=_OCCASIONS, said=VERIFY)
    return replace(job, directives=replace(job.directives, is_hook=True, hooks=(hook,), wave=LAST, weight=None))
