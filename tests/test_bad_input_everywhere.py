"""Bad input at every public function: an error of ours that names the thing, never a silent NaN.

Rows stand in `bad_input` and in the files whose names begin so; laws of physics and components are tried argument by
argument. A public callable that nothing here asks badly fails the last test.
"""

import importlib
import inspect
import itertools
import re
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from bad_input import NAN, Things

import mitochem as mc
from mitochem import (
    MitochemError,
    ParameterError,
    components,
    drugs,
    electrochemistry,
    equilibria,
    symbolic,
    thermodynamics,
    verification,
)
from mitochem.core.component import Component

ROWS = [
    row
    for path in sorted(Path(__file__).parent.glob("bad_input*.py"))
    for row in importlib.import_module(path.stem).ROWS
]


@pytest.fixture(scope="module")
def things():
    return Things()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.name}-{row.words}" for row in ROWS])
def test_bad_input_is_refused_by_name(row, things):
    with pytest.raises(row.error, match=row.words) as error:
        row.call(things)
    assert isinstance(error.value, MitochemError)
    assert str(error.value) == error.value.args[0], "a KeyError must not print the repr of its message"
    plt.close("all")


# --- laws of physics, argument by argument -------------------------------------------------------------------------

LAWS = {
    electrochemistry: {
        "nernst": (5.0, 140.0, 1.0, 310.15),
        "nernst_slope": (310.15,),
        "thermal_voltage": (310.15,),
        "driving_force": (-70.0, -90.0),
        "electrochemical_potential": (140.0, 5.0, 1.0, -70.0, 310.15),
        "ghk_flux": (1.0, 140.0, 5.0, 1.0, -70.0, 310.15),
        "ghk_current": (1.0, 140.0, 5.0, 1.0, -70.0, 310.15),
        "ghk_voltage": ({"K": 1.0}, {"K": 140.0}, {"K": 5.0}, {"K": 1.0}, 310.15, 1.5),
        "eyring_flux": (1.0, 140.0, 5.0, 1.0, -70.0, 310.15, 0.5),
        "donnan": (150.0, 100.0, -1.0, 310.15),
        "proton_motive_force": (160.0, 0.5, 310.15),
        "pmf_energy": (180.0,),
        "from_classical": (160.0, -0.5, "out-in"),
        "to_classical": (160.0, 0.5, "out-in"),
    },
    thermodynamics: {
        "atp_synthesis_energy": (5.0, 0.5, 5.0, 7.2, 1.0, 310.15, 0.15, "golding"),
        "standard_atp_synthesis_energy": (7.2, 1.0, 310.15, 0.15, "golding"),
        "binding_polynomial": ("ATP", 7.2, 1.0, 310.15, 0.15, "golding"),
        "mean_bound": ("H", "ATP", 7.2, 1.0, 310.15, 0.15, "golding"),
        "creatine_kinase_constant": (7.2, 1.0, 310.15, 0.15),
        "redox_potential": ("NAD", 1.0, 1.0, 7.0, 310.15),
        "threshold_pmf": (60.0, 3.0),
    },
    equilibria: {
        "adenylate_kinase_equilibrium": (5.0, 0.5, 0.1, 0.5),
        "creatine_kinase_equilibrium": (5.0, 0.5, 10.0, 10.0, 166.0),
        "creatine_kinase_clamp": (5.0, 10.0, 10.0, 166.0),
    },
}
CALLS = [(module, name, good) for module, laws in LAWS.items() for name, good in laws.items()]


@pytest.mark.parametrize("bad", [NAN, np.inf, None, "much", "3 apples", "3 kg", [1.0, NAN], {}])
@pytest.mark.parametrize(("module", "name", "good"), CALLS, ids=[c[1] for c in CALLS])
def test_every_argument_of_a_law_is_refused_by_name(module, name, good, bad):
    law = getattr(module, name)
    law(*good)
    for i, argument in enumerate(list(inspect.signature(law).parameters)[: len(good)]):
        if argument == "permeability" and bad == "3 kg":
            continue  # a permeability has any unit: the flux then has that unit times mM
        with pytest.raises(ParameterError, match=argument):
            law(*good[:i], bad, *good[i + 1 :])


TOGETHER = [c for c in CALLS if c[1] not in ("from_classical", "to_classical")]  # which only change two signs


@pytest.mark.parametrize(("module", "name", "good"), TOGETHER, ids=[c[1] for c in TOGETHER])
def test_shapes_of_a_law_must_match(module, name, good):
    numbers = [i for i, value in enumerate(good) if isinstance(value, float)]
    for i, j in itertools.pairwise(numbers):
        wrong = list(good)
        wrong[i], wrong[j] = np.full(2, good[i]), np.full(3, good[j])
        with pytest.raises(ParameterError, match=r"the shapes of"):
            getattr(module, name)(*wrong)


# --- components, parameter by parameter ----------------------------------------------------------------------------

CLASSES = [getattr(components, name) for name in components.__all__]


@pytest.mark.parametrize("cls", [c for c in CLASSES if issubclass(c, Component)], ids=lambda c: c.__name__)
def test_every_parameter_of_a_component_is_refused_by_name(cls):
    with pytest.raises(ParameterError, match="has no parameter 'nonsense'"):
        cls(nonsense=1.0)
    for name, declared in cls.declared_parameters.items():
        beyond = [edge for edge in (declared.lower - 1, declared.upper + 1) if np.isfinite(edge)]
        for bad in (NAN, None, "much", "3 apples", "3 candela", [1.0, NAN], *beyond):
            with pytest.raises(ParameterError, match=rf"{cls.__name__}\.{name}"):
                cls(**{name: bad})


# --- NaN that has a reason -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "values", "words"),
    [
        ("constant_field_limits", {"v": 0.0}, "flux, slope NaN"),
        ("constant_field_limits", {"v": np.array([-70.0, 0.0])}, "flux, slope NaN"),
        ("imposed_gradient", {"pmf": 10.0}, "starts above the point"),
        ("donnan_equilibrium", {"c_salt": 0.0}, "osmotic_excess NaN"),
    ],
)
def test_a_closed_form_that_does_not_hold_is_not_silently_nan(form, values, words):
    with pytest.warns(UserWarning, match=words):
        symbolic.closed_forms()[form].numeric(**values)


def test_closed_forms_are_numbers_at_their_own_values_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for form in symbolic.closed_forms().values():
            assert not any(np.isnan(value) for value in form.numeric().values()), form.name


# --- nothing is lost without a word -------------------------------------------------------------------------------


def test_what_is_understood_is_not_refused(things):
    model = things.model
    np.testing.assert_array_equal(model.jacobian({"delta_psi": "0.1 V"}), model.jacobian({"delta_psi": 100.0}))
    np.testing.assert_array_equal(components.SinhLeak().J_leak([0.0, 180.0])[0], 0.0)
    by_alias = model.simulate(t_end=1, start={"ADP": 0.1, "delta_psi": "0.15 V"}).isel(time=0)
    assert (float(by_alias.adp_bath), float(by_alias.delta_psi)) == (0.1, 150.0)
    # A result has quantities too, here one that the model does not know.
    result = things.run.isel(time=-1).assign(remark=1.0)
    assert float(model.simulate(t_end=1, start=result).isel(time=0).delta_psi) == float(result.delta_psi)
    assert bool(model.steady_state(start=result)["success"])


def test_a_component_with_two_bases_has_the_laws_of_both():
    @mc.component
    class Base(Component):
        """A base."""

        leak: float = mc.parameter(1.0, "1", source="assumed: a test")
        contents = {"a": {"charge": 1}}  # noqa: RUF012

        @mc.derived("1")
        def own(self):
            return self.leak

    @mc.component
    class Left(Base):
        """One branch."""

        left: float = mc.parameter(2.0, "1", source="assumed: a test")

    @mc.component
    class Right(Base):
        """The other, with a law of its own in place of the base's."""

        right: float = mc.parameter(3.0, "1", source="assumed: a test")
        contents = {"b": {"charge": 1}}  # noqa: RUF012

        @mc.derived("1")
        def own(self):
            return self.right

    @mc.component
    class Both(Left, Right):
        """Both."""

    assert list(Both.declared_parameters) == ["leak", "left", "right"]
    assert Both.declared_laws["own"] is Both.own is Right.own
    assert Both(right=5.0).own() == 5.0
    assert set(Both.contents) == {"a", "b"}


def test_a_model_cites_the_source_of_its_drugs(things):
    assert "KeilinHartree1939" not in things.model.cite()
    assert "KeilinHartree1939" in things.model.with_component(drugs.get("cyanide", things.model)).cite()
    namesake = components.SinhLeak().named("cyanide")
    assert "KeilinHartree1939" not in things.model.with_component(namesake.rewire(J_leak="J_leak_2")).cite()


# --- nothing is left out -------------------------------------------------------------------------------------------

WITHOUT_ARGUMENTS = "takes no arguments"
WITHOUT_CHOICE = "has nothing to choose: it is made without arguments"
RESULT = "made by functions of the package, not by users; it only holds what they found"
ERROR = "an error, to be caught"
FUNCTION = "laws are written with it: NaN in, NaN out, so that a solver's trial step does not raise"
DECLARES = "declares inside a class body; Model says what is wrong with it when it is assembled"

NEEDS_NO_ROW = {
    **dict.fromkeys(("models.minimal", "models.qamas_in_vitro", "models.korzeniewski_heart"), WITHOUT_ARGUMENTS),
    **dict.fromkeys(
        ("models.list", "datasets.list", "drugs.list", "gallery.figures", "experiments.list"), WITHOUT_ARGUMENTS
    ),
    **dict.fromkeys(("gallery.table", "symbolic.closed_forms", "plot.house_style"), WITHOUT_ARGUMENTS),
    **dict.fromkeys(("ensembles.Moments", "ensembles.Extremes"), WITHOUT_CHOICE),
    "Rodas5P": "a method of scipy.integrate.solve_ivp, which checks what it is given",
    **dict.fromkeys(("fitting.Derived", "fitting.ModularFit"), RESULT),
    **dict.fromkeys(("electrochemistry.Donnan", "electrochemistry.ProtonForces", "thermodynamics.Couple"), RESULT),
    **dict.fromkeys(("equilibria.AdenylatePools", "equilibria.CreatinePools", "thermodynamics.Equilibrium"), RESULT),
    **dict.fromkeys(("datasets.Fact", "fitting.Bootstrap", "fitting.DidNotMove", "fitting.Profile"), RESULT),
    **dict.fromkeys(
        ("verification.Check", "verification.VerificationReport", "gallery.Entry", "drugs.Drug", "experiments.Assay"),
        RESULT,
    ),
    **dict.fromkeys(("MitochemError", "ModelError", "ParameterError", "SolveError", "ReaderError", "FitError"), ERROR),
    **dict.fromkeys(("exp", "expm1", "log", "log10", "sinh", "cosh", "tanh", "sqrt", "where", "kernel"), FUNCTION),
    **dict.fromkeys(("logistic", "softplus", "x_over_expm1", "thermodynamics.kernel"), FUNCTION),
    **dict.fromkeys(("factor", "quantity"), DECLARES),
}
"""Public callables that no row asks badly, each with the reason."""


def public():
    """Every public callable by name: those of the package, and those of its modules and their modules."""
    found = {name: getattr(mc, name) for name in mc.__all__}
    places = {name: thing for name, thing in found.items() if inspect.ismodule(thing)} | {"verification": verification}
    while places:
        place, module = places.popitem()
        names = getattr(module, "__all__", None) or [
            n for n, t in vars(module).items() if n[0] != "_" and getattr(t, "__module__", "") == module.__name__
        ]
        for name in names:
            found[f"{place}.{name}"] = thing = getattr(module, name)
            if inspect.ismodule(thing):
                places[f"{place}.{name}"] = thing
    return {name: thing for name, thing in found.items() if callable(thing)}


def not_asked(names):
    """Those that have neither a row nor a reason for having none; a function may have several public names."""
    known = public()
    things = [known[name] for name in ({row.name for row in ROWS} | set(NEEDS_NO_ROW)) & set(known)]
    things += [getattr(module, name) for module, name, _ in CALLS]
    things += [cls for cls in CLASSES if issubclass(cls, Component)]
    asked = set(map(id, things))
    return sorted(name for name, thing in names.items() if id(thing) not in asked)


def test_every_public_function_is_asked_badly():
    assert not_asked(public()) == []


def test_a_new_public_function_without_a_row_is_noticed(monkeypatch):
    monkeypatch.setattr(mc.analysis, "__all__", [*mc.analysis.__all__, "novelty"])
    monkeypatch.setattr(mc.analysis, "novelty", lambda model: model, raising=False)
    assert not_asked(public()) == ["analysis.novelty"]


def test_rows_and_reasons_are_of_what_exists():
    known = public()
    assert {row.name for row in ROWS} | set(NEEDS_NO_ROW) <= set(known)
    for name, reason in NEEDS_NO_ROW.items():
        if reason == WITHOUT_ARGUMENTS:
            assert not inspect.signature(known[name]).parameters, name
    assert drugs.get in known.values()
    for row in ROWS:
        re.compile(row.words)
