"""Every address that there is, and who gets which answer there. A new one stands in no row: add it, and say who may."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.dashboard.signing_in import SHOP

SHA = "0000001" + "c" * 33
PLACE = f"place={SHOP}/staging"
ASK = {"word": "deploy", "repository": SHOP, "environment": "staging"}
QUESTION = {"word": "drift", "repository": SHOP, "environment": "staging"}

Codes = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Row:
    """An address as it is asked for: a method, a path, what is sent; and the code that each visitor gets.

    Who is not in `codes` finds it shut. At an `open` one nobody is asked who they are.
    """

    method: str = "GET"
    path: str
    codes: Codes
    json: Mapping[str, object] | None = None
    form: Mapping[str, str] | None = None
    open: int = 0


PROGRAMS = ("viewer", "deployer", "other", "elsewhere", "job", "stranger", "hook")
"""Tokens for the shop (for viewers, for deployers), for deployers of another repository, of another environment; jobs
of the shop and of another repository; the signature of another forge's hook."""
PEOPLE = ("ada", "eve", "bob", "cyd")
"""Who may write to the shop, administer it, read another repository alone, and read nothing."""

ALL_PROGRAMS: Codes = dict.fromkeys(PROGRAMS, 200)
ALL_PEOPLE: Codes = dict.fromkeys(PEOPLE, 200)
OURS: Codes = {"viewer": 200, "deployer": 200, "other": 404, "elsewhere": 404, "job": 200, "stranger": 404, "hook": 404}
THEIRS: Codes = {"ada": 200, "eve": 200, "bob": 404, "cyd": 404}


def lists(path: str, **others: int) -> Row:
    """Give a list of the API: everybody who is let in has one, each of what is theirs."""
    return Row(path=f"/api/v1/{path}", codes={**ALL_PROGRAMS, **ALL_PEOPLE, **others})


def single(path: str) -> Row:
    """Give something of the shop's in the API: to who does not reach it, it is not there."""
    return Row(path=f"/api/v1/{path}", codes={**OURS, **THEIRS})


def page(path: str, codes: Codes = THEIRS) -> Row:
    """Give a page about the shop, or one with lists."""
    return Row(path=path, codes=codes)


NUMBER = "<int(max=4611686018427387904):number>"

SHOWN: Mapping[str, Row] = {
    "GET /static/<path:filename>": Row(path="/static/pushboat.css", codes={}, open=200),
    "GET /healthz": Row(path="/healthz", codes={}, open=200),
    "GET /readyz": Row(path="/readyz", codes={}, open=200),
    "GET /api/v1/": lists(""),
    "GET /api/v1/openapi.json": lists("openapi.json"),
    "GET /metrics": Row(path="/metrics", codes={name: 200 for name in PROGRAMS if name != "hook"}),
    "GET /api/v1/token": Row(path="/api/v1/token", codes={name: 200 for name in PROGRAMS if name != "hook"}),
    "GET /api/v1/diff": single(f"diff?repository={SHOP}&environment=staging&from=1&to=1"),
    "GET /api/v1/environments": lists("environments"),
    "GET /api/v1/deployments": lists("deployments"),
    "GET /api/v1/deliveries": lists("deliveries", elsewhere=403),
    "GET /api/v1/audit": lists("audit", hook=403),
    f"GET /api/v1/deployments/{NUMBER}": single("deployments/1"),
    f"GET /api/v1/deployments/{NUMBER}/whole": single("deployments/1/whole"),
    f"GET /api/v1/deployments/{NUMBER}/changes": single("deployments/1/changes"),
    f"GET /api/v1/deployments/{NUMBER}/progress": single("deployments/1/progress"),
    f"GET /api/v1/deployments/{NUMBER}/events": single("deployments/1/events"),
    f"GET /api/v1/deployments/{NUMBER}/record": single("deployments/6/record"),
    f"GET /api/v1/deliveries/{NUMBER}": single("deliveries/1"),
    f"GET /api/v1/questions/{NUMBER}": Row(
        path="/api/v1/questions/1",
        codes={"viewer": 200, "deployer": 404, "other": 404, "elsewhere": 404, "job": 403, "stranger": 403},
    ),
    f"POST /api/v1/deliveries/{NUMBER}/replay": Row(
        method="POST",
        path="/api/v1/deliveries/1/replay",
        codes={"viewer": 403, "deployer": 202, "other": 404, "elsewhere": 404, "job": 403, "stranger": 404},
    ),
    "POST /api/v1/asks": Row(
        method="POST",
        path="/api/v1/asks",
        json=ASK,
        codes={"viewer": 403, "deployer": 202, "other": 404, "elsewhere": 404, "job": 403, "stranger": 404},
    ),
    "POST /api/v1/plans": Row(
        method="POST",
        path="/api/v1/plans",
        json={"repository": SHOP, "environment": "staging", "files": "none that can be read"},
        codes={"viewer": 403, "deployer": 400, "other": 404, "elsewhere": 404, "job": 403, "stranger": 403},
    ),
    "POST /api/v1/questions": Row(
        method="POST",
        path="/api/v1/questions",
        json=QUESTION,
        codes={"viewer": 202, "deployer": 202, "other": 404, "elsewhere": 404, "job": 403, "stranger": 403},
    ),
    "GET /": page("/", ALL_PEOPLE),
    "GET /deliveries": page("/deliveries", ALL_PEOPLE),
    "GET /audit": page("/audit", ALL_PEOPLE),
    "GET /search": page("/search?q=0000", ALL_PEOPLE),
    f"GET /deployments/{NUMBER}": page("/deployments/1"),
    f"GET /plans/{NUMBER}": page("/plans/3"),
    f"GET /deliveries/{NUMBER}": page("/deliveries/1"),
    "GET /environments/<path:place>": page(f"/environments/{SHOP}/staging"),
    "GET /environments/<path:place>/diff": page(f"/environments/{SHOP}/staging/diff"),
    "GET /commits/<path:place>": page(f"/commits/{SHOP}/{SHA}"),
    "GET /pull-requests/<path:place>": page(f"/pull-requests/{SHOP}/7"),
    "GET /repositories/<path:name>": page(f"/repositories/{SHOP}"),
}
"""What there is in every show room."""

FOR_PEOPLE: Mapping[str, Row] = {
    "GET /login": Row(path="/login", codes=dict.fromkeys(PEOPLE, 303), open=200),
    "GET /login/start": Row(path="/login/start", codes={}, open=303),
    "GET /login/callback": Row(path="/login/callback?code=x&state=y", codes={}, open=400),
    "POST /asks": Row(
        method="POST",
        path="/asks",
        form={"word": "deploy", "place": f"{SHOP}/staging"},
        codes={"ada": 303, "eve": 303, "bob": 404, "cyd": 404},
    ),
    f"POST /deliveries/{NUMBER}/replay": Row(
        method="POST",
        path="/deliveries/1/replay",
        form={},
        codes={"ada": 403, "eve": 303, "bob": 404, "cyd": 404},
    ),
    "POST /rollbacks": Row(
        method="POST",
        path="/rollbacks",
        form={"place": f"{SHOP}/staging"},
        codes={"ada": 303, "eve": 303, "bob": 404, "cyd": 404},
    ),
    f"GET /rollbacks/{NUMBER}": page("/rollbacks/4", {"ada": 200, "eve": 404, "bob": 404, "cyd": 404}),
    "POST /logout": Row(method="POST", path="/logout", form={}, codes=dict.fromkeys(PEOPLE, 303)),
}
"""What there is where people sign in. The fourth question is ada's, who asked first for a rollback; the last row ends
everybody's session."""

RECEIVING: Mapping[str, Row] = {
    "POST /webhooks/<forge>": Row(method="POST", path="/webhooks/github", json={}, codes={}, open=401),
    "GET /healthz": SHOWN["GET /healthz"],
    "GET /readyz": SHOWN["GET /readyz"],
}
"""What the deliveries' own process answers: there a signature counts, and nothing else."""
