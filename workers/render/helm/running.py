"""One run of Helm on a chart: a separate process with limits, no network, nobody's HOME, and no plugins.

Helm speaks to no cluster here: `template` does not, there is no kubeconfig, and no address can be reached.
"""

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pushboat.config.helm import Helm
from pushboat.errors import NotConfigured, RenderFailed
from workers.render import renderers
from workers.render.helm.archives import Files
from workers.render.helm.capabilities import Capabilities
from workers.render.helm.contents import write
from workers.render.helm.values import ValuesFile
from workers.render.renderers import HELM, INSTALL, Found
from workers.running.spawning import ENDING, NETWORK_NOT_CUT, Finished, Limits, Stopped, run

TIMEOUT = 60.0
LARGEST_OUTPUT = 50 << 20
LIMITS = Limits(cpu_seconds=30, file_size=64 << 20, open_files=256, data=1536 << 20)
"""A chart of 1,000 objects takes 0.3 s and 100 MB."""
MISSING = "needs helm, which is missing where Pushboat runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of Helm: a release's name and namespace, how it is rendered, and for which cluster.

    `tests` says whether its test hooks are wanted as well.
    """

    release: str
    namespace: str
    helm: Helm
    capabilities: Capabilities
    tests: bool = False


def find(shown: str) -> Found:
    """Find Helm.

    Raises:
        NotConfigured: it is not installed.
    """
    found = renderers.find(HELM, os.environ)
    if found is None:
        raise NotConfigured(
            f"{shown} {MISSING}: ask its operator to run `{INSTALL}`",
            renderers.missing(HELM, os.environ),
        )
    return found


def template(
    found: Found,
    files: Files,
    values: Sequence[ValuesFile],
    question: Question,
    shown: str,
    limits: Limits,
    given: bytes = b"",
) -> Finished:
    """Render a chart with the values files, later ones first, and the single values last.

    With `given`, which holds decrypted values and so comes in no file, these are all the values that there are.

    Raises:
        RenderFailed: it takes too long, or prints too much.
        NotConfigured: the network cannot be kept from Helm.
    """
    with tempfile.TemporaryDirectory(prefix="pushboat-helm-") as folder:
        home, chart = Path(folder, "home"), Path(folder, "chart")
        home.mkdir()
        write(files, chart)
        named = []
        for number, each in enumerate(
            () if given else values
        ):  # under names of ours: Helm takes commas and addresses in them apart
            named.append(Path(folder, f"values-{number}.yaml"))
            named[-1].write_bytes(each.raw)
        try:
            finished = run(
                [*found.argv, *_words(question, chart, named, more=bool(given or question.helm.settings))],
                environ=_environ(home),
                cwd=home,
                timeout=TIMEOUT,
                network=False,
                ending=ENDING,
                stdin=given or json.dumps(question.helm.nested(), ensure_ascii=False).encode(),
                max_output=LARGEST_OUTPUT,
                limits=limits,
            )
        except Stopped as error:
            raise RenderFailed(f"{shown}: {error}: make the chart smaller") from error
    if finished.code == NETWORK_NOT_CUT:
        raise NotConfigured(
            f"{shown}: the network cannot be cut off for helm where Pushboat runs, so it was not run: "
            "`pushboat doctor` tells its operator what to allow"
        )
    return finished


def _words(question: Question, chart: Path, values: Sequence[Path], *, more: bool) -> list[str]:
    capabilities = question.capabilities
    words = [question.release, str(chart), "--namespace", question.namespace, "--kube-version", capabilities.version]
    words += [word for api in capabilities.apis for word in ("--api-versions", api)]
    words += [word for path in values for word in ("--values", str(path))]
    words += ["--values", "-"] if more else []
    words += ["--include-crds"] if question.helm.include_crds else []
    return [*words, *([] if question.tests else ["--skip-tests"])]


def _environ(home: Path) -> dict[str, str]:
    """Give Helm an empty home, in which it finds neither plugins nor repositories, nor anybody's password."""
    here = str(home)
    folders = {
        f"HELM_{name}": f"{here}/{name.lower()}" for name in ("CACHE_HOME", "CONFIG_HOME", "DATA_HOME", "PLUGINS")
    }
    return {"HOME": here, "TMPDIR": here, "XDG_CONFIG_HOME": here, "PATH": here, "LC_ALL": "C", **folders}
