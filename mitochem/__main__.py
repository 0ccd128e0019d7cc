"""``python -m mitochem`` is ``mitochem``."""

import sys

from .cli import main

sys.exit(main())
