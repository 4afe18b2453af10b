#!/usr/bin/env python3
# pushboat-post-receive: written by `pushboat hook install`, which also renews it; changes made here are lost.
"""Tells Pushboat what was pushed, and shows whoever pushed how it goes. It never blocks a push: it always exits with 0.

What Pushboat does not accept is kept in `pushboat-missed/` and sent again with the next push, or by
`hooks/post-receive --catch-up`, always under the same id, so that nothing is deployed twice.
This file stands alone on the git server: standard library of Python 3.9 only, nothing of Pushboat.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import hmac
import http.client
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SETTINGS: dict[str, Any] = {}
Json = dict[str, Any]

CONNECT_SECONDS, ANSWER_SECONDS, ROUTING_SECONDS, PAUSE_SECONDS, REST_SECONDS = 2.0, 10.0, 60.0, 0.2, 0.02
SILENCE_SECONDS = SPEAK_EVERY_SECONDS = 15.0  # Pushboat may not answer so long (a restart takes less), nor we speak
LOOKS_BEFORE_A_WORD = 5  # at a deployment that waits, before we say for what: most begin before


class Unanswered(Exception):
    """Pushboat did not answer, or not as it should."""


def main() -> None:
    """Take the updates from git, send them, watch what they lead to."""
    options = argparse.ArgumentParser(description="Tell Pushboat what was pushed.")
    options.add_argument("--catch-up", action="store_true", help="send what Pushboat missed while it was down")
    options.add_argument("--wait", type=float, default=SETTINGS["wait"], help="seconds to watch (%(default)s)")
    chosen = options.parse_args()
    repository = Path(__file__).absolute().parent.parent
    older = {(event["ref"], event["after"]): path for path in kept(repository) if (event := opened(path))}
    for line in () if chosen.catch_up else sys.stdin.buffer:
        before, after, ref = line.decode("utf-8", "replace").rstrip("\n").split(" ", 2)
        if ref.startswith(("refs/heads/", "refs/tags/")):  # notes and other refs are nobody's deployment
            keep(repository, describe(repository, before, after, ref), older.get((ref, before)))
    accepted, lines = send(missed := kept(repository))
    for line in lines if missed or not chosen.catch_up else ("nothing was missed",):
        say(line)
    watch(accepted, time.monotonic() + float(os.environ.get("PUSHBOAT_WAIT", chosen.wait)))


def describe(repository: Path, before: str, after: str, ref: str) -> Json:
    """Describe one update as the delivery's body."""
    event = {"event": "push", "repository": SETTINGS["repository"], "ref": ref, "before": before, "after": after}
    event["pusher"] = os.environ.get("REMOTE_USER") or os.environ.get("GL_USER") or getpass.getuser()
    if after.strip("0"):
        event["commit"] = git(repository, "rev-parse", "-q", "--verify", after + "^{commit}").stdout.strip() or after
        if before.strip("0") and ref.startswith("refs/heads/"):
            event["forced"] = git(repository, "merge-base", "--is-ancestor", before, after).returncode == 1
    return event


def git(repository: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run git in the repository."""
    return subprocess.run(["git", f"--git-dir={repository}", *words], capture_output=True, text=True, check=False)


def keep(repository: Path, event: Json, older: Path | None) -> None:
    """Write a delivery down before sending it. The `older` one, which it continues, is no longer needed."""
    folder = repository / "pushboat-missed"
    folder.mkdir(exist_ok=True)
    if older:
        older.unlink(missing_ok=True)
    path = folder / f"{time.time_ns():020}-{uuid.uuid4()}.json"
    path.with_suffix(".new").write_text(json.dumps(event))
    path.with_suffix(".new").rename(path)


def kept(repository: Path) -> list[Path]:
    """List what was written down and not accepted yet, oldest first."""
    return sorted((repository / "pushboat-missed").glob("*.json"))


def opened(path: Path) -> Json | None:
    """Read what was written down; nothing where another push has just sent it, or the disk was full."""
    try:
        return dict(json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError):
        return None


def send(missed: list[Path]) -> tuple[list[int], list[str]]:
    """Send everything before a word is printed: whoever pushed may be gone. Give what to watch and what to say."""
    accepted, lines = [], []
    for path in missed:
        if (event := opened(path)) is None:
            continue
        name = event["ref"].split("/", 2)[2]
        try:
            answer = deliver(path.stem.partition("-")[2], json.dumps(event).encode())
        except (Unanswered, OSError) as trouble:
            lines.append(f"{name} is pushed, but Pushboat did not take it: {trouble}")
            lines.append(f"it goes out with the next push, or now with: {Path(__file__).absolute()} --catch-up")
            break  # the others would meet the same
        path.unlink(missing_ok=True)
        if "delivery" in answer and "ignored" not in answer:
            accepted.append(int(answer["delivery"]))
        else:
            lines.append(f"{name}: {answer.get('ignored') or answer.get('error')}")
    return accepted, lines


def deliver(identity: str, body: bytes) -> Json:
    """Send one delivery and give the answer, also one that refuses this delivery for good."""
    headers = {"Content-Type": "application/json", "X-Pushboat-Event": "push", "X-Pushboat-Delivery": identity}
    code, said = ask("POST", f"/webhooks/{SETTINGS['forge']}", body, headers)
    if code not in (200, 202, 400, 413, 415) or not ("delivery" in said or "error" in said):
        raise Unanswered(str(said.get("error") or f"something answered {code}"))
    return said


def watch(deliveries: list[int], deadline: float) -> None:
    """Print what the deliveries lead to until all of it ended, or is held by somebody, or the time is over."""
    watched = [found for delivery in deliveries for found in deployments_of(delivery, deadline)]
    shown, waited, held, began = dict.fromkeys(watched, 0), dict.fromkeys(watched, 0), {0}, time.monotonic()
    known, spoke = {number: patiently(f"/api/v1/deployments/{number}") for number in watched}, began
    while shown.keys() - held and (now := time.monotonic()) < deadline:
        for number, after in list(shown.items()):
            shown[number], story = show(known[number], after)
            spoke, waited[number] = now if shown[number] > after else spoke, waited[number] + bool(story.get("waits"))
            if waited[number] == LOOKS_BEFORE_A_WORD and story.get("waits"):
                for line in story.get("told") or [story["waits"]]:
                    say(f"{known[number]['environment']}: {line}")
                held |= {number} if story.get("held") else set()
            if story["ended"]:
                del shown[number]
                for back in story.get("answered_by", ()):  # the rollback that answers its failure
                    known[back], shown[back], waited[back] = patiently(f"/api/v1/deployments/{back}"), 0, 0
        if shown and now - spoke > SPEAK_EVERY_SECONDS:
            spoke, places = now, ", ".join(known[number]["environment"] for number in shown)
            passed = f"after {now - began:.0f} s; this terminal watches {deadline - began:.0f} s"
            say(f"{places}: still going on {passed}, Ctrl-C leaves it alone, a newer push takes its place")
        time.sleep(max(PAUSE_SECONDS, REST_SECONDS * len(shown)) if shown else 0)  # a hundred are asked for less often
    for number, how in ((each, "it waits until then" if each in held else "still going on") for each in shown):
        say(f"{known[number]['environment']}: {how}; follow it at {SETTINGS['url']}/deployments/{number}")


def deployments_of(delivery: int, deadline: float) -> list[int]:
    """Wait until Pushboat decided what follows the ref; say so where nothing does."""
    deadline = min(deadline, time.monotonic() + ROUTING_SECONDS)
    while True:
        found = patiently(f"/api/v1/deliveries/{delivery}")
        numbers = [int(number) for number in found["deployments"]]
        if numbers or found["routed"]:
            reason, lines = str(found["reason"]), str(found.get("details", "")).splitlines()
            left = [part for part in reason.split("; ") if " left .pushboat.yaml" in part]
            for line in left if numbers else (reason, *(line for line in lines if line not in reason)):
                say(line)
            return numbers
        if time.monotonic() > deadline:
            say(f"not decided yet: {found['reason']}; follow it at {SETTINGS['url']}/deliveries/{delivery}")
            return []
        time.sleep(PAUSE_SECONDS)


def show(deployment: Json, after: int) -> tuple[int, Json]:
    """Print a deployment's new lines, and its end; give the last line's number and the story as it stands."""
    place, delivery = deployment["environment"], deployment.get("delivery")
    story = patiently(f"/api/v1/deployments/{deployment['id']}/progress?after={after}")
    for line in story["items"]:
        say(f"{place}: {line['text']}")
        if not after and deployment.get("url"):
            say(f"{place}: its page is {deployment['url']}")
        after = int(line["id"])
    if story["ended"]:
        say(f"{place}: {story['state']}: {story['reason'].removeprefix(story['state'] + ' ')}")
        if story["state"] == "errored" and delivery:
            say(f"{place}: the commit is not at fault; to try it again: pushboat deliveries replay {delivery}")
    return after, story


def patiently(path: str) -> Json:
    """Read from the API, through a restart of Pushboat."""
    deadline = time.monotonic() + SILENCE_SECONDS
    while True:
        try:
            code, said = ask("GET", path)
            if code == 200:
                return said
            raise Unanswered(f"it answered {code} to {path}")  # noqa: TRY301 - tried again like no answer at all
        except Unanswered:
            if time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_SECONDS)


def ask(method: str, path: str, body: bytes | None = None, headers: Json | None = None) -> tuple[int, Json]:
    """Send one request, signed, because the API may be hidden; give the answer's code and the object in its body."""
    secret = Path(SETTINGS["secret_file"]).read_text(encoding="utf-8").strip("\r\n").encode()
    signature = "sha256=" + hmac.new(secret, body or f"{method} {path}".encode(), hashlib.sha256).hexdigest()
    headers = {"X-Pushboat-Forge": SETTINGS["forge"], "X-Pushboat-Signature-256": signature, **(headers or {})}
    url = urlsplit(SETTINGS["url"])
    door = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = door(url.hostname or "", url.port, timeout=CONNECT_SECONDS)
    try:
        connection.connect()
        connection.sock.settimeout(ANSWER_SECONDS)
        connection.request(method, url.path.rstrip("/") + path, body, headers)
        answer = connection.getresponse()
        return answer.status, dict(json.loads(answer.read(1 << 22)))
    except OSError as error:
        raise Unanswered(f"nothing answers at {SETTINGS['url']} ({error.strerror or error})") from error
    except (http.client.HTTPException, TypeError, ValueError) as error:
        raise Unanswered(f"what answers at {SETTINGS['url']} is not Pushboat") from error
    finally:
        connection.close()


def say(text: str) -> None:
    """Print a line for the person who pushed, without control characters; end where nobody reads it any more."""
    try:
        sys.stdout.buffer.write("".join(c if c.isprintable() else " " for c in text).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    except OSError:
        # Everything was sent before the first word. The interpreter must not flush the broken pipe at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)


def run() -> None:
    """Do it all, and let nothing out that git would show as a crash."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        main()
    except KeyboardInterrupt:
        say(f"no longer watching; it goes on at {SETTINGS['url']}")
    except Unanswered as trouble:
        say(f"Pushboat stopped answering ({trouble}); what it has accepted goes on: {SETTINGS['url']}")
    except Exception as error:  # noqa: BLE001 - a push must never fail because of us
        say(f"the hook of Pushboat stumbled ({type(error).__name__}: {error}); the push itself is done")


if __name__ == "__main__":
    run()
