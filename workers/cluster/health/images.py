"""Why an image cannot be pulled, without the layers that kubelet, CRI and registry client wrap around the cause."""

import re

PULLING = frozenset({"ImagePullBackOff", "ErrImagePull"})
"""Reasons whose message tells of a pull."""
_LAYER = re.compile(
    r"""
    (?: back-off[ ]pulling[ ]image[ ]"[^"]*"
      | errimagepull
      | rpc[ ]error:[ ]code[ ]=[ ]\w+[ ]desc[ ]=
      | failed[ ]to[ ]pull[ ](?:and[ ]unpack[ ])?image[ ]"[^"]*"
      | failed[ ]to[ ]resolve[ ]reference[ ]"[^"]*"
      | failed[ ]to[ ](?:resolve[ ]image|do[ ]request)
      | error[ ]response[ ]from[ ]daemon
    ):?[ ]+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_IMAGE = re.compile(r'"([^"\s]+)"')


def innermost(message: str) -> str:
    """Give the cause alone, with the image's name where it lacks it; the whole message where it has no known layers."""
    cause, start = message, 0
    while layer := _LAYER.match(message, start):
        start = layer.end()
        cause = message[start:]
    image = _IMAGE.search(message[:start])
    return cause if image is None or image[1] in cause else f"{image[1]}: {cause}"
