"""Fluxes against the force that drives them: of one law on its own, or of a model's results."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..core.arguments import mapping_in, shown
from ..core.door import KINDS
from ..core.errors import ParameterError, nearest
from .frame import drawn, from_zero, members, one, pick, zero_line
from .style import SERIES, attribute, house_style, label, look, name_of, shades

__all__ = ["flux_against", "flux_force"]


@house_style()
def flux_force(
    law: Callable[..., Any],
    pmf: Any,
    *,
    given: Mapping[str, Any] | None = None,
    ax: Any = None,
    **line_kwargs: Any,
) -> Any:
    """Draw one flux law against the proton-motive force.

    Parameters
    ----------
    law : callable
        A law with its component's parameters, such as ``SinhLeak().J_leak``, or any function of the force.
    pmf : array_like or DataArray, shape (n,)
        Proton-motive force (mV), or another force if the law takes one; a DataArray brings its own label.
    given : mapping, optional
        Values of the law's other arguments, ``{"adp_bath": 0.1}``.
    ax : Axes, optional
        By default the current one if it is empty, else that of a new figure.
    **line_kwargs
        Passed to ``Axes.plot``.

    Returns
    -------
    Axes

    Raises
    ------
    ParameterError
        If the law needs more arguments than the force and ``given``, or a value for each force does not come back.
    """
    given = mapping_in(given, "given")
    forces = np.asarray(KINDS["potential"].check("pmf", pmf), dtype=float)
    if forces.ndim != 1:
        raise ParameterError(f"pmf has the shape {forces.shape}; a curve is drawn over one row of forces.")
    inputs = list(getattr(getattr(law, "law", None), "inputs", ()))
    missing = [n for n in inputs if n not in given]
    force = getattr(pmf, "name", None) if getattr(pmf, "name", None) in missing else None
    force = force or ("pmf" if "pmf" in missing else missing[0] if len(missing) == 1 else None)
    if inputs and (force is None or len(missing) > 1):
        others = [n for n in missing if n != force]
        example = f"given={{{others[0]!r}: ...}}" if others else "at least one argument left for the force"
        raise ParameterError(f"{law!r} takes ({', '.join(inputs)}); give the others too: {example}.")
    if unknown := [n for n in given if inputs and n not in inputs]:
        raise ParameterError(f"{law!r} takes no {unknown[0]!r}." + nearest(unknown[0], inputs))
    if not inputs:
        _check_call(law, forces, given)
    values = law(**{force: forces}, **given) if force else law(forces, **given)
    values = np.asarray(values, dtype=float)
    if values.shape != forces.shape:
        if values.ndim:
            raise ParameterError(f"{name_of(law) or law!r} returned shape {values.shape} for forces {forces.shape}.")
        values = np.full(forces.shape, values)
    ax = one(ax)
    own = look(name_of(law))
    ax.plot(forces, values, **{"color": own.colour, "linestyle": own.line, **line_kwargs})
    zero_line(ax)
    ax.set(xlabel=label(pmf) if hasattr(pmf, "attrs") else _force_label(force), ylabel=label(law, words=True) or "flux")
    if line_kwargs.get("label"):
        ax.legend()
    return ax


def _check_call(law: Any, forces: Any, given: Mapping[str, Any]) -> None:
    """Whether a function of one's own can be called with the forces and what else was given."""
    if not callable(law):
        raise ParameterError(f"flux_force draws a law, such as SinhLeak().J_leak, not {shown(law)}.")
    try:
        inspect.signature(law).bind(forces, **given)
    except TypeError as error:
        raise ParameterError(f"{name_of(law) or law!r} cannot be called with the force and `given`: {error}.") from None
    except ValueError:  # some compiled functions do not say what they take
        return


def _force_label(name: str | None) -> str:
    known = {"delta_psi": r"$\Delta\psi$ / mV", "pmf": r"$\Delta p$ / mV", None: r"$\Delta p$ / mV"}
    return known.get(name, str(name))


@house_style()
def flux_against(
    ds: Any,
    x: str = "pmf",
    y: str | Sequence[str] = "J_O2",
    *,
    along: str | None = None,
    ax: Any = None,
    **line_kwargs: Any,
) -> Any:
    """Draw variables of a Dataset against another one, such as respiration against Δp along a titration.

    Parameters
    ----------
    ds : Dataset
        Steady states or a time course. Points that failed are gaps.
    x, y : str
        Names of variables of the same shape; ``y`` may be several that share a unit.
    along : str, optional
        The dimension whose points are joined (default: the longest). The others make separate lines.
    ax : Axes, optional
        By default the current one if it is empty, else that of a new figure.
    **line_kwargs
        Passed to ``Axes.plot``.

    Returns
    -------
    Axes

    Raises
    ------
    ParameterError
        If a variable does not exist, is a single number, or those of ``y`` have different units.
    """
    names = drawn(y, "y")
    arrays = {name: pick(ds, name) for name in [x, *names]}
    units = {attribute(ds[name], "units") for name in names}
    if len(units) > 1:
        raise ParameterError(f"{', '.join(names)} have different units ({', '.join(sorted(units))}); use two Axes.")
    sizes = {str(d): n for name in [x, *names] for d, n in ds[name].sizes.items()}
    if not sizes:
        raise ParameterError(f"{x} and {', '.join(names)} are single numbers; titrate or sweep a parameter first.")
    if along is not None and along not in sizes:
        raise ParameterError(f"along = {along!r} is not a dimension of {x} and {names[0]}: {', '.join(sizes)}.")
    along = along or max(sizes, key=lambda d: sizes[d])
    rows, title = members(ds, [x, *names], along)
    template = sum(ds[name].astype(float) * 0 for name in [x, *names])
    ax = one(ax)
    for name in names:
        own = look(name)
        for (text, chosen), tone in zip(rows, shades(own.colour, len(rows))):
            at, value = (
                arrays[n].broadcast_like(template).isel({d: i for d, i in chosen.items() if d in template.dims})
                for n in (x, name)
            )
            several = len(names) > 1 or len(rows) > 1
            parts = [p for p in (label(ds[name]).split(" / ")[0] if len(names) > 1 else "", text) if p]
            style = {"color": tone, "linestyle": own.line if len(names) > 1 else "-"}
            if len(rows) > 1 and len(names) == 1:
                style["linestyle"] = SERIES[rows.index((text, chosen)) % len(SERIES)].line
            if several:
                style["label"] = ", ".join(parts)
            if at.size <= 25:
                style["marker"] = own.marker
            ax.plot(at.values, value.values, **{**style, **line_kwargs})
    from_zero(ax, names[0])
    zero_line(ax)
    first = label(ds[names[0]], words=len(names) == 1)
    ylabel = first if len(names) == 1 else "flux / " + first.split(" / ")[1] if " / " in first else first
    ax.set(xlabel=label(ds[x]), ylabel=ylabel)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(title=title if len(rows) > 1 else None)
    return ax
