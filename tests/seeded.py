"""How properties are tried: with the same inputs each time, so that what is red is the change's doing.

No clock judges: neither how long one input takes, nor how long it took to make it up, as the first text does, for which
a table of all characters is read.
"""

from hypothesis import HealthCheck, settings

SEEDED = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
