"""What readouts infer beside what is true in the model that made the data."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...analysis import top_down_blocks
from ...core.arguments import dataset_in, mapping_in, model_in, text_in
from ...core.errors import ParameterError, nearest
from ...core.library import attach, with_drugs_of
from ...core.protocol import Protocol
from ...core.units import registry, unit
from .base import one_time_course
from .plate_reader import PlateReader, of_a_well

if TYPE_CHECKING:
    import xarray

    from ...core.model import Model

__all__ = ["inferred_against_true", "truth_of_stress_test"]

OTHER = "J_O2_non_mitochondrial"
"""Oxygen that a model uses outside the mitochondria, where it knows of any."""


# --- the table -----------------------------------------------------------------------------------------------------


def inferred_against_true(inferred: Any, true: Any) -> xarray.Dataset:
    """Readouts of an instrument's data beside the truth they stand for.

    Parameters
    ----------
    inferred : Mapping or Dataset
        Readouts by name: numbers, or arrays with dimensions (of wells, of groups). What is no number (flags, labels)
        is left out.
    true : Mapping or Dataset
        The truth under the same names. What is in one alone is left out, and named in the attribute ``left_out``.

    Returns
    -------
    Dataset
        Over ``readout`` and the dimensions of the readouts: ``inferred``, ``true``, ``bias`` (inferred − true) and
        ``bias_percent`` (of the true value; NaN where that is 0). The coordinate ``units`` says in what each is;
        a truth in another unit of the same kind is converted. ``.to_dataframe()`` makes a table of it.

    Raises
    ------
    ParameterError
        If no readout has a truth, or units are of different kinds: a rate per well has no truth per mg until it is
        scaled, as `truth_of_stress_test` does with ``instrument=``.
    """
    import xarray

    found, known = _numbers(inferred, "inferred"), _numbers(true, "true")
    left_out = [*(name for name in found if name not in known), *(name for name in known if name not in found)]
    if len(left_out) == len(found) + len(known):
        inferred, true = ", ".join(found), ", ".join(known)
        raise ParameterError(f"no readout has a truth of the same name; inferred: {inferred}; true: {true}.")
    found = {name: array for name, array in found.items() if name in known}
    units = {n: str(a.attrs.get("units", known[n].attrs.get("units", "1"))) for n, a in found.items()}
    truths = {name: _converted(known[name], units[name], name) for name in found}
    names = xarray.IndexVariable("readout", list(found))
    rows = xarray.concat([_bare(array) for array in xarray.broadcast(*found.values())], names)
    truth = xarray.concat([xarray.zeros_like(rows[i]) + truths[name] for i, name in enumerate(found)], names)
    bias = rows - truth
    percent = 100 * bias / truth.where(truth != 0)
    own = {"units": "see the coordinate units"}
    ds = xarray.Dataset(
        {
            "inferred": rows.assign_attrs(own, long_name="inferred from the data"),
            "true": truth.assign_attrs(own, long_name="true in the model"),
            "bias": bias.assign_attrs(own, long_name="inferred minus true"),
            "bias_percent": percent.assign_attrs(units="%", long_name="bias as a share of the truth"),
        }
    )
    return ds.assign_coords(units=("readout", list(units.values()))).assign_attrs(left_out=", ".join(left_out))


def _numbers(given: Any, what: str) -> dict[str, xarray.DataArray]:
    """The numeric values of a mapping or Dataset by name, as arrays."""
    import xarray

    pairs = dict(given.data_vars) if hasattr(given, "data_vars") else mapping_in(given, what)
    out: dict[str, xarray.DataArray] = {}
    for name, value in pairs.items():
        array = value if isinstance(value, xarray.DataArray) else _scalar(value, f"{what}: {name}")
        if array.dtype.kind not in "fiu":
            continue
        if np.isinf(array.values).any():
            raise ParameterError(f"{what}: {name} is infinite.")
        if "readout" in array.dims:
            raise ParameterError(f"{what}: {name} has a dimension 'readout'; give each readout by its own name.")
        out[str(name)] = array.astype(float)
    if not out:
        raise ParameterError(f"{what} holds no numbers; give readouts by name, such as {{'basal': 40.0}}.")
    return out


def _bare(array: xarray.DataArray) -> xarray.DataArray:
    """The numbers with their dimensions: when a rate was read, say, does not go into a table."""
    bare = array.drop_vars([name for name in array.coords if array[name].ndim == 0])
    bare.attrs, bare.name = {}, None
    return bare


def _scalar(value: Any, what: str) -> xarray.DataArray:
    import xarray

    if isinstance(value, bool | np.bool_):
        return xarray.DataArray(value)  # a flag
    if isinstance(value, str) or value is None or np.ndim(value):
        raise ParameterError(f"{what} = {value!r} is not a number or a DataArray with named dimensions.")
    if hasattr(value, "_REGISTRY"):
        return xarray.DataArray(float(value.magnitude), attrs={"units": f"{value.units:~}" or "1"})
    try:
        return xarray.DataArray(float(value))
    except (TypeError, ValueError):
        raise ParameterError(f"{what} = {value!r} is not a number or a DataArray with named dimensions.") from None


def _converted(truth: xarray.DataArray, units: str, name: str) -> xarray.DataArray:
    """The truth in the unit of the readout."""
    import pint

    given = str(truth.attrs.get("units", units))
    if given == units:
        return _bare(truth)
    try:
        factor = registry().Quantity(1.0, unit(given)).to(unit(units)).magnitude
    except (pint.errors.PintError, AttributeError, ValueError):
        raise ParameterError(
            f"{name} is inferred in {units!r} and true in {given!r}, which cannot be compared; scale the truth first, "
            "as truth_of_stress_test does with instrument=..."
        ) from None
    return _bare(truth) * factor


# --- the truth of a stress test ------------------------------------------------------------------------------------


def truth_of_stress_test(
    model: Model,
    run: xarray.Dataset | Protocol,
    *,
    basal: str = "basal",
    uncoupler: str = "FCCP",
    instrument: PlateReader | None = None,
) -> xarray.Dataset:
    """What the readouts of a mitochondrial stress test stand for, as the model itself has it.

    The test reads leak respiration after oligomycin, where Δp is higher than before and so is the leak. Here nothing is
    inhibited: at the end of the basal phase the charge that the chain moves out, ``h`` per O2, comes back through
    phosphorylation and through the leak, and each pays for its share of respiration,

    ``proton_leak = charge through leak, uncoupler and cation uniport / h``,
    ``atp_linked_respiration = charge through synthase and exchange / h``.

    At a steady state they add up to respiration. Slip, a chain that moves less out, lowers ``h`` and so is in both.

    Parameters
    ----------
    model : Model
        The model that the run is of, without the drugs that the protocol adds.
    run : Dataset or Protocol
        The simulated test, one run; a protocol is simulated.
    basal : str
        Label of the phase before the first injection.
    uncoupler : str
        Drug whose best dose gives maximal respiration.
    instrument : PlateReader, optional
        Gives rates in pmol/min of a well at nominal seeding, instead of the unit of ``J_O2``, and its
        ``non_mitochondrial``. Cells in a well (`models.cultured_cell`) need none: they have both.

    Returns
    -------
    Dataset
        Named as `readouts.stress_test_table` names them: ``non_mitochondrial`` (of the instrument, or of the cell);
        ``basal_respiration``, ``proton_leak`` and ``atp_linked_respiration`` at the end of the basal phase;
        ``maximal_respiration``, the highest steady respiration on any dose of the uncoupler alone, from the basal
        state; ``spare_capacity`` (maximal − basal), ``spare_capacity_percent`` (100·maximal/basal),
        ``coupling_efficiency_percent`` (100·ATP-linked/basal) and ``cell_rcr`` (maximal/leak); and ``pmf_basal`` (mV),
        the force at which the leak is meant.

    Raises
    ------
    ParameterError
        If there is no such phase, the run is of another model, or the model moves no charge.

    Warns
    -----
    UserWarning
        If the basal phase is not steady (the shares miss it by more than 1 %), or the best dose lies outside
        1 nM to 100 µM, where what rests on maximal respiration is NaN.
    """
    import xarray

    model = model_in(model, "truth_of_stress_test")
    text_in(basal, "basal")
    if instrument is not None and not isinstance(instrument, PlateReader):
        raise ParameterError(f"instrument = {instrument!r} is not a PlateReader.")
    run = model.simulate(run) if isinstance(run, Protocol) else one_time_course(run, "truth_of_stress_test", "J_O2")
    here = _as_at_the_end_of(model, run, basal)
    values = here.evaluate()
    respiration, leak, made = _shares(here, values)
    maximal = _highest(here, uncoupler)
    scale, units, other = 1.0, str(dataset_in(run, "truth_of_stress_test")["J_O2"].attrs.get("units", "")), 0.0
    if of_a_well(run):
        scale, units, other = float(values["ocr"] / values["J_O2"]), "pmol/min/well", float(values.get(OTHER, 0.0))
        other *= scale
    elif instrument is not None:
        if units != "nmol/min/mg":
            raise ParameterError(f"J_O2 is in {units!r}; a well is scaled from nmol/min/mg.")
        scale, units, other = instrument.protein_per_well, "pmol/min/well", instrument.non_mitochondrial
    rates = {
        "non_mitochondrial": (other, "oxygen consumption outside the mitochondria"),
        "basal_respiration": (scale * respiration, "mitochondrial respiration in the basal phase"),
        "proton_leak": (scale * leak, "respiration that the leak takes at the basal force"),
        "atp_linked_respiration": (scale * made, "respiration that phosphorylation takes in the basal phase"),
        "maximal_respiration": (scale * maximal, f"highest respiration with {uncoupler}"),
        "spare_capacity": (scale * (maximal - respiration), "maximal minus basal respiration"),
    }
    ratios = {
        "spare_capacity_percent": (100 * maximal / respiration, "%", "maximal of basal respiration"),
        "coupling_efficiency_percent": (100 * made / respiration, "%", "ATP-linked of basal respiration"),
        "cell_rcr": (maximal / leak if leak > 0 else np.nan, "1", "maximal over leak respiration"),
        "pmf_basal": (values["pmf"], "mV", "proton-motive force in the basal phase"),
    }
    rows = {name: (value, units, text) for name, (value, text) in rates.items()} | ratios
    data = {name: ((), value, {"units": unit, "long_name": text}) for name, (value, unit, text) in rows.items()}
    return xarray.Dataset(data, attrs={"model": model.name, "definition": "shares of the charge moved, basal state"})


def _as_at_the_end_of(model: Model, run: Any, label: str) -> Model:
    """The model with its states and settings as the run has them at the end of a phase."""
    labels = list(dict.fromkeys(run["segment"].values.astype(str).tolist()))
    if label not in labels:
        raise ParameterError(f"the run has no phase {label!r}." + nearest(label, labels))
    end = run.isel(time=int(np.flatnonzero(run["segment"].values == label)[-1]))
    missing = [name for name in (*model.program.states, "J_O2") if name not in end.variables]
    if missing or "pmf" not in model.statements:
        raise ParameterError(f"the run is not one of {model.name}: it lacks {', '.join(missing) or 'a force pmf'}.")
    doses = {str(n): float(end[n]) for n in end.data_vars if str(n).endswith(".dose") and float(end[n]) > 0}
    model = with_drugs_of(model, doses)
    settings = {name: float(end[name]) for name in model.values if name in end.variables}
    here = model.replace({name: float(end[name]) for name in model.program.states} | settings)
    # The states alone would pass for a run of any model that has them; the fluxes do not.
    values = here.evaluate()
    for flux in model.program.fluxes:
        if flux in end.variables and not np.isclose(values[flux], float(end[flux]), rtol=1e-6, atol=1e-6):
            raise ParameterError(
                f"the run is not one of this {model.name}: {flux} was {float(end[flux]):.6g}, and is "
                f"{values[flux]:.6g} with the parameters given; give the model that it was run with."
            )
    return here


def _shares(model: Model, values: Mapping[str, Any]) -> tuple[float, float, float]:
    """Respiration, and the parts of it that leak and phosphorylation take, by the charge that each brings back."""
    matrix = model.stoichiometry
    if "charge_ims" not in matrix["pool"].values:
        raise ParameterError(f"{model.name} has no pool 'charge_ims', by which respiration is shared out.")
    charge = {
        str(f): float(c) * float(values[str(f)])
        for f, c in zip(matrix["flux"].values, matrix.sel(pool="charge_ims").values)
    }
    moved = {block: sum(charge[step] for step in steps) for block, steps in top_down_blocks(model).items()}
    out, respiration = moved["substrate_oxidation"], float(values["J_O2"] - values.get(OTHER, 0.0))
    if not out > 0:
        raise ParameterError("the chain moves no charge out in the basal phase; respiration cannot be shared out.")
    leak, made = (-moved.get(block, 0.0) * respiration / out for block in ("leak", "phosphorylation"))
    if abs(leak + made - respiration) > 0.01 * respiration:
        warnings.warn(
            "the basal phase is not steady at its end: leak and ATP-linked do not add up to it.", stacklevel=3
        )
    return respiration, leak, made


def _highest(model: Model, uncoupler: str) -> float:
    """The highest steady respiration on any dose of an uncoupler."""
    model, _ = attach(model, uncoupler)
    doses = np.geomspace(1e-3, 1e2, 41)
    for _ in range(3):
        wanted = [name for name in ("J_O2", OTHER) if name in model.statements]
        ds = model.titrate(uncoupler, doses, outputs=wanted)
        rates = (ds["J_O2"] - ds.get(OTHER, 0.0)).where(ds["success"]).values
        if not np.isfinite(rates).any():
            break
        best = int(np.nanargmax(rates))
        if best in (0, len(doses) - 1):
            break
        doses = np.geomspace(doses[best - 1], doses[best + 1], 21)
    else:
        return float(np.nanmax(rates))
    warnings.warn(f"respiration has no maximum on {uncoupler} between 1 nM and 100 µM; maximal is NaN.", stacklevel=3)
    return float("nan")
