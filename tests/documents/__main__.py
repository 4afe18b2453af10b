"""`python -m tests.documents`, which is `make docs`: writes the pages anew that come from the program."""

from tests.documents.generated import GENERATED, ROOT

for place, write in GENERATED.items():
    (ROOT / place).write_text(write())
