"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import MitochemError

__all__ = ["written_whole"]


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file beside the one wanted, which takes its place once the block has ended well.

    Raises
    ------
    MitochemError
        If the place cannot be written to; nothing is left behind then.
    """
    try:
        # What writes a figure tells its format by the suffix.
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=f".part{path.suffix}")
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink()
            raise
    except OSError as error:
        raise MitochemError(f"cannot write {path}: {error.strerror or error}.") from None
