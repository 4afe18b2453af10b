"""A Prometheus that knows a few numbers and answers instant queries in the forms of the real one's API."""

import json
import time
from typing import Any
from urllib.parse import parse_qs

from flask import request

from tests.fakes.door import Door
from tests.fakes.routes import Routes


class FakePrometheus(Door):
    """`series` are the values of each query, one per sample; a query without any has no data."""

    def __init__(self) -> None:
        self.series: dict[str, list[float]] = {}
        self.scalars: dict[str, float] = {}
        self.broken: set[str] = set()
        self._gone = 1 << 30
        self._later: tuple[int, str, float] | None = None
        app = Routes("prometheus")
        app.add_url_rule("/api/v1/query", view_func=self._query)
        super().__init__(app.wsgi_app)

    @property
    def queries(self) -> list[str]:
        """List what was asked for, in order."""
        return [query for each in self.requests for query in parse_qs(each.path.partition("?")[2])["query"]]

    def later(self, asked: int, query: str, value: float) -> None:
        """Give a query another value once this many more questions were answered."""
        self._later = (len(self.requests) + asked, query, value)

    def gone_after(self, asked: int) -> None:
        """Be away for good once this many more questions were answered."""
        self._gone = len(self.requests) + asked

    def _query(self) -> Any:
        query, now = request.args["query"], time.time()
        if len(self.requests) >= self._gone:
            return {"status": "error"}, 503
        if self._later and len(self.requests) >= self._later[0]:
            self.series[self._later[1]] = [self._later[2]]
        if query in self.broken:
            error = f'1:5: parse error: unexpected "{query}"'
            return {"status": "error", "errorType": "bad_data", "error": error}, 400
        if query in self.scalars:
            data: Any = {"resultType": "scalar", "result": [now, _written(self.scalars[query])]}
        else:
            values = self.series.get(query, [])
            result = [{"metric": {"n": str(n)}, "value": [now, _written(v)]} for n, v in enumerate(values)]
            data = {"resultType": "vector", "result": result}
        return json.dumps({"status": "success", "data": data}), 200, {"Content-Type": "application/json"}


def _written(value: float) -> str:
    """Write a number as Go does."""
    return {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}.get(str(value), f"{value:g}")
