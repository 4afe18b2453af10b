"""Whose certificates are taken: what kubectl takes, we take, on each version of Python.

From 3.13 on Python refuses by itself what does not name its issuer's key, as certificates of many clusters do, the API
server's own ones among them (https://docs.python.org/3.13/whatsnew/3.13.html#ssl). Whose they are is looked at all the
same: who signed them, until when, and for which name.
"""

import ssl

from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context, resolve_cert_reqs


def as_kubectl(context: ssl.SSLContext) -> ssl.SSLContext:
    """Let a context take certificates that do not name their issuer's key."""
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


class _Connection(HTTPSConnection):
    def connect(self) -> None:
        if self.ssl_context is None:  # one for each: urllib3 loads our certificate into it
            self.ssl_context = as_kubectl(create_urllib3_context(cert_reqs=resolve_cert_reqs(self.cert_reqs)))
            if not (self.ca_certs or self.ca_cert_data):
                self.ssl_context.load_default_certs()
        super().connect()


class AsKubectl(HTTPSConnectionPool):
    """Connections that take what kubectl takes."""

    ConnectionCls = _Connection
