"""Every shipped component and every named drug is held to the contract of components."""

import pytest
from contract import ComponentContract

from mitochem import components
from mitochem.core.component import Component
from mitochem.core.library import drugs

# A drug for every site is the same class; one representative wiring makes the bare class fit into a model.
WIRED = {
    "Inhibitor": lambda c: c.rewire(activity="activity_chain"),
    "Ionophore": lambda c: c.rewire(permeability="potassium_permeability"),
}

CLASSES = [getattr(components, name) for name in components.__all__]
INSTANCES = [pytest.param(WIRED.get(c.__name__, lambda x: x)(c()), id=c.__name__) for c in CLASSES]
DRUGS = [pytest.param(item, id=name) for name, item in drugs.items()]


class TestEveryComponent(ComponentContract):
    @pytest.fixture(params=[*INSTANCES, *DRUGS])
    def item(self, request):
        return request.param


def test_all_exported_names_are_components():
    assert all(issubclass(c, Component) for c in CLASSES)
    assert {"FCCP", "CCCP", "rotenone", "antimycin", "cyanide", "oligomycin", "carboxyatractyloside"} <= set(drugs)
