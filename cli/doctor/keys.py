"""Whether this machine has the key of the other machines of its store: nothing else tells before a Secret is wanted."""

from pushboat.config.operator import Operator
from pushboat.own_key import kept_file, known_key
from pushboat.sealing import Key
from pushboat.store import stamping
from pushboat.store.database.engine import Store
from workers.checks.words import Line, failed, passed


def check_key(operator: Operator, store: Store) -> Line:
    """Hold our key against what the audit is stamped with."""
    secret = known_key(operator)
    if not stamping.another_key_at_work(store, (Key(secret).public(),) if secret else ()):
        return passed("encryption key", "no other key is at work in this store")
    ours = "`encryption_key` of pushboat.yaml" if operator.encryption_key else str(kept_file(operator))
    sentence = (
        f"another key than {ours} stamps the audit of this store: Secrets that are stored with one cannot be opened "
        "with the other, and `pushboat audit verify` contradicts itself"
    )
    fix = (
        "name one file under `encryption_key` in pushboat.yaml, the same key on every machine, and restart; once that "
        "is so, or where the old key is lost for good, this ends an hour after the last stamp with another, and one "
        "decision later"
    )
    return failed("encryption key", sentence, fix)
