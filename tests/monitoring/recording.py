"""Recordings as Prometheus' own tests write them: what one scrape had for a while, and then what another one has."""

from collections.abc import Iterable, Mapping

import requests
from prometheus_client.parser import text_string_to_metric_families

Scrape = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]


def scrape(url: str) -> Scrape:
    """Read all figures, by name and labels."""
    answer = requests.get(f"{url}/metrics", headers={"Accept": "text/plain;version=0.0.4"}, timeout=60)
    assert answer.status_code == 200, answer.text
    families = text_string_to_metric_families(answer.text)
    samples = [sample for family in families for sample in family.samples if not sample.name.endswith("_created")]
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}


def recorded(before: Scrape, after: Scrape, minutes: int) -> str:
    """Write one for the first half of so many minutes, the other for the second; what came in between is 0 before."""
    half = minutes // 2
    return "\n".join(
        f"{_series(name, labels)} {before.get((name, labels), 0.0):f}x{half} {value:f}x{minutes - half}"
        for (name, labels), value in after.items()
    )


def _series(name: str, labels: Iterable[tuple[str, str]]) -> str:
    return name + "{" + ",".join(f'{label}="{_escaped(said)}"' for label, said in labels) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
