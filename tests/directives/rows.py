"""The rows of all annotations, tool by tool, in the order in which documents show them."""

from tests.directives.argo_rows import ARGO_CD
from tests.directives.cli_utils_rows import CLI_UTILS
from tests.directives.flux_rows import FLUXES
from tests.directives.helm_rows import HELMS
from tests.directives.kapp_rows import KAPPS
from tests.directives.werf_rows import WERFS

ROWS = [*ARGO_CD, *HELMS, *FLUXES, *KAPPS, *CLI_UTILS, *WERFS]
