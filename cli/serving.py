"""`pushboat serve`: everything on one machine. Prepares the store, then hands the processes to the supervisor."""

import faulthandler
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import socket

import click

from cli import configuration, forking, output, processes, systemd
from cli.children import Program
from cli.doctor.keys import check_key
from cli.listening import listening
from cli.locking import only_one
from cli.prerequisites import Lack, git_version
from cli.processes import DOORS, ENGINE_ROOM
from cli.readiness import missing
from cli.supervisor import Supervisor
from cli.systemd import Systemd
from pushboat.config.operator import Operator
from pushboat.config.pages import Access
from pushboat.inherited import LISTEN_FD
from pushboat.queue.embedded import broker_socket, idle
from pushboat.queue.sockets import leave_room
from pushboat.reading.environments import overview
from pushboat.store.database import migrations, soundness
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.moving import refuse_moved
from pushboat.store.database.side_by_side import NEWER, Fit, fit_of
from workers.checks.kubeconfigs import find_mistake
from workers.render.renderers import RENDERERS, find
from workers.render.renderers import missing as missing_renderer

LOOK_EVERY = 0.1
SPEAK_EVERY = 10.0

COLOURS = {
    "broker": "yellow",
    "web": "green",
    "dashboard": "bright_green",
    "dispatcher": "cyan",
    "worker": "blue",
    "reporter": "magenta",
}


@click.command()
@click.option("--ready-file", type=click.Path(path_type=Path), help="Write the ready line there, for scripts.")
@click.option("--ready-fd", type=int, help="Write the ready line to this open file descriptor, then close it.")
@click.pass_context
def serve(ctx: click.Context, ready_file: Path | None, ready_fd: int | None) -> int:
    """Run all of Pushboat on this machine until Ctrl-C.

    Starts broker, web, dashboard, dispatcher, worker and reporter, starts again what dies or hangs, and takes all of
    it down at the end.
    """
    faulthandler.enable()  # systemd's watchdog ends us by SIGABRT: then the log says where we hung
    operator = configuration.load(ctx)
    config = configuration.path(ctx)
    operator.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_git()
    with only_one(operator.state), ExitStack() as stack:
        doors = _listening(operator, stack)
        _say_who_sees_the_pages(operator)
        _check_clusters(operator)
        _say_what_cannot_render()
        with _prepared_store(operator) as store:
            _say_what_is_left_behind(operator, store)
            _say_whose_key_it_is_not(operator, store)
            forking.load(processes.LOADED)
            unit = Systemd(os.environ)
            announce = _announcer(operator, unit, ready_file, ready_fd)
            try:
                supervisor = Supervisor(
                    programs(operator, config, doors),
                    _say,
                    systemd=unit,
                    stopping=stack.close,
                    passes_on_hangup=not _is_at_a_terminal(),
                )
                ended_well = supervisor.run(_watch(operator, store, announce))
            finally:
                _clean_up(operator, ready_file)
    output.say("stopped")
    return 0 if ended_well else 1


def _is_at_a_terminal() -> bool:
    """Say whether SIGHUP would mean that our terminal was closed; elsewhere it asks for a look at the file."""
    return sys.stdin is not None and sys.stdin.isatty()


def _listening(operator: Operator, stack: ExitStack) -> Mapping[str, socket]:
    """Listen where a process does, by its name, until the stack is closed."""
    addresses = {"web": (operator.host, operator.port)}
    if operator.dashboard:
        addresses["dashboard"] = operator.dashboard
    return {name: stack.enter_context(listening(*address)) for name, address in addresses.items()}


def programs(operator: Operator, config: Path, doors: Mapping[str, socket]) -> Sequence[Program]:
    """Name what to run, in the order of starting; stopping goes backwards, so that no delivery comes in any more."""
    names = [*([] if operator.broker else ["broker"]), *reversed(ENGINE_ROOM), *reversed(DOORS)]
    environment = systemd.without(processes.environment(config))
    held = {name: str(door.fileno()) for name, door in doors.items()}
    return [
        Program(
            name=name,
            argv=processes.command(name, operator),
            environment={**environment, LISTEN_FD: held[name]} if name in held else environment,
            passes=(int(held[name]),) if name in held else (),
            beats=name != "broker",
            answers_at=broker_socket(operator.state) if name == "broker" else None,
            loaded=name != "broker",
        )
        for name in names
    ]


def _say_who_sees_the_pages(operator: Operator) -> None:
    if operator.pages.access is Access.HIDDEN:
        _say(
            "pushboat",
            "pages and API are hidden, because others may reach them; to show them, "
            "write pages: {password: {file: PATH}} or pages: open in pushboat.yaml",
        )


def _check_git() -> None:
    """Refuse to start without what reads every commit: each deployment would fail, and say so somewhere else."""
    found = git_version()
    if isinstance(found, Lack) and not found.unsure:
        raise click.ClickException(str(found))


def _check_clusters(operator: Operator) -> None:
    """Say now which kubeconfigs cannot be used; the other clusters are served all the same."""
    for access in operator.clusters.values():
        if mistake := find_mistake(f"cluster {access.name}", access):
            output.say(f"{mistake.check}: {mistake.sentence}; until it is mended, deployments there fail", glyph="!")
            output.say(f"  fix: {mistake.fix}")


def _say_what_cannot_render() -> None:
    """Name the renderers that are not here: no deployment builds one, and plain files need none."""
    for renderer in RENDERERS:
        if find(renderer, os.environ) is None:
            output.say(f"{missing_renderer(renderer, os.environ)}; until then what needs it fails", glyph="!")


def _say_whose_key_it_is_not(operator: Operator, store: Store) -> None:
    """Say that another machine has another key, before anything is stored with ours."""
    if (line := check_key(operator, store)).fix:
        output.say(line.sentence, glyph="!")
        output.say(f"  fix: {line.fix}")


def _say_what_is_left_behind(operator: Operator, store: Store) -> None:
    """Name what still runs although a file names it no more: nobody deploys there, and nothing deletes it."""
    for one in overview(store, operator):
        if one.left:
            output.say(f"{one.environment} of {one.repository} {one.left}", glyph="!")


@contextmanager
def _prepared_store(operator: Operator) -> Iterator[Store]:
    store = open_store(operator.store, operator.state)
    soundness.refuse_damaged(store)
    try:
        refuse_moved(store)
        if fit_of(store) is Fit.NEWER:
            output.say(NEWER, glyph="!")
        else:
            migrations.upgrade(store)
        yield store
    finally:
        _let_go(store)


def _let_go(store: Store) -> None:
    """Close the store as the only one that has it."""
    store.close()
    soundness.seal_at_rest(store)


def _watch(operator: Operator, store: Store, announce: Callable[[], None]) -> Callable[[], float | None]:
    """Make the supervisor's tick: look until everything answers, and say every ten seconds what is still missing."""
    started = store.now()
    _let_go(store)  # who has it open forks nobody
    speak_at = time.monotonic() + SPEAK_EVERY

    def tick() -> float | None:
        nonlocal speak_at
        absent = missing(operator, store, started)
        store.close()
        if not absent:
            announce()
            return None
        if time.monotonic() >= speak_at:
            speak_at += SPEAK_EVERY
            _say("pushboat", f"not ready yet, waiting for: {', '.join(absent)}")
        return LOOK_EVERY

    return tick


def _announcer(operator: Operator, unit: Systemd, ready_file: Path | None, ready_fd: int | None) -> Callable[[], None]:
    hooks = ", ".join(f"/webhooks/{name}" for name in operator.forges)
    line = f"Pushboat is ready: {operator.public_url} (webhooks at {hooks or '/webhooks/<forge>'})"

    def announce() -> None:
        output.data(line)
        unit.ready(line)
        if ready_file is not None:
            ready_file.write_text(line + "\n")
        if ready_fd is not None:
            os.write(ready_fd, f"{line}\n".encode())
            os.close(ready_fd)

    return announce


def _say(name: str, line: str) -> None:
    """Pass on what a process said, with its name before it; a terminal that went away is no reason to stop."""
    if name == "broker" and idle(line):
        return
    prefix = output.painted(f"{name:<10} |", COLOURS.get(name, "bright_black"), sys.stderr)
    try:
        print(f"{prefix} {output.plain(line)}", file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  # for the rest of our life


def _clean_up(operator: Operator, ready_file: Path | None) -> None:
    """Remove what only a running Pushboat needs; a process that had to be killed could not."""
    if ready_file:
        ready_file.unlink(missing_ok=True)
    for socket_file in broker_socket(operator.state).parent.glob("*.sock"):
        socket_file.unlink(missing_ok=True)
    leave_room(broker_socket(operator.state))
