"""The bell wakes the dispatcher and never holds up the one who rings."""

import threading
from pathlib import Path

from pushboat.queue.bell import Bell, ring
from pushboat.queue.sockets import leave_room, socket_path


def test_a_ring_wakes_the_dispatcher(tmp_path: Path) -> None:
    """A delivery is accepted, and the dispatcher looks at once; ten rings are one look."""
    with Bell(tmp_path) as bell:
        assert not bell.wait(0)
        ringing = threading.Thread(target=lambda: [ring(tmp_path) for _ in range(10)])
        ringing.start()
        assert bell.wait(60)
        ringing.join()
        bell.wait(0)
        assert not bell.wait(0)
    assert list(tmp_path.iterdir()) == []


def test_ringing_never_waits_and_never_fails(tmp_path: Path) -> None:
    """No dispatcher runs, or it is busy for long: whoever rings does not notice."""
    ring(tmp_path)
    ring(tmp_path / "nowhere")
    with Bell(tmp_path) as bell:
        for _ in range(5000):
            ring(tmp_path)
        assert bell.wait(0)
        assert not bell.wait(0)


def test_a_dead_dispatchers_bell_is_replaced(tmp_path: Path) -> None:
    """A dispatcher was killed, the next one hangs its own bell up; a late end of the first takes nothing away."""
    with Bell(tmp_path) as second:
        with Bell(tmp_path) as third:
            ring(tmp_path)
            assert third.wait(60)
            assert not second.wait(0)
            path = socket_path(tmp_path, "dispatcher.sock")
        assert not path.exists()
    first = Bell(tmp_path)
    with first:
        replacement = Bell(tmp_path)
        replacement.__enter__()
    ring(tmp_path)
    assert replacement.wait(60)
    replacement.__exit__(None, None, None)


def test_a_deep_state_folder_has_a_bell_too(tmp_path: Path) -> None:
    """My state folder has a very long path: the dispatcher still wakes up and leaves nothing in the temp folder."""
    deep = tmp_path / ("deep" * 30)
    folder = socket_path(deep, "dispatcher.sock").parent
    assert folder.parent != deep.parent
    with Bell(deep) as bell:
        ring(deep)
        assert bell.wait(60)
        assert folder.is_dir()
    assert not folder.exists()


def test_a_shared_socket_folder_stays_while_another_socket_is_in_it(tmp_path: Path) -> None:
    """The dispatcher ends before the broker, whose socket stands beside its own."""
    deep = tmp_path / ("deep" * 30)
    broker = socket_path(deep, "broker.sock")
    with Bell(deep):
        broker.touch()
    assert broker.exists()
    broker.unlink()
    leave_room(broker)
    assert not broker.parent.exists()
