"""What a closed form is: derived expressions with their assumptions, their symbols and safe numbers."""

from __future__ import annotations

import dataclasses
import functools
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..core.arguments import mapping_in, numbers_in
from ..core.door import KINDS, match_shapes
from ..core.errors import ParameterError, nearest
from ..core.functions import FUNCTIONS
from ..core.model import Model
from ..core.units import magnitude
from .special import lambert_w_of_exp

__all__ = ["ClosedForm"]

_SHOWN = 40
"""Operations above which a named part is left out of what is printed: the energy of ATP fills pages."""


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class ClosedForm:
    """A result derived by algebra, from the equations of an assembled model or from functions of the package.

    Symbols are named by the addresses of the model (``leak.conductance``), so that values come straight from a
    model; LaTeX shows the letters that the parameters declare. A result about functions of the package
    (`mitochem.electrochemistry`, `mitochem.thermodynamics`) has no model: its symbols are named by their arguments.

    Parameters
    ----------
    name : str
        The function that derives it.
    case : str
        Number in the list of closed forms of the model description, such as ``"H1"``.
    title : str
        What it is, in one line.
    assumptions : tuple of str
        What must hold for it to be true, in plain sentences.
    quantities : mapping of str to expression
        The results.
    definitions : mapping of str to expression
        Named parts that the results are written with; a later one may use those before it.
    limits : mapping of str to mapping
        The results in a named limit, as far as it changes them.
    solved : tuple of equation
        The balances that were set to zero.
    model : Model or None
        What the equations were read from; its values are the defaults of `numeric`.
    symbols : mapping of str to symbol
        Every symbol that occurs, by name.
    labels : mapping of str to str
        LaTeX of symbols and results.
    defaults : mapping of str to float
        Values of symbols that no model has.
    functions : tuple of str
        Functions of the package that were read, where there is no model.
    """

    name: str
    case: str
    title: str
    assumptions: tuple[str, ...]
    quantities: Mapping[str, Any]
    definitions: Mapping[str, Any]
    limits: Mapping[str, Mapping[str, Any]]
    solved: tuple[Any, ...]
    model: Model | None
    symbols: Mapping[str, Any]
    labels: Mapping[str, str]
    defaults: Mapping[str, float] = dataclasses.field(default_factory=dict)
    functions: tuple[str, ...] = ()

    def __getitem__(self, quantity: str) -> Any:
        """The expression of one result, or of one named part."""
        found = {**self.definitions, **self.quantities}
        if quantity not in found:
            raise ParameterError(f"{self.name} gives no {quantity!r}." + nearest(quantity, found))
        return found[quantity]

    @property
    def provenance(self) -> dict[str, Any]:
        """Where the result comes from: the model and its components (or functions), and what was solved."""
        solved = tuple(str(equation) for equation in self.solved)
        if self.model is None:
            return {"functions": self.functions, "solved": solved}
        components = {name: type(item).__name__ for name, item in self.model.components.items()}
        return {"model": self.model.name, "components": components, "solved": solved}

    # --- numbers ------------------------------------------------------------------------------

    def numeric(self, at: Model | Mapping[str, Any] | None = None, /, **values: Any) -> dict[str, Any]:
        """The results as numbers.

        Parameters
        ----------
        at : Model or mapping, optional
            Values by address (``"leak.conductance"``), shared name (``"temperature"``) or state; or a model to
            take them from. What is not given has its value in ``self.model``.
        **values
            The same, with ``_`` for the dot (``leak_conductance=1.2``); also a named part
            (``potassium_potential=5.0``), which is then not computed.

        Returns
        -------
        dict
            A float for each quantity, or an array of the broadcast shape. NaN, with a warning, where a form divides
            zero by zero or does not hold.

        Raises
        ------
        ParameterError
            If a name is unknown, or a value outside its bounds, of the wrong unit or of a shape that fits no other.
        """
        point = self._point(at, values)
        with np.errstate(all="ignore"):
            for name, (inputs, function) in self._functions.items():
                if name not in point:
                    point[name] = function(*(point[i] for i in inputs))
        found = {name: point[name] if np.ndim(point[name]) else float(point[name]) for name in self.quantities}
        if undefined := [name for name, value in found.items() if np.isnan(value).any()]:
            warnings.warn(
                f"{self.name}: {', '.join(undefined)} NaN where the form is zero over zero or does not hold. "
                f"It assumes: {' '.join(self.assumptions)}",
                stacklevel=2,
            )
        return found

    __call__ = numeric

    def _point(self, at: Model | Mapping[str, Any] | None, values: Mapping[str, Any]) -> dict[str, Any]:
        if isinstance(at, Model) and self.model is None:
            raise ParameterError(f"{self.name} is of functions, not of a model; it takes values by name.")
        source = at if isinstance(at, Model) else self.model
        inputs = [name for name in self.symbols if name not in self.definitions]
        point: dict[str, Any] = {
            name: self.defaults[name] if source is None or name in self.defaults else source[name] for name in inputs
        }
        given = values if isinstance(at, Model) else {**mapping_in(at, f"{self.name}.numeric(at)"), **values}
        checked = dict(self._checked(name, value) for name, value in given.items())
        match_shapes(f"{self.name}.numeric", **checked)
        point |= {name: value for name, value in checked.items() if name in inputs or name in self.definitions}
        return {n: v if hasattr(v, "dims") else np.asarray(v, dtype=float)[()] for n, v in point.items()}

    def _checked(self, name: str, value: Any) -> tuple[str, Any]:
        """The symbol that a name stands for, and its value in the right unit and inside its bounds."""
        if self.model is not None and name not in self.defaults and name not in self.definitions:
            addresses = {address.replace(".", "_"): address for address in self.model.values}
            address = addresses.get(name) or self.model.find(name)[1]
            if address in self.quantities:
                raise ParameterError(f"{name!r} is what {self.name} finds; it cannot be given.")
            return address, self.model.check(address, value)
        if name not in self.symbols:
            raise ParameterError(f"{self.name} has no {name!r}." + nearest(name, self.symbols))
        if kind := KINDS.get(name.replace("_", " ")):
            return name, kind.check(name, magnitude(value, kind.unit, name))
        numbers = numbers_in(value, name)
        bad = ~np.isfinite(numbers) | (numbers < 0 if self.symbols[name].is_positive else False)
        if bad.any():
            raise ParameterError(f"{name} = {numbers[bad].flat[0]:g} is outside what {self.name} holds for.")
        return name, value

    @functools.cached_property
    def _functions(self) -> dict[str, tuple[tuple[str, ...], Callable[..., Any]]]:
        import sympy

        modules = [{"lambert_w_of_exp": lambert_w_of_exp}, FUNCTIONS, "numpy"]
        made = {}
        for name, expression in {**self.definitions, **self.quantities}.items():
            inputs = [n for n, symbol in self.symbols.items() if symbol in expression.free_symbols]
            function = sympy.lambdify([self.symbols[n] for n in inputs], _guarded(expression), modules=modules)
            made[name] = (tuple(inputs), function)
        return made

    # --- display ------------------------------------------------------------------------------

    def latex(self) -> str:
        """The results, and below them the named parts, as aligned equations."""
        import sympy

        names = {symbol: self.labels[name] for name, symbol in self.symbols.items() if name in self.labels}
        rows = {**self.quantities, **{n: e for n, e in self.definitions.items() if e.count_ops() <= _SHOWN}}
        lines = [
            f"{self.labels.get(name, _upright(name))} &= {sympy.latex(expression, symbol_names=names)}"
            for name, expression in rows.items()
        ]
        return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"

    def _repr_latex_(self) -> str:
        return f"$${self.latex()}$$"

    def __repr__(self) -> str:
        lines = [f"{self.case}: {self.title}"]
        lines += [f"  {name} = {expression}" for name, expression in self.quantities.items()]
        lines += [
            f"  with {name} = {expression if expression.count_ops() <= _SHOWN else '(long: see definitions)'}"
            for name, expression in self.definitions.items()
        ]
        lines += [f"  {limit}: {n} -> {e}" for limit, found in self.limits.items() for n, e in found.items()]
        return "\n".join([*lines, *(f"  assumes: {sentence}" for sentence in self.assumptions)])


def _guarded(expression: Any) -> Any:
    """The expression with ``W(z)`` as ``W(e^y)``, ``y = ln z`` written out, so that no exponential is formed."""
    import sympy

    of_exp = sympy.Function("lambert_w_of_exp")
    return expression.replace(sympy.LambertW, lambda z: of_exp(sympy.expand_log(sympy.log(z), force=True)))


def _upright(name: str) -> str:
    return r"\mathrm{" + name.replace("_", r"\_") + "}"
