"""Write the pages that are generated from the models: the glossary of shared names, and the default model."""

from __future__ import annotations

import sys
from pathlib import Path

import mitochem as mc
from mitochem.core.dataset import attributes
from mitochem.core.program import REPORTED

HERE = Path(__file__).parent


def glossary() -> str:
    """Every name that more than one component may use, with unit, meaning and the models that have it."""
    rows: dict[str, tuple[str, str, str, list[str]]] = {}

    def add(name: str, unit: str, symbol: str, meaning: str, model: str) -> None:
        rows.setdefault(name, (unit, symbol, meaning, []))[3].append(model)

    for label in mc.models.list().index:
        model = mc.models.get(label)
        for name in model.program.states:
            found = attributes(model, name)
            add(name, found["units"], found.get("symbol", ""), found["long_name"] + " (state)", label)
        for name, (owner, parameter) in model.program.shared.items():
            declared = model.components[owner].declared_parameters[parameter]
            meaning = type(model.components[owner]).describe(parameter) + f" (parameter `{owner}.{parameter}`)"
            add(name, declared.unit, declared.symbol, meaning, label)
        for statement in model.program.statements:
            private = statement.owner and statement.name.startswith(f"{statement.owner}_")
            if statement.kind in REPORTED and statement.kind != "affinity" and not private:
                found = attributes(model, statement.name)
                add(statement.name, found["units"], found.get("symbol", ""), found.get("long_name", ""), label)
    lines = [
        "# Glossary of shared names",
        "",
        "Generated from the models by `make docs`; do not edit. A potential or pH difference is positive in an",
        "energised mitochondrion; a flux is positive in the direction of ordinary respiration: electrons to oxygen,",
        "protons out through the chain and back in through synthase, leak and uncoupler, ATP made, K⁺ in by uniport",
        "and out by exchange. Compartments end a name: `_bath`, `_matrix`, `_ims`. For every flux `J_x` the affinity",
        "that drives it, `affinity_J_x` (kJ/mol), is in the result too.",
        "",
        "| name | unit | symbol | meaning | in |",
        "|---|---|---|---|---|",
    ]
    for name in sorted(rows, key=str.lower):
        unit, symbol, meaning, where = rows[name]
        shown = f"${symbol}$" if symbol else ""
        lines.append(f"| `{name}` | {unit} | {shown} | {meaning} | {', '.join(where)} |")
    return "\n".join(lines) + "\n"


def model() -> str:
    """The default model: states, laws, parameters, balances, what is conserved, presets and windows."""
    if str(HERE) not in sys.path:
        sys.path.append(str(HERE))
    from model_page import page

    return page(mc.models.isolated_mitochondria())


PAGES = {"glossary.md": glossary, "model.md": model}

if __name__ == "__main__":
    for page, write in PAGES.items():
        (HERE / page).write_text(write(), "utf-8")
        print(f"wrote docs/{page}")
