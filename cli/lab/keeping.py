"""`pushboat devcluster`: a Kubernetes of one's own to deploy to, for as long as its terminal is open."""

import signal
import subprocess
import threading
from pathlib import Path

import click

from cli import output
from cli.lab import clusters
from cli.lab.devcluster import ClusterNotStarted, started
from cli.lab.golang import ToolUnavailable
from pushboat.errors import Unavailable

STATE = click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    default=clusters.usual_folder,
    show_default="~/.local/state/pushboat/devcluster",
    help="The folder of its kubeconfig and its logs.",
)
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.group()
def devcluster() -> None:
    """Run a Kubernetes to try things on: API server, controllers and etcd are real, nodes and containers simulated.

    It listens on this machine only, and keeps nothing: what was deployed is gone with it.
    """


@devcluster.command()
@STATE
@output.AS_JSON
def up(*, state: Path, as_json: bool) -> int:
    """Start one, print its kubeconfig, and run until Ctrl-C.

    The first start builds it from source: about five minutes on two cores, with progress shown; then it takes seconds.
    """
    state = state.expanduser().absolute()
    told = threading.Event()
    # Until it runs nothing has to be ended in order, and a build takes minutes. SIGINT too: a shell may have told us to
    # ignore it.
    before = {number: signal.signal(number, signal.default_int_handler) for number in ENDS}
    try:
        return _keep(state, told, as_json=as_json)
    except (ClusterNotStarted, ToolUnavailable) as error:
        raise Unavailable(str(error)) from error
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _keep(state: Path, told: threading.Event, *, as_json: bool) -> int:
    output.say("starting a Kubernetes control plane: real API server, real controllers, simulated nodes", glyph="►")
    with started(state, output.say) as (kubeconfig, program):
        for number in ENDS:
            signal.signal(number, lambda *_: told.set())  # the way to the end, not an interruption
        clusters.sign(state)
        if as_json:
            output.print_json({"kubeconfig": str(kubeconfig), "state": str(state), "runs": True, "answers": True})
        else:
            output.data(str(kubeconfig))
        output.say(f"export KUBECONFIG={kubeconfig}   for kubectl, or as `kubeconfig` of a cluster in pushboat.yaml")
        output.say("Ctrl-C takes everything down")
        ended_well = _until(told, program)
    output.say("the control plane is gone, and all that was deployed to it; its logs are in " + str(state / "logs"))
    return 0 if ended_well else 1


def _until(told: threading.Event, program: subprocess.Popen[str]) -> bool:
    """Wait until we are told to end, which is well, or it ended by itself."""
    while not told.wait(0.2):
        if program.poll() is not None:
            output.say("the control plane ended by itself", glyph="✗")
            return False
    return True


@devcluster.command()
@STATE
@output.AS_JSON
def status(*, state: Path, as_json: bool) -> int:
    """Say whether one runs and answers; the exit code is 1 where not."""
    state = state.expanduser().absolute()
    running = clusters.runs(state)
    answering = running and clusters.answers(state)
    if as_json:
        kubeconfig = str(state / "kubeconfig") if running else None
        output.print_json({"kubeconfig": kubeconfig, "state": str(state), "runs": running, "answers": answering})
    elif answering:
        output.data(f"runs and answers: {state / 'kubeconfig'}")
    else:
        output.data(f"runs and does not answer (yet): {state}" if running else f"nothing runs in {state}")
    return 0 if answering else 1


@devcluster.command()
@STATE
def down(*, state: Path) -> int:
    """End the one that `pushboat devcluster up` runs in another terminal."""
    state = state.expanduser().absolute()
    if not clusters.runs(state):
        output.say(f"nothing runs in {state}")
        return 0
    try:
        gone = clusters.end(state)
    except clusters.NotOurs:
        output.say(f"what runs in {state} is still starting, or another program started it: end it there", glyph="✗")
        return 1
    output.say("the control plane is gone" if gone else f"it still runs in {state}", glyph="✔" if gone else "✗")
    return 0 if gone else 1
