"""One process stands by and starts what we ask for; what it started outlives neither its end, its line nor us."""

import errno
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pushboat.errors import MachineUnavailable
from tests.serving import alive, own_children
from tests.until import until
from workers.running import spawning
from workers.running.conversing import Conversation
from workers.running.spawning import Finished, Limits, TimedOut, Words, exit_code, run

ENVIRON = {"PATH": os.environ.get("PATH", os.defpath)}
KILLED = 128 + signal.SIGKILL
NOBODY = 65534
PYTHON_FOR_ALL = "/usr/bin/python3"
"""The limit of processes does not bind root."""
FULL_AT_A_SIGNAL = """
import resource as r, signal as s
def most(number): r.setrlimit(r.RLIMIT_NPROC, (number, r.getrlimit(r.RLIMIT_NPROC)[1]))
usual = r.getrlimit(r.RLIMIT_NPROC)[0]
s.signal(s.SIGUSR1, lambda *_: most(0))
s.signal(s.SIGUSR2, lambda *_: most(usual))
"""


def launchers() -> list[int]:
    """List the launchers of this process."""
    return [pid for pid, line in own_children(os.getpid()).items() if "launcher.py" in line]


def sleeping(folder: Path, *more: str) -> tuple[threading.Thread, list[Finished | MachineUnavailable], int]:
    """Have a program run in a thread of its own, and wait until it does; give its number, too."""
    ended: list[Finished | MachineUnavailable] = []

    def sleep() -> None:
        try:
            ended.append(run(["sh", "-c", script], environ=ENVIRON, timeout=500))
        except MachineUnavailable as killed:
            ended.append(killed)

    script = f"echo $$ > {folder}/new; mv {folder}/new {folder}/pid; {' '.join(more)} exec sleep 600"
    thread = threading.Thread(target=sleep)
    thread.start()
    return thread, ended, int(until(lambda: (folder / "pid").exists() and (folder / "pid").read_text()))


def codes_at_once(script: str) -> list[int]:
    """Have forty programs run at once, each told its number, and give their codes."""
    codes: list[int] = []

    def act(number: int) -> None:
        codes.append(run(["sh", "-c", script, str(number)], environ=ENVIRON, timeout=300).code)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_programs_that_run_at_the_same_time_have_one_launcher(tmp_path: Path) -> None:
    """Starting a program costs a fork, and no Python of its own."""
    run(["true"], environ=ENVIRON, timeout=60)
    thread, _, pid = sleeping(tmp_path)
    run(["true"], environ=ENVIRON, timeout=60)
    assert len(launchers()) == 1
    os.kill(pid, signal.SIGTERM)
    thread.join()


def test_a_program_has_all_its_files_however_many_others_run() -> None:
    """The lines of those that run belong to the launcher, and count for nobody else."""
    others = [Conversation(["cat"], environ=ENVIRON, cwd=Path("/")) for _ in range(20)]
    done = run(["echo", "here"], environ=ENVIRON, timeout=60, limits=Limits(open_files=16))
    assert (done.code, done.stdout, done.errors) == (0, b"here\n", "")
    for other in others:
        other.end()


def test_a_killed_launcher_ends_what_it_started_and_is_replaced(tmp_path: Path) -> None:
    """Somebody kills it: who waits is told that its program was killed, which is nobody's fault; the next one runs."""
    thread, ended, pid = sleeping(tmp_path)
    os.kill(launchers()[0], signal.SIGKILL)
    thread.join()
    assert [type(done) for done in ended] == [MachineUnavailable]
    until(lambda: not alive(pid), what="the program to go")
    assert run(["echo", "again"], environ=ENVIRON, timeout=60).stdout == b"again\n"
    assert len(launchers()) == 1


def test_what_a_program_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    """It ends and leaves a child that holds its output open: nobody waits for that one, and it goes."""
    script = f"sleep 600 & echo $! > {tmp_path}/left; echo done; exit 3"
    done = run(["sh", "-c", script], environ=ENVIRON, timeout=300)
    assert (done.code, done.stdout) == (3, b"done\n")
    until(lambda: not alive(int((tmp_path / "left").read_text())), what="what it left to go")


def test_who_was_stopped_is_gone_when_we_say_so(tmp_path: Path) -> None:
    """A program that ignores requests to end is gone when its deadline is told of, so that its folder may go, too."""
    script = f"trap '' TERM INT HUP; echo $$ > {tmp_path}/pid; while true; do sleep 0.1; done"
    with pytest.raises(TimedOut):
        run(["sh", "-c", script], environ=ENVIRON, timeout=2)
    assert not alive(int((tmp_path / "pid").read_text()))


def test_one_program_has_no_file_of_another(tmp_path: Path) -> None:
    """While another one runs, a program finds its three files open and nothing else."""
    thread, _, pid = sleeping(tmp_path)
    done = run(["sh", "-c", "ls /proc/$$/fd"], environ=ENVIRON, timeout=60)
    assert set(done.stdout.decode().split()) <= {"0", "1", "2", "255"}
    os.kill(pid, signal.SIGTERM)
    thread.join()


def test_a_folder_that_is_not_there_is_our_own_mistake(tmp_path: Path) -> None:
    """Nothing is started elsewhere instead."""
    with pytest.raises(FileNotFoundError):
        run(["touch", "here"], environ=ENVIRON, timeout=60, cwd=tmp_path / "none")
    assert not Path("here").exists()
    run(["touch", "here"], environ=ENVIRON, timeout=60, cwd=tmp_path)
    assert (tmp_path / "here").exists()


def test_words_of_any_length_and_kind_arrive(tmp_path: Path) -> None:
    """Names that are no text, and more words than a socket takes at once, come as they were given."""
    odd = os.fsdecode(b"\xff\n\xfe \"'")
    many = [str(number) * 50 for number in range(2_000)]
    done = run(["printf", "%s\\0", odd, *many], environ={**ENVIRON, "LC_ALL": "C"}, timeout=60)
    assert done.stdout.split(b"\0")[:-1] == [os.fsencode(odd), *(each.encode() for each in many)]


def test_many_at_once_all_end(tmp_path: Path) -> None:
    """Programs that end at the same moment are all told of."""
    assert sorted(codes_at_once("exit $0")) == list(range(40))


def test_a_launcher_with_few_files_lets_them_wait() -> None:
    """More programs than it may have lines: they run one after the other, and none of those under way is lost."""
    run(["true"], environ=ENVIRON, timeout=60)
    (launcher,) = launchers()
    usual = resource.prlimit(launcher, resource.RLIMIT_NOFILE)
    resource.prlimit(launcher, resource.RLIMIT_NOFILE, (20, usual[1]))
    assert sorted(codes_at_once("sleep 0.1; exit $0")) == list(range(40))
    assert launchers() == [launcher]
    resource.prlimit(launcher, resource.RLIMIT_NOFILE, usual)


def test_where_no_process_can_be_started_that_is_said_and_the_others_go_on() -> None:
    """A machine that is full refuses one program; what runs there runs on, and once there is room the next one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    program = FULL_AT_A_SIGNAL + Path(spawning.__file__).with_name("launcher.py").read_text()
    python, user = (PYTHON_FOR_ALL, NOBODY) if os.geteuid() == 0 else (sys.executable, None)
    with theirs:
        process = subprocess.Popen([python, "-I", "-S", "-c", program], stdin=theirs, env={}, cwd="/", user=user)
    with ours, ask(ours, "exec sleep 600") as first:
        assert answer(ask(ours, "exit 3")) == b"3\n"
        process.send_signal(signal.SIGUSR1)
        refused = answer(ask(ours, "exit 3"))
        assert refused == b"-%d\n" % errno.EAGAIN
        with pytest.raises(BlockingIOError, match="no program can be started on this machine"):
            exit_code(refused)
        process.send_signal(signal.SIGUSR2)
        assert answer(ask(ours, "exit 3")) == b"3\n"
        first.shutdown(socket.SHUT_WR)
        assert first.recv(16) == b"%d\n" % KILLED
    process.wait()


def answer(line: socket.socket) -> bytes:
    """Hear how a program ended."""
    with line:
        return line.recv(16)


def ask(requests: socket.socket, script: str) -> socket.socket:
    """Have a launcher start a shell, and give our end of its line."""
    line, its = socket.socketpair()
    null, folder = os.open(os.devnull, os.O_RDWR), os.open("/", os.O_PATH | os.O_DIRECTORY)
    socket.send_fds(requests, [b"!"], [null, null, null, folder, its.fileno()])
    line.sendall(Words(argv=["sh", "-c", script], environ=ENVIRON).line())
    its.close()
    os.close(null)
    os.close(folder)
    return line


def test_a_fork_of_ours_starts_programs_by_a_launcher_of_its_own() -> None:
    """`serve` has asked kubectl for its version before it forks its processes, which close its files and go on."""
    script = """
import os, sys
from workers.running.spawning import run
environ = {"PATH": os.environ["PATH"]}
assert run(["true"], environ=environ, timeout=30).code == 0
child = os.fork()
if not child:
    os.closerange(3, 64)
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(8)]
    os._exit(run(["sh", "-c", "exit 7"], environ=environ, timeout=30).code)
_, ended = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(ended) == 7, ended
assert run(["true"], environ=environ, timeout=30).code == 0, "ours is as it was"
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=90)
    assert (done.returncode, done.stderr) == (0, "")
