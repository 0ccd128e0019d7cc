"""Cost against the number of members, of steady states, and of states of the model."""

from __future__ import annotations

from functools import partial

import contest
import peers
from contest import save
from measure import interleaved, spread, table
from peers.base import Unable
from problems import ATOL, RTOL

import mitochem as mc

TOOLS = ("mitochem", "mitochem-compiled", "numbalsoda", "libroadrunner")
SLOW = {"mitochem": 100}
"""Members beyond which a tool is not asked."""

INTRODUCTION = """\
## Cost against size

µs per item: what a call costs before it pays to have many. Members are time courses of T5 (101 rows), points are steady
states of T4."""


def main() -> None:
    options = contest.arguments(__doc__, TOOLS, rounds=5)
    sizes = (1, 10, 100, 1000) if options.quick else (1, 10, 100, 1_000, 10_000)
    texts, facts = [INTRODUCTION], []
    for problem in options.problems:
        times, draws = problem.times(101), problem.draws(max(sizes))
        tools = {}
        for key in options.tools:
            try:
                tools[key] = peers.build(key, problem, RTOL, ATOL)
            except (Unable, ImportError) as reason:
                texts.append(f"* {key} left out: {reason}")
        for what, limit in (("members", SLOW), ("points", {})):
            tasks = {}
            for key, tool in tools.items():
                for n in sizes:
                    if n > limit.get(key, max(sizes)) or (what == "points" and n > 1000):
                        continue
                    if what == "members":
                        tasks[key, n] = partial(tool.ensemble, draws[:n], times)
                    elif n >= 100 or not tool.whole or key.startswith("mitochem"):
                        # libroadrunner goes on from point to point, and needs them close together
                        tasks[key, n] = partial(tool.steady, problem.sweep_table(n))
            for call in tasks.values():
                call()
            seconds = interleaved(tasks, options.rounds)
            rows = [
                [t.name, *(spread(seconds[k, n], 1e6 / n) if (k, n) in seconds else "–" for n in sizes)]
                for k, t in tools.items()
            ]
            texts += ["", f"### By {what}, `{problem.name}`", "", table([what, *(f"{n:,}" for n in sizes)], rows)]
            facts += [
                {"problem": problem.name, "what": what, "tool": k, "n": n, "seconds": s}
                for (k, n), s in seconds.items()
            ]
    texts += ["", "### By states of the model", "", by_states(options.rounds, facts), ""]
    save("scaling", "\n".join(texts), {"points": facts}, options.quick)


def by_states(rounds: int, facts: list[dict]) -> str:
    """mitochem alone: 1,000 members of every model with a capacity or activity drawn."""
    import numpy as np

    names = ("minimal", "isolated_mitochondria", "qamas_in_vitro", "korzeniewski_heart")
    tasks, sizes = {}, {}
    for name in names:
        try:
            model = mc.models.get(name)
            dials = [a for a in model.values if a.endswith((".capacity", ".activity", ".amplitude"))]
            dials = [a for a in dials if model.values[a]][:6]
            factors = 1.3 ** np.random.default_rng(1).uniform(-1, 1, (len(dials), 1000))
            columns = {a: model.values[a] * f for a, f in zip(dials, factors)}
            options = {"outputs": list(model.program.states), "workers": 1, "rtol": 1e-6, "solver": "rosenbrock"}
            times = np.linspace(0, 5 * model.per_minute, 101)

            def call(model=model, columns=columns, times=times, options=options) -> object:
                return model.ensemble(columns, t_end=times[-1], times=times, **options)

            call()
        except Exception as reason:  # a model that is not there, or a mitochem without ensembles
            sizes[name] = f"left out: {str(reason).splitlines()[0][:120] if str(reason) else type(reason).__name__}"
            continue
        sizes[name], tasks[name] = f"{len(model.program.states)}", call
    seconds = interleaved(tasks, rounds)
    facts += [{"what": "states", "model": k, "states": sizes[k], "seconds": s} for k, s in seconds.items()]
    rows = [[f"`{n}`", sizes[n], spread(seconds[n], 1e3) if n in seconds else "–"] for n in names]
    return table(["model", "states", "µs per member of 1,000, 5 min, 101 rows"], rows)


if __name__ == "__main__":
    main()
