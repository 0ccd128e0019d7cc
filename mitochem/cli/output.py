"""Where results go: files written whole or not at all, and a table on the screen."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ..core.errors import MitochemError, ParameterError
from ..core.files import written_whole
from .shared import figure_of

__all__ = ["Output"]


class Output:
    """The files of one command, all with the same stem; checked before the work begins."""

    def __init__(self, options: Any, stem: str) -> None:
        self.options = options
        self.stem = Path(getattr(options, "output", None) or stem)
        self.files: list[str] = []
        self.writes = not getattr(options, "no_files", True)
        if self.writes:
            self._check()

    def _check(self) -> None:
        """Refuse a place that cannot be written to now, rather than after the work."""
        folder = self.stem.parent
        if self.stem.name in ("", ".", ".."):
            raise ParameterError(f"--output {self.stem} is not the stem of a file name.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise MitochemError(f"cannot write to {folder.resolve()}: {error.strerror or error}.") from None

    def path(self, suffix: str, part: str = "") -> Path:
        name = f"{self.stem.name}_{part}" if part else self.stem.name
        return self.stem.with_name(name + suffix)

    def _write(self, path: Path, write: Callable[[Path], Any]) -> None:
        if not self.writes:
            return
        with written_whole(path) as temporary:
            write(temporary)
        self.files.append(str(path))

    def dataset(self, ds: Any) -> None:
        """The Dataset as NetCDF and as a tidy csv."""
        from ..core.dataset import save

        if self.writes:
            self.files.append(str(save(ds, self.path(".nc"))))
            frame = ds.to_dataframe().reset_index() if ds.dims else ds.expand_dims("point").to_dataframe()
            self._write(self.path(".csv"), lambda p: frame.to_csv(p, index=False))

    def table(self, frame: Any, part: str = "") -> None:
        """A DataFrame as csv."""
        self._write(self.path(".csv", part), lambda p: frame.to_csv(p))

    def file(self, part: str, suffix: str, write: Callable[[Path], Any]) -> None:
        """A file that a function writes."""
        self._write(self.path(suffix, part), write)

    def draw(self, axes: Callable[[Any], Any], part: str = "") -> None:
        """What a function of the module of plots draws; not even drawn where nothing is written."""
        if self.writes:
            from .. import plot

            self.picture(figure_of(axes(plot)), part)

    def picture(self, figure: Any, part: str = "") -> None:
        """A figure in the chosen format."""
        kind = self.options.format
        self._write(self.path(f".{kind}", part), lambda p: figure.savefig(p, format=kind, dpi=150))
        import matplotlib.pyplot as plt

        plt.close(figure)

    def finish(self, summary: dict[str, Any], text: str) -> None:
        """Say what came out: JSON for programs, otherwise the text and the paths."""
        if self.options.json:
            print(json.dumps(plain(summary | {"files": self.files}), indent=1))
        elif not self.options.quiet:
            print(text)
            for path in self.files:
                print(f"wrote {path}")


def show(options: Any, frame: Any, text: str = "") -> None:
    """Print a table: aligned text, or JSON."""
    if options.json:
        print(json.dumps(plain(frame.reset_index().to_dict(orient="records")), indent=1))
    elif not options.quiet:
        print(text or frame.to_string(max_colwidth=60))


def plain(value: Any) -> Any:
    """JSON has no NaN or infinity; they become null and text."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and value != value:
        return None
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return str(value)
    return value


@contextlib.contextmanager
def warnings_said() -> Iterator[None]:
    """Python's warnings in the manner of the command line, each once, without the place in the code."""
    told: list[warnings.WarningMessage] = []
    try:
        with warnings.catch_warnings(record=True) as caught:
            told = caught
            yield
    finally:
        for message in dict.fromkeys(str(w.message) for w in told):
            warn(message)


def warn(message: str) -> None:
    """A word on stderr."""
    print(f"mitochem: {message}", file=sys.stderr)
