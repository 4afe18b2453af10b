"""What to do about what a cluster says: one row for each thing that people meet. Pure.

The words themselves follow the advice, without the layers that say only which part of Kubernetes spoke.
"""

import re
from collections.abc import Sequence

_LAYERS = re.compile(
    r"""MountVolume\.\w+[ ]failed[ ]for[ ]volume[ ]"[^"]*"[ ]?:[ ]
      | Unable[ ]to[ ]attach[ ]or[ ]mount[ ]volumes:[ ]
      | error[ ]looking[ ]up[ ]service[ ]account[ ][^:]*:[ ]
      | Error[ ]creating:[ ]
      | create[ ]Pod[ ]\S+[ ]in[ ]StatefulSet[ ]\S+[ ]failed[ ]error:[ ]
    """,
    re.VERBOSE,
)
_PREEMPTION = re.compile(r"[. ]*preemption:[^)]*|\.$")
"""To its end, or to the end of the brackets that a sentence of ours has put around a scheduler's words."""
_NODES = re.compile(r"\d+/\d+ nodes are available: ")
_ROWS: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern, re.IGNORECASE), advice)
    for pattern, advice in (
        (r'\bsecret "([^"]+)" not found', "add Secret {0}"),
        (r'\bconfigmap "([^"]+)" not found', "add ConfigMap {0}"),
        (r"couldn't find key (\S+) in secret \S*?([^/\s]+)$", "add the key {0} to Secret {1}"),
        (r"couldn't find key (\S+) in configmap \S*?([^/\s]+)$", "add the key {0} to ConfigMap {1}"),
        (r"references non-existent (?:secret|config) key: (\S+)", "add the key {0}, which a volume names"),
        (r'\bserviceaccount "([^"]+)" not found', "add ServiceAccount {0}"),
        (r'\bstorageclass\S* "([^"]+)" not found', "name a StorageClass that exists: there is no {0}"),
        (r"no storage class is set", "name a StorageClass: the cluster has no default one"),
        (r"exceeded quota: ([^,\s]+)", "ask for less, or raise quota {0}"),
        (r'violates PodSecurity "([^"]+)"', "mend the pod's securityContext: PodSecurity {0} does not allow it"),
        (r'priority\s?class\S* (?:with name )?"?([\w.-]+)"? (?:was )?(?:not found|found)', "add PriorityClass {0}"),
        (r'admission webhook "([^"]+)" denied', "do as {0} demands"),
        (r"Insufficient ([\w./-]*\w)", "ask for less {0}, or add nodes"),
        (r"untolerated taint\(?s?\)? ?\{([^}:]+)", "tolerate the taint {0}, or add nodes without it"),
        (r"didn't match Pod's node affinity/selector", "correct the nodeSelector or affinity: no node has it"),
        (r"didn't match pod (?:anti-)?affinity", "loosen the pod affinity, or add nodes"),
        (r"waiting for first consumer", "start a pod that uses the claim"),
        (r"\bOOMKilled\b", "raise the memory limit"),
        (r"\b(?:exec format error)", "build the image for the nodes' architecture"),
    )
)


def advice(words: str) -> str:
    """Say what to do about these words; nothing where we know of nothing."""
    for pattern, sentence in _ROWS:
        if found := pattern.search(words):
            return sentence.format(*found.groups())
    return ""


def plainly(words: str) -> str:
    """Take away what only says which part spoke, and what a scheduler adds about preemption."""
    return _LAYERS.sub("", _PREEMPTION.sub("", _NODES.sub("no node fits: ", words))).strip()


def advised(words: str) -> str:
    """Put the advice before the words."""
    what_to_do, said = advice(words), plainly(words)
    return f"{what_to_do} — {said}" if what_to_do else said
