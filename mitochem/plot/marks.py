"""Additions on a time axis: when they were, what they are called, and where their labels fit."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.textpath import TextPath

from ..core.arguments import dataset_in
from .style import FAINT, GREY, unit_text

__all__ = ["Event", "draw", "events"]

SIZE = 9.0


@dataclasses.dataclass(frozen=True)
class Event:
    """Start of a stretch of a run (min): what was added or set there, and the name of the stretch, if it has one."""

    time: float
    end: float
    added: tuple[tuple[str, str], ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    stretch: str = ""
    opening: bool = False

    @property
    def marked(self) -> bool:
        """Whether it has a line: for every addition, and for what is set during a run (not for how it starts)."""
        return bool(self.added or (self.changed and not self.opening))

    @property
    def label(self) -> str:
        """What was added, ``"ADP 0.2 mM + FCCP 0.1 µM"``, or else what was set."""
        parts = self.added or (self.changed if self.marked else ())
        return " + ".join(f"{name} {amount}".strip() for name, amount in parts)


def events(ds: Any) -> list[Event]:
    """Stretches of a run that show in its Dataset, from its protocol or else from the coordinate ``segment``."""
    time = np.asarray(dataset_in(ds, "events", "time")["time"].values, float)
    first, last = float(time[0]), float(time[-1])
    if "protocol" in ds.attrs and "additions" in ds.attrs:
        found = _from_protocol(ds, first)
    elif "segment" in ds.variables:
        found = _from_segments(ds, time)
    else:
        return []
    out = []
    for event, following in zip(found, [*found[1:], None]):
        end = min(last, following.time if following else last)
        if event.time < first < end:  # the stretch began before a cut
            out.append(dataclasses.replace(event, time=first, end=end, added=(), changed=()))
        elif first <= event.time <= last:
            out.append(dataclasses.replace(event, end=end))
    return out


def _from_protocol(ds: Any, first: float) -> list[Event]:
    starts = json.loads(ds.attrs["additions"])
    starts = [min(first, starts[0]) if starts else first, *starts]
    added: list[tuple[str, str]] = []
    changed: list[tuple[str, str]] = []
    out: list[Event] = []
    for step in json.loads(ds.attrs["protocol"])["steps"]:
        values = step.get("values", {})
        if step["action"] == "add":
            added += [(name, _amount(value, _unit(ds, name))) for name, value in values.items()]
        elif step["action"] == "set":
            changed += [(name, f"= {_amount(value, '')}") for name, value in values.items()]
        elif step["duration"] > 0 and len(out) < len(starts):
            start, name = starts[len(out)], step.get("label", "")
            out.append(Event(start, 0.0, tuple(added), tuple(changed), name, opening=not out))
            added, changed = [], []
    return out


def _from_segments(ds: Any, time: Any) -> list[Event]:
    names = ds["segment"].values.astype(str)
    changes = np.flatnonzero(names[1:] != names[:-1]) + 1
    return [Event(float(time[0]), 0.0, stretch=str(names[0]))] + [
        Event(float(time[i]), 0.0, ((str(names[i]), ""),)) for i in changes
    ]


def _unit(ds: Any, name: str) -> str:
    """Drugs have a dose in the Dataset, with its unit; bath species are added in mM."""
    for dose in (f"{name}.dose", f"{name}_dose"):
        if dose in ds.variables:
            return unit_text(ds[dose].attrs.get("units", "uM"))
    # What an instrument recorded of a run has its protocol and not its doses.
    from .. import drugs  # noqa: F401  (makes the named drugs known)
    from ..core.library import drugs as known

    return unit_text(known[name].declared_parameters["dose"].unit) if name in known else "mM"


def _amount(value: Any, unit: str) -> str:
    if isinstance(value, dict):
        value = value.get("values", [])
    if isinstance(value, str):
        number, _, given = value.partition(" ")
        return f"{number} {unit_text(given)}".strip()
    numbers = np.atleast_1d(np.asarray(value, float))
    low, high = numbers.min(), numbers.max()
    return f"{low:g} {unit}".strip() if low == high else f"{low:g}–{high:g} {unit}".strip()


# --- drawing ----------------------------------------------------------------------------------------------


def draw(axes: Sequence[Any], found: Sequence[Event]) -> float:
    """A vertical line through every panel at each addition, and its label above the first.

    Returns the height of the labels in inches.
    """
    for ax in axes:
        for event in (e for e in found if e.marked):
            ax.axvline(event.time, color=FAINT, linewidth=0.9, linestyle=(0, (4, 2)), zorder=0.5, gid="addition")
    return _label(axes[0], list(found))


def _label(ax: Any, found: list[Event]) -> float:
    """Labels above the Axes: level where they fit, else upright and spread apart, with a line to their time.

    What is already labelled, by an earlier run on the same Axes, is not labelled again.
    """
    done = {text.get_label() for text in ax.texts}
    found = [e for e in found if f"_{e}" not in done]
    width = width_of(ax)
    left, right = ax.get_xlim()

    def at(time: float) -> float:
        return (time - left) / (right - left) * width

    texts: list[tuple[Event, str]] = []
    row = False
    for event in found:
        inside = at(event.end) - at(event.time) + 2
        name = next((n for n in (event.stretch, event.stretch.split(" (")[0]) if n and _length(n) < inside), "")
        if name:
            row = True
            ax.annotate(
                name, ((event.time + event.end) / 2, 1), xycoords=ax.get_xaxis_transform(), va="bottom",
                xytext=(0, 3), textcoords="offset points", ha="center", fontsize=SIZE, style="italic", color=GREY,
                annotation_clip=False, gid="stretch label", label=f"_{event}",
            )  # fmt: skip
        if event.added or (event.marked and not event.stretch):
            texts.append((event, event.label))
        elif event.stretch and not name:
            texts.append((event, event.stretch))
    base = 16.0 if row else 4.0
    if not texts:
        return base / 72
    places = np.array([at(e.time) for e, _ in texts])
    for rotation, words in ((0, [t for _, t in texts]), (0, _shortened(texts)), (90, _shortened(texts))):
        sizes = np.array([SIZE * 1.2 if rotation else _length(t) + 10 for t in words])
        spread = spread_out(places, sizes, -25.0, width + 25.0)
        if spread is not None and (rotation or np.abs(spread - places).max() < (10 if row else 28)):
            break
    if spread is None:  # too many even so: label every k-th, and keep all the lines
        keep = np.unique(np.append(np.arange(0, len(words), int(np.ceil(sizes.sum() / width))), len(words) - 1))
        texts, words, places = [texts[i] for i in keep], [words[i] for i in keep], places[keep]
        spread = spread_out(places, sizes[keep], -25.0, width + 25.0)
        spread = places if spread is None else spread
    leader = dict(arrowstyle="-", color=FAINT, linewidth=0.9, shrinkA=1, shrinkB=0, relpos=(0.5, 0))
    shifted = np.abs(spread - places).max() > 1
    for (event, _), text, place, there in zip(texts, words, places, spread):
        ax.annotate(
            text, (event.time, 1), xycoords=ax.get_xaxis_transform(), textcoords="offset points",
            xytext=(there - place, base + (10 if shifted else 0)), ha="center", va="bottom", rotation=rotation,
            fontsize=SIZE, annotation_clip=False, gid="addition label", label=f"_{event}",
            arrowprops=leader if event.marked else None,
        )  # fmt: skip
    return (base + (10 if shifted else 0) + (max(map(_length, words)) if rotation else SIZE)) / 72


def width_of(ax: Any) -> float:
    """Width of the Axes in points, after layout where the figure has one."""
    figure = ax.figure
    if hasattr(figure, "draw_without_rendering") and figure.get_layout_engine() is not None:
        figure.draw_without_rendering()
    return float(ax.get_window_extent().width * 72 / figure.dpi)


def _length(text: str) -> float:
    """Width of a text in points."""
    return float(TextPath((0, 0), text, size=SIZE).get_extents().width) if text.strip() else 0.0


def _shortened(texts: list[tuple[Event, str]]) -> list[str]:
    """Labels in which a further addition of the same thing is only its amount."""
    out, before = [], ""
    for event, text in texts:
        name = event.added[0][0] if len(event.added) == 1 else ""
        amount = event.added[0][1] if name else ""
        again = bool(name and amount and name == before and not amount.startswith("=") and text == event.label)
        out.append(f"+{amount.split()[0]}" if again else text)
        before = name
    return out


def spread_out(places: Any, sizes: Any, low: float, high: float) -> Any:
    """Positions nearest to ``places`` (ascending) at which labels of these sizes do not overlap; None if too many."""
    if sizes.sum() > high - low:
        return None
    offsets = np.concatenate([[0.0], np.cumsum((sizes[1:] + sizes[:-1]) / 2)])
    blocks: list[list[float]] = []  # mean and number: isotonic regression by pooling
    for value in places - offsets:
        blocks.append([float(value), 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, number = blocks.pop()
            blocks[-1] = [
                (blocks[-1][0] * blocks[-1][1] + mean * number) / (blocks[-1][1] + number),
                blocks[-1][1] + number,
            ]
    level = np.concatenate([np.full(int(n), mean) for mean, n in blocks])
    return np.clip(level, low + sizes[0] / 2, high - offsets[-1] - sizes[-1] / 2) + offsets
