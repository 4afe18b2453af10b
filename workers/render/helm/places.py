"""Where in the repository a template stands that Helm names by its own path: shop/charts/redis/templates/a.yaml."""

from collections.abc import Mapping

from workers.render.helm.assembling import Part
from workers.render.helm.contents import beside

MOST_CHARTS = 500
"""Each under every name it has by aliases; of more than that, the rest is named as Helm does."""


def charts_in(chart: Part) -> Mapping[str, Part]:
    """List a chart and those in it, by the paths that Helm gives them."""
    found: dict[str, Part] = {}
    waiting = [(chart.name, chart)]
    while waiting and len(found) < MOST_CHARTS:
        path, part = waiting.pop()
        found[path] = part
        needs = part.needs
        for inner in part.within:
            names = {inner.name, *(need.alias for need in needs if need.name == inner.name and need.alias)}
            waiting += [(f"{path}/charts/{name}", inner) for name in sorted(names)]
    return found


def in_repository(path: str, charts: Mapping[str, Part]) -> str:
    """Give a path of Helm's as it is in the repository; what nobody knows stays as it is."""
    parts = path.split("/")
    for count in range(len(parts), 0, -1):
        if chart := charts.get("/".join(parts[:count])):
            return beside(chart.shown, "/".join(parts[count:])) if parts[count:] else chart.shown or "."
    return path
