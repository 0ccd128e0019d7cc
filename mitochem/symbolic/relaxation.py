"""How fast Δψ and ΔpH come to rest: two time constants four orders of magnitude apart."""

from __future__ import annotations

import functools

from .closed_form import ClosedForm
from .potassium import potassium_cycle
from .reading import Reading

__all__ = ["relaxation_times"]


@functools.cache
def relaxation_times() -> ClosedForm:
    """Relaxation of (Δψ, ZΔpH) with a linear chain, leak and K+ cycle at given matrix K+.

    The matrix is ``M = [[−(G+g_K)/C, −G/C], [−G/B, −(G+g_X)/B]]`` with ``G = g_e + g_L`` and ``B = β/Z``. For a small
    capacitance the fast rate is ``(G + g_K)/C`` and the slow one ``(g_X + G g_K/(G + g_K))/B``: Δψ follows at once,
    ΔpH waits for potassium. An imposed step of ZΔpH is answered by ``−G/(G + g_K)`` of it in Δψ.

    Fails far from the steady state of a non-linear membrane, where the conductances are slopes at that point.

    References
    ----------
    Worked example H6 of the model description.
    """
    import sympy

    model = potassium_cycle().model
    if model is None:
        raise ArithmeticError("the potassium cycle was not read from a model.")
    reading = Reading(model, keep=("nernst_slope", "potassium_potential"))
    leak, chain = reading["leak.conductance"], reading["electron_transport.conductance"]
    total = reading.part("conductance", leak + chain, instead_of=leak)
    buffer = reading.part(
        "buffer_per_mV", reading["membrane.buffer"] / reading["nernst_slope"], instead_of=reading["membrane.buffer"]
    )
    # ZΔpH is the second variable: its rate is Z times that of matrix pH.
    slope, chemical = reading["nernst_slope"], sympy.Symbol("chemical", real=True)
    pH = chemical / slope + reading["pH_bath"]
    rates = [
        reading.expression("d_delta_psi").subs(reading["pH_matrix"], pH),
        slope * reading.expression("d_pH_matrix").subs(reading["pH_matrix"], pH),
    ]
    matrix = sympy.Matrix(rates).jacobian([reading["delta_psi"], chemical]).applyfunc(sympy.simplify)
    half, product = matrix.trace() / 2, sympy.factor(matrix.det())
    spread = sympy.sqrt(sympy.expand(half**2 - product))
    # tau = -1/rate; with rates of one sign, 1/(|half| - spread) = (|half| + spread)/product.
    slow, fast = (-half + spread) / product, 1 / (-half + spread)
    capacitance = reading["membrane.capacitance"]
    fast_limit = sympy.simplify(capacitance * sympy.limit(fast / capacitance, capacitance, 0))
    slow_limit = sympy.simplify(sympy.limit(slow, capacitance, 0))
    return reading.closed_form(
        "relaxation_times",
        "H6",
        "relaxation of Δψ and ΔpH around a linear steady state",
        assumptions=(
            "Chain, leak, K+ uniport and K+/H+ exchange are linear in their driving forces.",
            "Matrix K+ is given: it moves more slowly than ΔpH where the matrix holds much of it.",
        ),
        quantities={
            "fast": sympy.simplify(fast),
            "slow": sympy.simplify(slow),
            "answer_of_potential": sympy.simplify(-matrix[0, 1] / matrix[0, 0]),
        },
        limits={"C → 0": {"fast": fast_limit, "slow": slow_limit}},
        solved=(
            *(
                sympy.Eq(sympy.Symbol(f"M_{i + 1}{j + 1}"), matrix[i, j], evaluate=False)
                for i in (0, 1)
                for j in (0, 1)
            ),
            sympy.Eq(total, leak + chain),
            sympy.Eq(buffer, reading["membrane.buffer"] / slope),
        ),
        labels={
            "fast": r"\tau_{\mathrm{fast}}",
            "slow": r"\tau_{\mathrm{slow}}",
            "answer_of_potential": r"\partial\Delta\psi/\partial(Z\Delta\mathrm{pH})",
            "conductance": "G",
            "buffer_per_mV": "B",
        },
    )
