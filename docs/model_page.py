"""The page of a model: equations, parameters, balances and windows, all read from the model itself."""

from __future__ import annotations

import math
import re
from typing import Any

import mitochem as mc


def page(m: mc.Model) -> str:
    """The page of one model, as Markdown that forges typeset."""
    return "\n".join([*_intro(m), *_components(m), *_balances(m), *_presets(), *_windows()]) + "\n"


def _intro(m: mc.Model) -> list[str]:
    lines = [
        "# The default model",
        "",
        "Generated from `models.isolated_mitochondria()` by `make docs`; do not edit. Every equation, number and",
        "source below is read from the model itself. Units are mV, min, nmol, mg of mitochondrial protein, µL and mM;",
        "respiration is in O₂. Each law is a method of the component of that name, in `mitochem.components`.",
        "",
        "Contents: [states](#states), [components](#components), [what each flux moves](#what-each-flux-moves),",
        "[rates of change](#rates-of-change), [what is conserved](#what-is-conserved), [presets](#presets),",
        "[windows](#windows).",
        "",
        "## States",
        "",
        "| state | symbol | start | unit | added as | held in | meaning |",
        "|---|---|---|---|---|---|---|",
    ]
    names = _names(m, "")
    for name, row in m.states.iterrows():
        lines.append(
            f"| `{name}` | ${names[str(name)]}$ | {row['initial']:g} | {row['unit']} | {row['add_as']} "
            f"| {row['held_in']} | {row['description']} |"
        )
    return lines


def _components(m: mc.Model) -> list[str]:
    lines = [
        "",
        "## Components",
        "",
        r"$\mathrm{logistic}(x) = 1/(1 + e^{-x})$. $\mathrm{kernel}(X, v_f, v_r) = (e^X - 1)/(e^X/v_f + 1/v_r)$ is the",
        r"rate of a reversible step with affinity $X$ (in units of RT) and capacities $v_f$ and $v_r$;",
        r"$\mathrm{expm1}(x) = e^x - 1$.",
        r"$\mathrm{energy\_of\_atp}$ is the energy of ATP synthesis from binding of H⁺ and Mg²⁺",
        "(`mitochem.thermodynamics`). An activity is 1, and a sum over uncouplers 0, until a drug joins it.",
    ]
    found = m.equations()
    for owner, item in m.components.items():
        lines += ["", f"### {owner}: {type(item).__name__}", "", _first(type(item).__doc__), ""]
        for s in m.program.statements:
            if s.owner == owner and s.kind in ("derived", "flux", "total", "factor"):
                lines += [
                    f"`{s.name}`: {_lower(s.long_name)}{_in(s.unit)}",
                    "",
                    *_math(m, owner, s.name, found[s.name]),
                ]
        lines += _parameters(m, owner)
    return lines


def _parameters(m: mc.Model, owner: str) -> list[str]:
    item = m.components[owner]
    if not item.declared_parameters:
        return ["No parameters."]
    lines = [
        "| parameter | symbol | value | unit | legal | plausible | status | source | meaning |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, declared in item.declared_parameters.items():
        status, source = item.origin(name)
        symbol = f"${declared.symbol}$" if declared.symbol else ""
        plausible = f"{declared.range[0]:g} to {declared.range[1]:g}" if declared.range else ""
        cells = [f"`{name}`", symbol, f"{getattr(item, name):.6g}", declared.unit, _interval(declared), plausible]
        cells += [status, _cell(source), _cell(type(item).describe(name))]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _interval(declared: Any) -> str:
    low, high = declared.bounds
    if math.isinf(low) and math.isinf(high):
        return "any"
    return f"{low:g} to {high:g}" if math.isfinite(high) and math.isfinite(low) else f"≥ {low:g}"


def _balances(m: mc.Model) -> list[str]:
    lines = [
        "",
        "## What each flux moves",
        "",
        "The affinity of a flux is what its posts release: minus the sum of coefficient times potential. Every flux",
        "that is driven by its affinity has its sign at any state.",
        "",
        "| flux | adds to pools | unit | driven by its affinity |",
        "|---|---|---|---|",
    ]
    for name, flux in m.program.fluxes.items():
        posts = ", ".join(f"{pool}: {_coefficient(c)}" for pool, c in flux.posts.items())
        driven = "yes" if flux.law.driven else f"no: {flux.law.reason}"
        lines.append(f"| `{name}` | {posts} | {flux.law.unit} | {driven} |")
    found = m.equations()
    lines += ["", "The affinities, in kJ/mol:", ""]
    for name, flux in m.program.fluxes.items():
        if f"affinity_{name}" in found:
            lines += _math(m, flux.owner, f"affinity_{name}", found[f"affinity_{name}"])
    lines += ["## Rates of change", "", "Sums of posts to a pool, and what they do to the states:", ""]
    for s in m.program.statements:
        if s.kind in ("net", "rate"):
            lines += _math(m, s.owner, s.name, found[s.name])
    lines += [
        "## What is conserved",
        "",
        "Found from the stoichiometry, not declared:",
        "",
        *(f"* {law}" for law in m.conservation_laws()),
        "",
        "The totals are set by the start values, and are conditions of every steady state.",
    ]
    return lines


def _presets() -> list[str]:
    from mitochem.models.presets import PRESETS, table

    lines = ["", "## Presets", ""]
    lines += [f"* `{name}`: {preset.description}." for name, preset in PRESETS.items()]
    lines += ["", "| preset | substrate | parameter | value | status | source |", "|---|---|---|---|---|---|"]
    for row in table().itertuples(index=False):
        cells = [row.preset, row.substrate, f"`{row.parameter}`", f"{row.value:g}", row.status, _cell(row.source)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _windows() -> list[str]:
    ds = mc.analysis.windows()
    cases = [str(c) for c in ds["case"].values]
    lines = [
        "",
        "## Windows",
        "",
        "What is known of real mitochondria, and where the model lies. **c**: the model was *calibrated* to it, so",
        "that it is no evidence. **p**: a *prediction*. **i**: an *identity*, which no parameter changes. ✗: outside",
        "the window, for the reason below. A dash: no such value, or no window known. The ends of a window are those",
        "of the source unless a note says that they are ours.",
        "",
        "| quantity | unit | " + " | ".join(cases) + " | window | source |",
        "|---|---|" + "---|" * len(cases) + "---|---|",
    ]
    notes: list[str] = []
    for key in ds["row"].values:
        row = ds.sel(row=key)
        cells = []
        for value, kind, inside in zip(row["value"].values, row["kind"].values, row["inside"].values):
            number = "0" if abs(value) < 1e-6 else f"{value:#.3g}".rstrip(".")
            cells.append(f"{number} {str(kind)[0]}{'' if inside else ' ✗'}" if math.isfinite(value) else "–")
        text = str(row["quantity"].values)
        lines.append(
            f"| {text} | {row['units'].values} | {' | '.join(cells)} | {_ends(row, cases)} | {row['source'].values} |"
        )
        outside = [c for c, inside in zip(cases, row["inside"].values) if not inside]
        if outside:
            notes.append(f"* ✗ {text} ({', '.join(outside)}): {row['miss'].values}.")
        if str(row["note"].values):
            notes.append(f"* {text}: {row['note'].values}.")
    return [*lines, "", *notes]


def _ends(row: Any, cases: list[str]) -> str:
    """The window of a row in words; by case where they differ."""
    ends = {case: (float(row["low"][i]), float(row["high"][i])) for i, case in enumerate(cases)}
    texts: dict[str, list[str]] = {}
    for case, (low, high) in ends.items():
        if not math.isnan(low):
            exact = 0 < high - low < 1e-3
            text = "1" if exact else f"{low:.3g} to {high:.3g}" if math.isfinite(high) else f"≥ {low:.3g}"
            texts.setdefault(text, []).append(case)
    if not texts:
        return "–"
    if len(texts) == 1 and len(next(iter(texts.values()))) == len(cases):
        return next(iter(texts))
    return "; ".join(f"{', '.join(_common(where))}: {text}" for text, where in texts.items())


def _common(cases: list[str]) -> list[str]:
    """``liver`` for both substrates of liver, ``NADH`` for both tissues."""
    for i in (0, 1):
        if len(cases) == 2 and len({case.split()[i] for case in cases}) == 1:
            return [cases[0].split()[i]]
    return cases


# --- how it is written ---------------------------------------------------------------------------------------------


def _names(m: mc.Model, owner: str) -> dict[str, str]:
    """LaTeX of every name; a component's own parameters without its name."""
    from mitochem.core.symbolic import latex_names

    names = latex_names(m.program, m.components)
    for name, text in names.items():
        plain = name.removeprefix(f"{owner}.").removeprefix(f"{owner}_")
        upright = r"\mathrm{" + plain.replace("_", r"\_") + "}"
        if not text.startswith(r"\mathrm{" + name.replace("_", r"\_")):
            continue
        for prefix, symbol in (
            ("mu0_", r"\mu^\circ"), ("mu_", r"\tilde\mu"), ("net_", r"\Sigma"),
            ("standard_affinity_", r"\mathcal{A}^\circ"), ("affinity_", r"\mathcal{A}"),
        ):  # fmt: skip
            if name.startswith(prefix):
                upright = symbol + r"_{\mathrm{" + name.removeprefix(prefix).replace("_", r"\_") + "}}"
                break
        names[name] = upright
    return names


def _math(m: mc.Model, owner: str, name: str, equation: Any) -> list[str]:
    """One equation as a block that forges typeset."""
    import sympy

    names = _names(m, owner)
    symbols = {s: names.get(s.name, s.name) for s in equation.free_symbols}
    right = sympy.latex(equation.rhs, symbol_names=symbols, ln_notation=True)
    right = re.sub(r"\\operatorname\{(\w+)\}(?:_\{([^}]*)\})?", _function, right).replace("2.30258509299405", r"\ln 10")
    right = re.sub(r"(?<![\d.])(\d+)\.0(?!\d)", r"\1", right)
    state = name.removeprefix("d_")
    left = r"\frac{d\," + names[state] + "}{dt}" if name.startswith("d_") and state in m.program.states else names[name]
    return ["```math", f"{left} = {right}", "```", ""]


def _function(match: re.Match[str]) -> str:
    """SymPy takes what follows an underscore or a first digit of a function's name for a subscript."""
    name, rest = match[1], match[2] or ""
    joined = name + rest if rest.isdigit() else "_".join([name, *rest.split()])
    return r"\mathrm{" + joined.replace("_", r"\_") + "}"


def _coefficient(c: Any) -> str:
    if isinstance(c, int | float):
        return f"{c:+g}"
    text = str(c)
    return f"`{text[1:-1] if text.startswith('(') else text}`"


def _first(text: str | None) -> str:
    """The first sentence or paragraph of a docstring, as one line."""
    return " ".join((text or "").strip().split("\n\n")[0].split()).replace("``", "`")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[:1].isascii() and text[1:2].islower() else text


def _in(unit: str) -> str:
    return "" if unit in ("1", "") else f", in {unit}"


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("``", "`")
