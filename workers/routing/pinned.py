"""What a promotion by pull request would move: the pins of two folders, each at the commit that counts for it.

Of the first environment that is the commit which runs there; of the second one the newest of the branch it follows,
because that is what a merge changes.
"""

import tempfile
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.config.helm import CHART
from pushboat.model.ask import Ask
from pushboat.model.deployment import Deployment, short
from pushboat.model.pin import Compared
from pushboat.model.wording import code
from pushboat.routing import Facts
from pushboat.routing.command import FROM
from pushboat.routing.pin_requests import incomparable
from workers.pins.moving import Folder, moves
from workers.render.kustomize.fields import is_kustomization
from workers.render.referring import Referring
from workers.routing.described import at_commit
from workers.source import checkout
from workers.source.environments import fetched
from workers.tools import Tools, split


def compared(tools: Tools, name: str, ask: Ask, known: Facts, runs: Deployment) -> Compared | None:
    """Compare the two folders; None where the commit that runs does not say where the second one lies.

    Raises:
        CheckoutFailed: a commit or a folder is not there.
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    here, there = (known.environments.get(each) for each in (ask.arguments[FROM], ask.environment))
    if there is None:
        return None
    if here is None:
        return Compared(why=f"{short(runs.sha)} does not say where {ask.arguments[FROM]} lies.")
    if why := incomparable(here, there):
        return Compared(why=why)
    forge, path = split(name)
    tip = tools.client(forge).head(path, f"refs/heads/{there.branch}")
    if not tip:
        return Compared(why=f"{there.name} follows {code(there.branch)}, which is not there: push it first.")
    now = at_commit(tools, name, tip).environments.get(ask.environment)
    if now is None or now.branch != there.branch:
        at = f"{short(tip)}, the newest commit of {code(there.branch)},"
        return Compared(why=f"{at} does not say that {there.name} follows it: mend its {code('.pushboat.yaml')}.")
    if why := incomparable(here, now):
        return Compared(why=why)
    source, target = _folder(tools, name, runs.sha, here), _folder(tools, name, tip, now)
    for environment, folder in ((here, source), (now, target)):
        if environment.render == "helm" or f"{folder.path}/{CHART}".lstrip("/") in folder.files:
            return Compared(why=_chart(environment))
    found = moves(source, target)
    return Compared(branch=there.branch, tip=tip, moved=found.moved, left=found.left, files=found.files)


def _chart(environment: Environment) -> str:
    return (
        f"{environment.name} is a Helm chart, and which of its values are pins only the chart knows: pull requests "
        f"move those of plain manifests and of kustomizations. Change its values, or promote without "
        f"{code('--pull-request')}."
    )


def _folder(tools: Tools, name: str, sha: str, environment: Environment) -> Folder:
    """Read an environment's folder and nothing that it refers to: what others share is no environment's pin."""
    alone = Referring((), environment)
    with tempfile.TemporaryDirectory(dir=tools.scratch) as scratch:
        out = fetched(
            tools,
            name,
            lambda remote: checkout.check_out(
                tools.git_caches, remote, name, sha, environment.path, Path(scratch), alone
            ),
        )
        files = {file: (out.root / file).read_bytes() for file in out.files}
    if environment.render == "plain":
        files = {file: content for file, content in files.items() if not is_kustomization(file)}
    return Folder(path=out.folder, files=files, linked=frozenset(out.linked))
