"""T6: least squares with the same optimiser around every tool."""

from __future__ import annotations

import contest
import numpy as np
import peers
from contest import Contest, Entry, write
from peers.equations import system
from peers.scipy_numpy import reference
from problems import ATOL, RTOL
from scipy.optimize import least_squares

TOOLS = (
    "mitochem", "mitochem-compiled", "mitochem-fit", "numbalsoda", "libroadrunner", "casadi", "pydiffsol", "myokit",
    "copasi", "diffrax", "scipy-math", "scipy-lsoda",
)  # fmt: skip
ROWS = 101

INTRODUCTION = f"""\
## T6: a fit

Five activities of the QAMAS model (three of the default model) to oxygen uptake, Δψ and NADH (oxygen uptake, Δψ) at
{ROWS} times with 1 % noise, from a start 25 to 60 % off: SciPy `least_squares` (trf) on the logarithms of the
parameters, forward differences with a step of 1e-3, around one time course per call; rtol 1e-6, atol 1e-9.
`fitting.TimeCourse` is under the same optimiser, but gives it the Jacobian too: forward differences of runs that share
their steps and are solved beside the one they are compared with, which allows a step of 1e-5.
*Error* is how far the cost ends above the least one found; *agreement* must be within 0.3 %."""


def main() -> None:
    options = contest.arguments(__doc__, TOOLS, rounds=5)
    parts = []
    for problem in options.problems:
        times = problem.times(ROWS)
        equations = system(problem)
        code = equations.functions(exp=np.exp, log=np.log, sqrt=np.sqrt)
        where = [problem.dials.index(a) for a in problem.fitted]

        def observed(states: np.ndarray, dials: np.ndarray, code=code) -> np.ndarray:
            return np.stack(np.broadcast_arrays(*code["observe"](states.T, code["prepare"](dials))))

        truth = observed(reference(problem, problem.defaults, times), problem.defaults)
        size = np.abs(truth).max(axis=1, keepdims=True)
        data = truth + 0.01 * size * np.random.default_rng(2).standard_normal(truth.shape)
        start = np.log(problem.defaults[where] * np.resize([1.6, 0.7, 1.25, 0.75, 1.4], len(where)))

        def fit(
            tool: peers.base.Peer, problem=problem, times=times, where=where, start=start, data=data, size=size,
            observed=observed,
        ) -> tuple[float, int]:  # fmt: skip
            dials = problem.defaults.copy()
            calls = 0
            own = tool.misfits(times, data, size)

            def residuals(theta: np.ndarray) -> np.ndarray:
                nonlocal calls
                calls += 1
                if own:
                    return own[0](theta)
                dials[where] = np.exp(theta)
                states = tool.states(tool.run(dials, times), times)
                return ((observed(states, dials) - data) / (0.01 * size)).ravel()

            if own:
                found = least_squares(residuals, start, own[1], method="trf", x_scale=1.0)
            else:
                found = least_squares(residuals, start, method="trf", diff_step=1e-3, x_scale=1.0)
            return float(found.cost), calls * (1 + len(start)) if own else calls

        cost_at_truth = 0.5 * float((((truth - data) / (0.01 * size)) ** 2).sum())
        best = fit(peers.build("scipy-math", problem, 1e-10, 1e-14))[0]

        def make(key: str, problem=problem, fit=fit, best=best) -> Entry:
            tool = peers.build(key, problem, RTOL, ATOL)
            tool.run(problem.defaults, problem.times(ROWS))
            entry = Entry(key, tool, lambda: fit(tool))
            cost, calls = entry.call()
            entry.error = abs(cost / best - 1)
            entry.agreement, entry.note = entry.error, f"{calls} time courses"
            return entry

        found = Contest("t6", f"T6, {len(where)} parameters", problem, options, agreement=3e-3)
        found.enter(make)
        found.run(0.1)
        parts.append((found, "ms", 1e3))
        print(f"cost {best:.4f}, at the true parameters {cost_at_truth:.4f}")
    write("t6_fit", INTRODUCTION, parts, options)


if __name__ == "__main__":
    main()
