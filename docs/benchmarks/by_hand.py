"""The default model once more, typed from its equations on paper: what a user without mitochem would write.

Nothing here comes from mitochem, so that agreement is evidence. The equations are typed twice: as Python, which serves
SciPy (with ``math``) and a hand-made batch solver (with NumPy), and as SBML, for libroadrunner. Units: mV, min,
nmol/mg, mM; rates in nmol/min/mg; oxygen as O2; temperature 37 degC, 1 mg/mL protein, 0.2 mM O2, NADH-linked.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import numpy as np

F = 96.48533212e-3  # kJ/mol/mV
RT = 8.31446261815324e-3 * 310.15  # kJ/mol
LN10 = math.log(10)
CAPACITANCE, BUFFER, K_BATH, PH_BATH, VOLUME_BATH = 0.005, 22.0, 120.0, 7.2, 1000.0
CHARGE = CAPACITANCE * 0.0 - BUFFER * 7.2 + 120.0  # conserved: C Δψ - β pH + K, at the start
ADENYLATE, PHOSPHATE = 0.5, 5.0 + 0.5  # conserved: ATP + ADP, and Pi + ATP
LOAD = 300.0  # largest rate of ATP use by work
START = (0.0, 7.2, 0.0)  # Δψ, pH, ADP


class Fluxes(NamedTuple):
    """Rates of the six processes, nmol/min/mg, and the proton-motive force, mV."""

    o2: Any
    atp: Any
    leak: Any
    uncoupler: Any
    potassium: Any
    exchange: Any
    load: Any
    pmf: Any


def fluxes(psi: Any, pH: Any, K: Any, adp: Any, atp: Any, pi: Any, dose: Any, exp: Callable[[Any], Any]) -> Fluxes:
    """All laws; ``dose`` is total FCCP in µM."""
    phi = psi * F / RT
    pmf = psi + LN10 * RT / F * (pH - PH_BATH)
    # weak-acid carrier: load on the membranes, protonation of both faces, translocation
    carrier = dose * 1e-3 * VOLUME_BATH * 2.88 / (1 + 2.88)
    outer = 1 / (1 + exp(LN10 * (PH_BATH - 6.2)))
    inner = 1 / (1 + exp(LN10 * (pH - 6.2)))
    half, back = exp(phi / 2), exp(-phi / 2)
    cycle = 6e5 * 4.2e4 * (outer * (1 - inner) * half - inner * (1 - outer) * back)
    cycle /= 6e5 * (outer + inner) + 4.2e4 * ((1 - outer) * back + (1 - inner) * half)
    # respiratory chain, per O2: 4 electrons over 1093.5 mV, 20 protons, two turns of the limiting step
    drive = exp((4 * F * 1093.5 - 20 * F * pmf) / (2 * RT))
    forward = 100.0 * 0.2 / (0.0005 + 0.2) / (1 + exp((pmf - 166.6) / 8.4))
    o2 = (drive - 1) / (drive / forward + 1 / 2.5) / (1 + carrier / 10.0)
    # phosphorylation with 11/3 protons per ATP
    away = 1000.0 * exp(-(11 / 3 * F * pmf - 33.0) / RT)
    capacity = 612.0 / (1 + exp((140.0 - pmf) / 8.0))
    made = (adp * pi - away * atp) / ((0.025 + adp) * (1.0 + pi) / capacity + away * (0.3 + atp) / 360.0)
    leak = 0.618 * (exp(0.035 * pmf) - exp(-0.035 * pmf)) / 2
    potassium = 6e-4 * (K_BATH * half - K / 1.0 * back)
    exchange = 480.0 * (K / 1.0 * 10 ** (3 - PH_BATH) - K_BATH * exp(LN10 * (3 - pH)))
    load = LOAD * atp / (0.15 + atp)
    return Fluxes(o2, made, leak, 0.2 * carrier * cycle, potassium, exchange, load, pmf)


def charge_rates(j: Fluxes) -> tuple[Any, Any, Any]:
    """Net charge moved out, protons taken from the matrix, and K+ gained, nmol/min/mg."""
    pumped = 20 * j.o2 - 11 / 3 * j.atp - j.leak - j.uncoupler
    return pumped - j.potassium, pumped - j.exchange, j.potassium - j.exchange


def balances(dose: Any, nucleotides: tuple[float, float, float] | None, exp: Callable[[Any], Any]) -> Any:
    """Function whose root is the steady state, in Δψ and pH (and ADP unless nucleotides are held).

    The conserved totals are eliminated by hand: K+ from the charge, ATP and Pi from ADP.
    """

    def net(u: Any) -> tuple[Any, ...]:
        psi, pH = u[0], u[1]
        K = CHARGE - CAPACITANCE * psi + BUFFER * pH
        if nucleotides:
            j = fluxes(psi, pH, K, *nucleotides, dose, exp)
            return charge_rates(j)[0], charge_rates(j)[2]
        j = fluxes(psi, pH, K, u[2], ADENYLATE - u[2], PHOSPHATE - ADENYLATE + u[2], dose, exp)
        return charge_rates(j)[0], charge_rates(j)[2], j.load - j.atp

    return net


def slopes(dose: float, nucleotides: tuple[float, float, float] | None) -> Callable[[float, Any], list[float]]:
    """Right-hand side for `solve_ivp`, in Δψ, pH, K+ (and ADP unless nucleotides are held)."""

    def rhs(_: float, y: Any) -> list[float]:
        psi, pH, K = float(y[0]), float(y[1]), float(y[2])
        adp = 0.0 if nucleotides else float(y[3])
        pools = nucleotides or (adp, ADENYLATE - adp, PHOSPHATE - ADENYLATE + adp)
        j = fluxes(psi, pH, K, *pools, dose, math.exp)
        charge, protons, potassium = charge_rates(j)
        rates = [charge / CAPACITANCE, protons / BUFFER, potassium]
        return rates if nucleotides else [*rates, (j.load - j.atp) / VOLUME_BATH]

    return rhs


def readings(u: Any, doses: Any, nucleotides: tuple[float, float, float] | None) -> tuple[Any, Any]:
    """pmf and oxygen consumption of steady states given as columns of Δψ, pH (and ADP)."""
    psi, pH = u[0], u[1]
    K = CHARGE - CAPACITANCE * psi + BUFFER * pH
    pools = nucleotides or (u[2], ADENYLATE - u[2], PHOSPHATE - ADENYLATE + u[2])
    j = fluxes(psi, pH, K, *pools, doses, np.exp)
    return j.pmf, j.o2


def batch_newton(u: Any, doses: Any, nucleotides: tuple[float, float, float] | None) -> Any:
    """Newton's method for all doses at once, with complex-step derivatives and steps of at most 10 mV, 0.2, 0.02 mM.

    As short as it can be: made for this model, its start and this range of doses; anything else may fail unnoticed.
    """
    net = balances(doses, nucleotides, np.exp)
    n = len(u)
    limit = np.array([10.0, 0.2, 0.02])[:n, None]
    for _ in range(60):
        value = np.array(net(u))
        matrix = np.empty((len(doses), n, n))
        for i in range(n):
            shifted = u.astype(complex)
            shifted[i] += 1e-30j
            matrix[:, :, i] = np.imag(np.array(net(shifted))).T / 1e-30
        step = -np.linalg.solve(matrix, value.T[:, :, None])[:, :, 0].T
        u = u + np.clip(step, -limit, limit)
        if n > 2:
            u[2] = np.clip(u[2], 1e-9, ADENYLATE - 1e-9)
        if (np.abs(step) <= 1e-9 * (1 + np.abs(u))).all():
            return u
    raise RuntimeError("the hand-made Newton method did not converge")


# --- SBML ---------------------------------------------------------------------------------------------

# As an expert would set it up for libroadrunner: amounts that reactions exchange one for one, so that the conserved
# totals can be found and eliminated. q is charge on the membrane (C Δψ), h protons bound in the matrix, β (14 - pH).
_PARAMETERS = {
    "dose": 0.0, "F": F, "RT": RT, "ln10": LN10, "C": 0.005, "beta": 22.0, "Ko": 120.0, "pHo": 7.2, "vW": 300.0,
    "Ve": 100.0, "Ver": 2.5, "dEh": 1093.5, "chi": 2.0, "p_half": 166.6, "w_e": 8.4, "O2": 0.2, "KO2": 5e-4,
    "Vs": 612.0, "Vh": 360.0, "nP": 11 / 3, "dG0": 33.0, "KD": 0.025, "KP": 1.0, "KT": 0.3, "p_s": 140.0, "w_s": 8.0,
    "AL": 0.618, "kL": 0.035, "PK": 6e-4, "XKH": 480.0, "vm": 1.0, "KW": 0.15,
    "pK": 6.2, "kHA": 6e5, "kA": 4.2e4, "Kb": 2.88, "rho": 1.0, "Vo": 1000.0, "eta": 0.2, "Kiu": 10.0,
}  # fmt: skip
_ASSIGNMENTS = {
    "psi": "q / C",
    "pHm": "14 - h / beta",
    "pmf": "psi + ln10 * RT / F * (pHm - pHo)",
    "e_half": "exp(psi * F / (2 * RT))",
    "N": "dose * Vo / 1000 * Kb * rho / (1 + Kb * rho)",
    "th_o": "1 / (1 + exp(ln10 * (pHo - pK)))",
    "th_m": "1 / (1 + exp(ln10 * (pHm - pK)))",
    "vf": "Ve * O2 / (KO2 + O2) / (1 + exp((pmf - p_half) / w_e))",
    "ex": "exp(-(4 * F * dEh - 20 * F * pmf) / (chi * RT))",
    "S": "Vs / (1 + exp((p_s - pmf) / w_s))",
    "E": "1000 * exp((dG0 - nP * F * pmf) / RT)",
    "J_e": "(1 - ex) * vf * Ver / (Ver + vf * ex) / (1 + N / Kiu)",
    "J_P": "S * (D / Vo * P / Vo - E * T / Vo) / ((KD + D / Vo) * (KP + P / Vo) + S * E * (KT + T / Vo) / Vh)",
    "J_L": "AL * (exp(kL * pmf) - exp(-kL * pmf)) / 2",
    "J_U": (
        "eta * N * kHA * kA * (th_o * (1 - th_m) * e_half - th_m * (1 - th_o) / e_half)"
        " / (kHA * (th_o + th_m) + kA * ((1 - th_o) / e_half + (1 - th_m) * e_half))"
    ),
    "J_K": "PK * (Ko * e_half - K / vm / e_half)",
    "J_KH": "XKH * (K / vm * exp(ln10 * (3 - pHo)) - Ko * exp(ln10 * (3 - pHm)))",
    "J_W": "vW * (T / Vo) / (KW + T / Vo)",
}
_SPECIES = {"q": 0.0, "h": 22.0 * (14 - 7.2), "K": 120.0, "D": 0.0, "T": 500.0, "P": 5000.0}
_REACTIONS: dict[str, dict[str, float]] = {
    "J_e": {"q": 20, "h": -20},
    "J_P": {"q": -11 / 3, "h": 11 / 3, "D": -1, "P": -1, "T": 1},
    "J_L": {"q": -1, "h": 1},
    "J_U": {"q": -1, "h": 1},
    "J_K": {"q": -1, "K": 1},
    "J_KH": {"K": -1, "h": 1},
    "J_W": {"T": -1, "D": 1, "P": 1},
}


def sbml(clamped: bool) -> str:
    """The model as SBML Level 3; ``clamped`` makes the nucleotides constants to be set from outside."""
    held = ("D", "T", "P") if clamped else ()
    constants = _PARAMETERS | {name: _SPECIES[name] for name in held}
    parameters = [f'<parameter id="{k}" value="{v!r}" constant="false"/>' for k, v in constants.items()]
    parameters += [f'<parameter id="{k}" constant="false"/>' for k in _ASSIGNMENTS]
    species = [
        f'<species id="{k}" compartment="chamber" initialAmount="{v!r}" hasOnlySubstanceUnits="true" '
        'boundaryCondition="false" constant="false"/>'
        for k, v in _SPECIES.items()
        if k not in held
    ]
    rules = [f'<assignmentRule variable="{k}">{_mathml(v)}</assignmentRule>' for k, v in _ASSIGNMENTS.items()]
    reactions = []
    for name, posts in _REACTIONS.items():
        posts = {k: v for k, v in posts.items() if k not in held}
        if not posts:
            continue
        sides = {
            tag: "".join(
                f'<speciesReference species="{k}" stoichiometry="{abs(v)!r}" constant="true"/>'
                for k, v in posts.items()
                if v * sign > 0
            )
            for tag, sign in (("listOfReactants", -1), ("listOfProducts", 1))
        }
        lists = "".join(f"<{tag}>{text}</{tag}>" for tag, text in sides.items() if text)
        reactions.append(
            f'<reaction id="v{name}" reversible="true">{lists}<kineticLaw>{_mathml(name)}</kineticLaw></reaction>'
        )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="L1">
<listOfCompartments><compartment id="chamber" size="1" spatialDimensions="3" constant="true"/></listOfCompartments>
<listOfSpecies>{"".join(species)}</listOfSpecies>
<listOfParameters>{"".join(parameters)}</listOfParameters>
<listOfRules>{"".join(rules)}</listOfRules>
<listOfReactions>{"".join(reactions)}</listOfReactions>
</model></sbml>"""


_OPERATORS: dict[type[ast.AST], str] = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divide"}


def _mathml(formula: str) -> str:
    """Content MathML of a formula in +, -, *, / and exp."""

    def element(node: ast.AST) -> str:
        match node:
            case ast.Constant(value=value):
                return f"<cn>{value!r}</cn>"
            case ast.Name(id=name):
                return f"<ci>{escape(name)}</ci>"
            case ast.BinOp(left=left, op=op, right=right):
                return f"<apply><{_OPERATORS[type(op)]}/>{element(left)}{element(right)}</apply>"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"<apply><minus/>{element(operand)}</apply>"
            case ast.Call(func=ast.Name(id=name), args=[argument]):
                return f"<apply><{name}/>{element(argument)}</apply>"
        raise ValueError(f"no MathML for {ast.dump(node)}")

    return f'<math xmlns="http://www.w3.org/1998/Math/MathML">{element(ast.parse(formula, mode="eval").body)}</math>'
