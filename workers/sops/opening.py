"""`python -m workers.sops.opening`: messages and private keys in, and out the one content of a data key's size."""

import base64
import json
import sys

from pysequoia import Tsk, decrypt

DATA_KEY_BYTES = 32


def main() -> None:
    """Try each message with each key; a wrong one is no error, for files are encrypted for many."""
    asked = json.load(sys.stdin.buffer)
    for key in asked["keys"]:
        decryptor = Tsk.from_bytes(key.encode()).decryptor()
        for message in asked["sealed"]:
            try:
                found = decrypt(base64.b64decode(message), decryptor=decryptor).bytes
            except RuntimeError:
                continue
            if found is not None and len(found) == DATA_KEY_BYTES:
                print(base64.b64encode(found).decode())
                return


if __name__ == "__main__":
    main()
