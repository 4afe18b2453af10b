"""Start programs behind limits for one process and end them with it: run as `python -I -S launcher.py`, never imported.

The worker has many threads, and between fork and exec a child of threads may only do what is safe in a signal handler,
so Python's `preexec_fn` is out. This small process has one thread. It stands by as long as the worker lives, and forks
for each program that it is asked for: the child sets the limits and becomes the program. Measured on
a busy machine: `git --version` takes 3 ms of CPU by itself, 12 so, and 33 with a Python of its own for each program.

A request is one byte on file 0 with five open files: the program's stdin, stdout and stderr, its folder, and a line of
its own. On that line its words come, and the code with which it ended goes back, or below zero the error for which it
was never started. Who shuts the sending half of it has the program killed. Whatever way a program ends, the rest of its
process group ends with it; and when the worker dies, even by kill -9, the kernel shuts all lines, and every group goes.
"""

import ctypes
import gc
import json
import os
import resource
import select
import signal
import socket
import struct
import warnings  # noqa: F401 (os.execvpe imports it, and behind a program's limits no file may be left to open)
from contextlib import suppress

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_NEW_USER_AND_NETWORK = 0x10000000 | 0x40000000
_SOCKET_CALL = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Per machine: the audit architecture and the number of socket(2)."""
_REQUESTS = 0
_FILES = struct.Struct("5i")
_MANY = 4096
"""Bytes: more signals than a look at the children needs."""
_ABOUT = 0.7
"""The kernel counts processor time for its limit by ticks, and more exactly for us: by so much they may differ."""
_SPARE = 16
"""Files beside the lines of those that run: ours, and those that come with a request. Who comes when there are no more
waits until somebody has ended, for a request whose files get lost would never be answered."""


def main() -> None:
    """Stand by until the worker is gone."""
    gc.freeze()  # nothing here is garbage, and a child need not copy what nobody looks at
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a line for each; what is started has its own limit
    woken, waking = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(waking)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, int] = {}
    signal.signal(signal.SIGTERM, lambda *_: _end(running))
    poll = select.poll()
    poll.register(_REQUESTS, select.POLLIN)
    poll.register(woken, select.POLLIN)
    with socket.socket(fileno=_REQUESTS) as requests:
        while True:
            ready = dict(poll.poll())
            if ready.get(_REQUESTS, 0) & select.POLLHUP:
                _end(running)
            for line in ready.keys() & running.keys():
                poll.unregister(line)
                _kill(running[line])
            if woken in ready:
                os.read(woken, _MANY)
                _bury(running, poll)
            if _REQUESTS in ready:
                _start(requests, running, poll)
            has_room = len(running) + _SPARE < resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            poll.modify(_REQUESTS, select.POLLIN if has_room else 0)


def _start(requests: socket.socket, running: dict[int, int], poll: select.poll) -> None:
    """Fork the next program, and listen for who wants it killed; without a worker, end."""
    asked, told, _, _ = requests.recvmsg(1, socket.CMSG_SPACE(_FILES.size), socket.MSG_CMSG_CLOEXEC)
    if not asked:
        _end(running)
    *theirs, line = _FILES.unpack(told[0][2])
    launcher = os.getpid()
    try:
        child = os.fork()
    except OSError as trouble:  # the machine is full: those that run must not end for it
        _refuse(line, theirs, trouble)
        return
    if child == 0:
        try:
            _become(line, theirs, launcher)
        finally:
            os._exit(1)
    with suppress(OSError):  # the child does the same, and may be a program already
        os.setpgid(child, child)
    for file in theirs:
        os.close(file)
    running[line] = child
    poll.register(line, select.POLLRDHUP)


def _refuse(line: int, theirs: list[int], trouble: OSError) -> None:
    """Say why no program was started, where its code would come."""
    with suppress(OSError):
        os.write(line, b"-%d\n" % (trouble.errno or 1))
    for file in (*theirs, line):
        os.close(file)


def _bury(running: dict[int, int], poll: select.poll) -> None:
    """Reap whoever has ended, with the rest of its group, and say how."""
    for line, child in list(running.items()):
        # First look, then kill its group, then reap: as long as it is not reaped, nobody else can have its number.
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            continue
        _kill(child)
        allowed = resource.prlimit(child, resource.RLIMIT_CPU)[0]
        _, status, used = os.wait4(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGKILL and 0 <= allowed * _ABOUT <= used.ru_utime + used.ru_stime:
            code = -signal.SIGXCPU  # the kernel, at the limit that we set, and nobody from outside
        with suppress(OSError):  # nobody may be there to hear it
            os.write(line, b"%d\n" % (code if code >= 0 else 128 - code))  # as shells say it
        with suppress(KeyError):  # it may have been killed by wish
            poll.unregister(line)
        del running[line]
        os.close(line)


def _kill(child: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _end(running: dict[int, int]) -> None:
    for child in running.values():
        _kill(child)
    os._exit(0)


def _become(line: int, files: list[int], launcher: int) -> None:
    """Turn this process into the program; 126 when the network cannot be cut, 127 when there is no such program."""
    os.setpgid(0, 0)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # for the case that somebody kills the launcher
    if os.getppid() != launcher:  # it died before the line above
        return
    signal.set_wakeup_fd(-1)
    for ours in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ours, signal.SIG_DFL)  # Python ignores the last two, programs would too
    with open(line, closefd=False, encoding="ascii") as words:
        request = json.loads(words.readline())
    *streams, folder = files
    os.fchdir(folder)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    for kind, limit in zip(
        (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_DATA),
        request["limits"],
        strict=True,
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not request["network"] and not _cut_network():
        _give_up(126, "the network cannot be cut on this machine")
    command, environ = request["argv"], request["environ"]
    try:
        os.execvpe(command[0], command, environ)  # noqa: S606 (no shell is the point)
    except OSError as error:
        _give_up(127, f"{command[0]}: {error.strerror}")


def _cut_network() -> bool:
    return _refuse_sockets() or _LIBC.unshare(_NEW_USER_AND_NETWORK) == 0


def _refuse_sockets() -> bool:
    """Make socket(2) fail for IPv4 and IPv6, by a seccomp filter: needs no privilege, works in containers too."""
    if os.uname().machine not in _SOCKET_CALL:
        return False
    architecture, socket_call = _SOCKET_CALL[os.uname().machine]
    load, equal, answer = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
    program = [
        (load, 0, 0, 4),  # seccomp_data.arch
        (equal, 0, 5, architecture),
        (load, 0, 0, 0),  # seccomp_data.nr
        (equal, 0, 3, socket_call),
        (load, 0, 0, 16),  # the low half of the first argument: the address family
        (equal, 2, 0, 2),  # AF_INET
        (equal, 1, 0, 10),  # AF_INET6
        (answer, 0, 0, 0x7FFF0000),  # SECCOMP_RET_ALLOW
        (answer, 0, 0, 0x00050000 | 1),  # SECCOMP_RET_ERRNO, EPERM
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code)))
    _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(_LIBC.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _give_up(code: int, sentence: str) -> None:
    os.write(2, f"{sentence}\n".encode())
    os._exit(code)


if __name__ == "__main__":
    main()
