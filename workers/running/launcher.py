"""Start one command behind limits and end it with its parent: run as `python -I -S launcher.py …`, never imported.

The worker has many threads, and between fork and exec a child of threads may only do what is safe in a signal handler,
so Python's `preexec_fn` is out. This small process has one thread: it sets the limits, starts the command and waits
for it. When the worker dies, even by kill -9, the kernel tells us, and the command's whole process group goes with us.
Measured: 13 ms of CPU more than starting the command directly, nearly all of them Python's own start. Every git command
pays that, so nothing is imported here that can be spared: `signal` alone would bring enumerations, and 9 ms; `ctypes`
4 ms, so it is left to those few that must not reach the network.
"""

import _ctypes  # what `ctypes` wraps
import _signal as signal  # type: ignore[import-not-found]  # what `signal` wraps; typeshed does not know it
import os
import resource
import sys

TYPE_CHECKING = False  # as typing's, without typing
if TYPE_CHECKING:
    import ctypes

_PRCTL = _ctypes.dlsym(_ctypes.dlopen(None, 0), "prctl")  # type: ignore[arg-type]  # None is this process itself
_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_NEW_USER_AND_NETWORK = 0x10000000 | 0x40000000
_SOCKET_CALL = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Per machine: the audit architecture and the number of socket(2)."""


def main() -> None:
    """Read `PARENT NETWORK CPU FILE_SIZE OPEN_FILES DATA COMMAND…`, run the command and exit as it does."""
    parent, network, *limits = (int(word) for word in sys.argv[1:7])
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    signal.signal(signal.SIGTERM, _end_group)
    _die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:  # it died before the line above
        _end_group()
    child = os.fork()
    if child == 0:
        _become(sys.argv[7:], limits, network=bool(network))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os._exit(code if code >= 0 else 128 - code)  # as shells say it


def _end_group(_signal: int = 0, _frame: object = None) -> None:
    os.killpg(0, signal.SIGKILL)


def _become(command: list[str], limits: list[int], *, network: bool) -> None:
    """Turn this process into the command; 126 when the network cannot be cut, 127 when there is no such command."""
    _die_with_parent(signal.SIGKILL)  # for the case that somebody kills us but not our group
    for ours in (signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores the last two, children would too
        signal.signal(ours, signal.SIG_DFL)
    for kind, limit in zip(
        (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_DATA), limits, strict=True
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not network and not _cut_network():
        _give_up(126, "the network cannot be cut on this machine")
    try:
        os.execvp(command[0], command)  # noqa: S606 (no shell is the point)
    except OSError as error:
        _give_up(127, f"{command[0]}: {error.strerror}")


def _die_with_parent(number: int) -> None:
    _ctypes.call_function(_PRCTL, (_PR_SET_PDEATHSIG, number))


def _cut_network() -> bool:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    return _refuse_sockets(libc) or libc.unshare(_NEW_USER_AND_NETWORK) == 0


def _refuse_sockets(libc: "ctypes.CDLL") -> bool:
    """Make socket(2) fail for IPv4 and IPv6, by a seccomp filter: needs no privilege, works in containers too."""
    import ctypes
    import struct

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
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _give_up(code: int, sentence: str) -> None:
    os.write(2, f"{sentence}\n".encode())
    os._exit(code)


if __name__ == "__main__":
    main()
