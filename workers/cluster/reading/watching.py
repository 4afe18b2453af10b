"""Follow one kind in one place: a LIST, then a WATCH from its version on, and a LIST anew every half minute.

What may go wrong with a watch is mended here: a broken connection goes on from the last version that came, one whose
history has passed (410) is listed anew, a busy or absent server is asked again later, and where watching is forbidden
or this process watches too much already, the place is listed again and again. Who looks at the objects sees no
difference, except that it takes longer.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from pushboat.logs import entrusted
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import GONE, Answered, translate
from workers.cluster.client.streams import Broken, Stream
from workers.cluster.objects import Object, ref_of
from workers.cluster.reading.listing import Place, list_whole

LISTS_EVERY = 30
"""Seconds after which a watch ends by itself and the place is listed anew: no event is lost for longer than that."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds before the API server is asked again after it did not answer."""
POLLS_EVERY = (0.5, 4.0)
"""Seconds between two LISTs where nothing can be watched: at first, and at last."""
MOST_WATCHES = 400
"""That one process holds open; each has a thread and a connection, and what is beyond reads its place now and then."""
_SEATS = threading.BoundedSemaphore(MOST_WATCHES)

logger = logging.getLogger(__name__)


class Watch:
    """The objects in one place as they are now. `changed` is called, by a thread of its own, when they are others.

    What an `earlier` one knew last and this one does not find has gone while nobody watched.
    """

    def __init__(
        self,
        cluster: Cluster,
        place: Place,
        selectors: Mapping[str, str],
        changed: Callable[[], None],
        earlier: "Watch | None" = None,
    ) -> None:
        self._cluster = cluster
        self._place = place
        self._selectors = {name: text for name, text in selectors.items() if text}
        self._changed = changed
        self._lock = threading.Lock()
        self._objects: dict[tuple[str, str], Object] = earlier.known() if earlier else {}
        self._gone: dict[tuple[str, str], Object] = {}
        self._version = ""
        self._trouble: ApplyRejected | ClusterRefused | ClusterUnavailable | None = None
        self._ended = threading.Event()
        self._stream: Stream | None = None
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._between_polls = POLLS_EVERY[0]
        self.ahead = 0.0
        """By how many seconds the API server's clock is ahead of ours, at least; at most a second more."""

    def read(self) -> None:
        """List the place now; who follows it already knows it."""
        if self._thread is None:
            self._list()

    def follow(self) -> None:
        """Keep it up to date from now on."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=entrusted(self._run), name=f"watch-{self._place[0].plural}", daemon=True
            )
            self._thread.start()

    def objects(self) -> list[Object]:
        """Give the objects as they are.

        Raises:
            ClusterUnavailable, ClusterRefused: why nobody knows.
        """
        with self._lock:
            if self._trouble is not None:
                raise self._trouble
            return list(self._objects.values())

    def known(self) -> dict[tuple[str, str], Object]:
        """Give the objects as they were when anybody knew, by namespace and name."""
        with self._lock:
            return dict(self._objects)

    def gone(self) -> list[Object]:
        """Give the objects that were deleted since, as they were at last."""
        with self._lock:
            return list(self._gone.values())

    def end(self) -> None:
        """Stop following; its thread goes by itself."""
        self._ended.set()
        with self._lock:
            if self._stream:
                self._stream.end()

    def _run(self) -> None:
        watched = _SEATS.acquire(blocking=False)
        try:
            while not self._ended.is_set():
                if watched and self._watch():
                    _SEATS.release()
                    watched = False
                elif not watched:
                    self._poll()
        finally:
            if watched:
                _SEATS.release()

    def _watch(self) -> bool:
        """Watch once, listing first where that is due; say whether to watch no more."""
        try:
            if not self._version:
                self._list()
            self._follow()
        except (ClusterRefused, ApplyRejected, ClusterUnavailable) as trouble:
            if isinstance(trouble, Answered) and trouble.code == GONE:
                self._version = ""
                self._rest()
            elif isinstance(trouble, ClusterUnavailable) or not self._version:
                self._be_away(trouble)
            else:
                logger.warning("%s cannot be watched, they are polled: %s", self._place[0].plural, trouble.summary)
                return True
        except Exception as bug:  # the thread's last door: who waits for this place must hear of it
            if self._ended.is_set():  # nobody does, and what it reads with may be closed
                return False
            logger.exception("watching %s met a bug", self._place[0].plural)
            self._be_away(ClusterUnavailable(f"what cluster {self._cluster.name} says is not understood: {bug!r}"))
        return False

    def _poll(self) -> None:
        try:
            self._list()
        except (ClusterRefused, ApplyRejected, ClusterUnavailable) as trouble:
            self._be_away(trouble)
        else:
            self._ended.wait(self._between_polls)
            self._between_polls = min(self._between_polls * 1.25, POLLS_EVERY[1])

    def _list(self) -> None:
        listed = list_whole(self._cluster, self._place, self._selectors)
        now = time.time()
        found = {_key(each): _slim(each) for each in listed.objects}
        with self._lock:
            self._place, self._version = listed.place, listed.version
            if listed.clock is not None:
                self.ahead = listed.clock - now
            same = self._trouble is None and _versions(found) == _versions(self._objects)
            self._gone |= {key: each for key, each in self._objects.items() if key not in found}
            self._objects, self._trouble = found, None
        if not same:
            self._changed()

    def _follow(self) -> None:
        """Take events until the server ends the watch, which is when the place is due to be listed anew."""
        kind, namespace = self._place
        if not self._version:  # nothing like that is served here (yet)
            self._ended.wait(POLLS_EVERY[1])
            return
        query = {
            **self._selectors,
            "watch": "true",
            "resourceVersion": self._version,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": str(LISTS_EVERY),
        }
        began = time.monotonic()
        with self._cluster.stream(kind.collection(namespace), query) as stream:
            with self._lock:
                self._stream, self._trouble = stream, None
            try:
                for line in () if self._ended.is_set() else stream.lines():
                    if line.strip():
                        self._take(json.loads(line))
                self._version = ""
            except Broken as broken:  # what came is kept, and the next watch goes on after it
                logger.info("watching %s goes on after: %s", kind.plural, broken.summary)
            finally:
                with self._lock:
                    self._stream = None
        if time.monotonic() - began < LISTS_EVERY - 1:
            self._rest()

    def _take(self, event: Mapping[str, Any]) -> None:
        what, found = str(event.get("type")), event.get("object") or {}
        if what == "ERROR":
            raise translate("GET", int(found.get("code") or 500), json.dumps(found).encode(), "", self._cluster.name)
        self._failures = 0
        with self._lock:
            self._version = found["metadata"]["resourceVersion"]
            if what == "BOOKMARK":
                return
            key = _key(found)
            if what == "DELETED":
                self._objects.pop(key, None)
                self._gone[key] = _slim(found)
            else:
                self._objects[key] = _slim(found)
        self._changed()

    def _be_away(self, trouble: ClusterRefused | ApplyRejected | ClusterUnavailable) -> None:
        with self._lock:
            self._trouble = trouble
            self._version = ""
        self._changed()
        self._rest(trouble.retry_after if isinstance(trouble, ClusterUnavailable) else None)

    def _rest(self, asked: float | None = None) -> None:
        """Leave the API server alone for a while, longer each time in a row, or as long as it asks for."""
        self._failures += 1
        self._ended.wait(
            min(asked, LISTS_EVERY) if asked else min(FIRST_PAUSE * 2 ** min(self._failures - 1, 9), LONGEST_PAUSE)
        )


def _key(live: Mapping[str, Any]) -> tuple[str, str]:
    ref = ref_of(live)
    return ref.namespace, ref.name


def _slim(live: Object) -> Object:
    """Leave out who owns which field: half of an object's size, and none of its health."""
    live["metadata"].pop("managedFields", None)
    return live


def _versions(objects: Mapping[tuple[str, str], Object]) -> dict[tuple[str, str], str]:
    return {key: each["metadata"].get("resourceVersion", "") for key, each in objects.items()}
