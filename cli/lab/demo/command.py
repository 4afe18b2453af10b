"""The command: builds the stage, plays the story, shows the table, and leaves nothing behind."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from cli import output
from cli.carried import carried
from cli.lab.demo import forge_story, story, table
from cli.lab.demo.forge_stage import on_forge_stage
from cli.lab.demo.stage import Stage, on_stage
from cli.prerequisites import Lack, git_version
from pushboat.config.operator import ClusterAccess
from pushboat.errors import PushboatError
from workers.cluster.client.connection import connect

NAMESPACE = "pushboat-demo"
PROGRAM = Path(sys.executable).with_name("pushboat")


@click.command()
@click.option("--keep", is_flag=True, help="Leave everything running at the end, until Ctrl-C, and print the page.")
@click.option("--yes", is_flag=True, help="Do not ask before using the cluster of KUBECONFIG_FOR_DEMO.")
@click.option("--forge", is_flag=True, help="Play it on a real Gitea instead: you comment, and it deploys.")
@click.option("--by-itself", is_flag=True, help="With --forge: write the comment for you, and end.")
def demo(*, keep: bool, yes: bool, forge: bool, by_itself: bool) -> int:
    """Play the main job end to end: real pushes, a real API server, statuses in the terminal that pushed.

    With KUBECONFIG_FOR_DEMO=PATH an existing cluster is used instead of one made for the occasion.
    """
    found = git_version()
    if isinstance(found, Lack):
        raise click.ClickException(str(found))
    if forge:
        return _on_a_forge(by_itself=by_itself)
    given = os.environ.get("KUBECONFIG_FOR_DEMO", "")
    kubeconfig = Path(given).expanduser() if given else None
    if kubeconfig and not kubeconfig.is_file():
        raise click.UsageError(f"KUBECONFIG_FOR_DEMO: there is no {kubeconfig}")
    if kubeconfig:
        _reach(kubeconfig)
    question = f"Deploy the demo into namespace {NAMESPACE} of the cluster in {given}?"
    if kubeconfig and not yes and not click.confirm(question, err=True):
        output.say("nothing was done")
        return 1
    with (
        _gently_stopped(),
        tempfile.TemporaryDirectory(prefix="pushboat-demo-") as folder,
        on_stage(Path(folder), NAMESPACE, kubeconfig) as stage,
    ):
        milliseconds = stage.webhook_milliseconds()
        pushes = story.play(stage)
        table.show(pushes, milliseconds)
        if keep:
            _keep(stage)
    _say_what_next()
    return 0 if all(push.as_expected for push in pushes) else 1


def _reach(kubeconfig: Path) -> None:
    """Refuse a cluster that does not answer: a deployment would wait for it for ten minutes."""
    try:
        cluster = connect(ClusterAccess(name="demo", kubeconfig=kubeconfig))
        try:
            cluster.request("GET", "/version")
        finally:
            cluster.close()
    except PushboatError as error:
        said = error.summary.partition("\n")[0]
        fix = (
            f"kubectl --kubeconfig {kubeconfig} version  # or leave KUBECONFIG_FOR_DEMO out: the demo brings a cluster"
        )
        raise click.ClickException(f"{said}; look at it: {fix}") from error


def _on_a_forge(*, by_itself: bool) -> int:
    with (
        _gently_stopped(),
        tempfile.TemporaryDirectory(prefix="pushboat-demo-") as folder,
        on_forge_stage(Path(folder), NAMESPACE) as stage,
    ):
        return 0 if forge_story.meet(stage, by_itself=by_itself) else 1


def _say_what_next() -> None:
    """Lead on: whoever has seen it wants it for a repository of their own."""
    pages = carried("docs", "errors.md") / "start"
    output.say("")
    output.say("next:")
    output.say(f"  look around:  {PROGRAM} demo --keep   (everything stays up, with its page)")
    output.say(f"  do it:        {pages}/five-minutes.md   (your own first deployment, no cluster needed)")
    output.say(f"  your forge:   github.md, gitlab.md, gitea.md, plain-git.md in {pages}")
    output.say("  your files:   pushboat init && pushboat check (in a clone of yours; nothing is deployed)")


def _keep(stage: Stage) -> None:
    output.data(f"page: {stage.url}")
    output.say(f"now you: cd {stage.clone}, edit deploy/config.yaml, git commit --all --message mine && git push")
    output.say(f"and:     {PROGRAM} --config {stage.folder}/pushboat.yaml status")
    output.say(f"and:     kubectl --kubeconfig {stage.kubeconfig} --namespace {stage.namespace} get pods")
    with suppress(KeyboardInterrupt):  # here it is the way to the end, not an interruption
        output.say("Ctrl-C takes everything down")
        signal.pause()


@contextmanager
def _gently_stopped() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C unwind, also where a shell told us to ignore it: what we started ends with us."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)
