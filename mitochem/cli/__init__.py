"""The command line: ``mitochem --help``.

Exit status 0 means done, 1 that it ran and failed, 2 that it was asked for something impossible. Nothing is
imported here that a help text does not need.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .parser import build_parser

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = build_parser().parse_args(arguments)
    if not hasattr(options, "command"):
        build_parser().print_help()
        return 0
    from ..core.errors import MitochemError, ModelError, ParameterError, ReaderError

    try:
        from . import commands

        return int(getattr(commands, options.command)(options) or 0)
    except (ParameterError, ModelError, ReaderError) as error:
        print(f"mitochem: {error}", file=sys.stderr)
        return 2
    except MitochemError as error:
        print(f"mitochem: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("mitochem: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output (head, less) has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
