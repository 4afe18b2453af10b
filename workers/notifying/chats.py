"""apprise, by which chats and mail are reached; loaded by name where the operator's file has such a receiver.

It says yes or no and writes the rest into a log of its own, with addresses in it that are secrets. Of that log nothing
but the answer's number leaves here.
"""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, NotifyType, OverflowMode, PersistentStoreMode

from pushboat.config.notifying import Receiver
from pushboat.model.notice import News
from workers.notifying.answers import ReceiverRefused, ReceiverUnavailable, refused
from workers.notifying.wording import Words, in_html, in_markdown

_TYPES = {News.FAILED: NotifyType.FAILURE, News.DRIFTED: NotifyType.WARNING, News.WAITING: NotifyType.WARNING}
_TEXTS = {
    NotifyFormat.TEXT: lambda words: words.text,
    NotifyFormat.MARKDOWN: in_markdown,
    NotifyFormat.HTML: in_html,
}
_ROOM = 50
"""Characters that a plugin may add of its own."""
_NUMBER = re.compile(r"\berror=([1-5][0-9]{2})\b")
_log, _addresses = logging.getLogger("apprise"), logging.getLogger("urllib3.connectionpool")


class _Numbers(logging.Handler):
    """Keeps the numbers of the answers that one thread gets."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._thread = threading.get_ident()
        self.found: list[int] = []

    def emit(self, record: logging.LogRecord) -> None:
        if threading.get_ident() == self._thread:
            self.found += [int(number) for number in _NUMBER.findall(record.getMessage())]


def tell(receiver: Receiver, words: Words, news: News, public_url: str) -> None:
    """Send a message, once and to one place.

    Raises:
        ReceiverUnavailable, ReceiverRefused: it did not get there, as far as apprise can tell.
    """
    with _numbers() as numbers:
        try:
            plugin = _plugin(receiver, public_url)
            kind = _TYPES.get(news, NotifyType.INFO if news is News.TEST else NotifyType.SUCCESS)
            form = next((each for each in _TEXTS if plugin.notify_format == each), NotifyFormat.TEXT)
            text = _TEXTS[form](words)
            if len(words.title) + len(text) + _ROOM > plugin.body_maxlen:  # it would be cut, with the link at its end
                text = _TEXTS[form](replace(words, text=words.brief))
            # By itself, and not as one of many: those are told in threads of apprise's own.
            told = plugin.notify(title=words.title, body=text, notify_type=kind, body_format=form)
        except ReceiverRefused:
            raise
        except Exception as bug:  # noqa: BLE001 - a plugin's own; what it says may be the address
            raise ReceiverUnavailable(f"{receiver.name}: apprise met a {type(bug).__name__} of its own") from None
    if told:
        return
    if numbers.found:
        raise refused(receiver.name, numbers.found[-1])
    raise ReceiverUnavailable(f"{receiver.name} does not answer, or did not take it; apprise says no more")


def _plugin(receiver: Receiver, public_url: str) -> NotifyBase:
    asset = AppriseAsset(
        app_id="Pushboat",
        app_desc="Pushboat",
        app_url=public_url,
        async_mode=False,
        storage_mode=PersistentStoreMode.MEMORY,
        plugin_paths=[],
        image_url_mask="",  # no picture from a stranger's server
        image_url_logo="",
    )
    plugin = Apprise.instantiate(receiver.url, asset=asset, suppress_exceptions=True)
    if not isinstance(plugin, NotifyBase):
        raise ReceiverRefused(f"{receiver.name}: apprise knows no such address; the operator must correct its URL")
    # Whatever the address says: the outbox tries again, a no is a no, and nobody is followed.
    plugin.retry, plugin.optional, plugin.redirects = 0, False, False
    if len(plugin) != 1:
        sentence = f"{receiver.name} names {len(plugin)} places: the operator must give each a receiver of its own"
        raise ReceiverRefused(sentence)  # where one of two fails, the other would hear it twice
    plugin.overflow_mode = OverflowMode.TRUNCATE  # in several messages, one may fail
    return plugin


@contextmanager
def _numbers() -> Iterator[_Numbers]:
    _log.propagate = False  # addresses stand in it, and in what urllib3 says to who debugs
    numbers, mine = _Numbers(), threading.get_ident()

    def is_elsewhere(record: logging.LogRecord) -> bool:
        return record.thread != mine

    _log.addHandler(numbers)
    _addresses.addFilter(is_elsewhere)
    try:
        yield numbers
    finally:
        _addresses.removeFilter(is_elsewhere)
        _log.removeHandler(numbers)
