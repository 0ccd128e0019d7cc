"""Windows: what is known of real mitochondria, one row a quantity, with its source."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["CASES", "ROWS", "Row"]

CASES = ("liver NADH", "liver succinate", "heart NADH", "heart succinate")
_NONE = (np.nan, np.nan)


@dataclasses.dataclass(frozen=True)
class Row:
    """One quantity with its window: one for all cases, or by substrate, tissue or case.

    ``calibrated`` names the cases of which this quantity was used to choose parameter values, ``miss`` says why a
    model that lies outside does so.
    """

    text: str
    unit: str
    window: Any
    source: str
    calibrated: tuple[str, ...] = ()
    identity: bool = False
    note: str = ""
    miss: str = ""

    def of(self, case: str) -> tuple[float, float]:
        """The window of a case; NaN where none is known."""
        if not isinstance(self.window, Mapping):
            return self.window  # type: ignore[no-any-return]
        tissue, substrate = case.split()
        keys = (case, tissue, substrate)
        return next((self.window[k] for k in keys if k in self.window), _NONE)

    def kind(self, case: str) -> str:
        """Whether a case was calibrated to this, predicts it, or cannot but obey it."""
        return "identity" if self.identity else "calibrated" if case in self.calibrated else "prediction"


_LIVER = ("liver NADH", "liver succinate")
_RATES = (*_LIVER, "heart NADH")
_CHAIN = "only the capacity of the chain limits here; it is assumed, without data for heart on succinate"
_OURS = "the source says it in words, the numbers are ours"
_FIT = "limits of {}, set with the fit in view"
_BAZIL = "Bazil2016, 5 mM phosphate, at 2 UCS/mg"

ROWS: dict[str, Row] = {
    "pmf_state_4": Row("Δp, state 4", "mV", (160, 220), "Nicholls1974; PMC8786295", ("liver NADH",)),
    "pmf_state_3": Row("Δp, state 3", "mV", (140, 180), "Nicholls1974", ("liver NADH",)),
    "delta_psi_state_4": Row(
        "Δψ, state 4", "mV", {"liver": (150, 190), "heart NADH": (180, 187)},
        "Gerencser2012; heart: Bazil2016", ("liver NADH", "heart NADH"),
    ),
    "delta_psi_data": Row(
        "Δψ less measured, largest of three rates, 5 mM Pi", "mV", {"heart NADH": (-4, 4)}, "Bazil2016",
        ("heart NADH",), note="at the measured respiration; " + _FIT.format("4 mV"),
    ),
    "delta_psi_data_low_Pi": Row(
        "the same with 1 mM Pi", "mV", {"heart NADH": (-4, 4)}, "Bazil2016",
        note="at the measured respiration; " + _FIT.format("4 mV")
    ),
    "adp_data": Row(
        "ADP over measured, farthest of four rates, 5 mM Pi", "1", {"heart NADH": (1 / 3, 3)}, "Bazil2016",
        ("heart NADH",), note="at the measured respiration; " + _FIT.format("a factor of 3"),
    ),
    "adp_data_low_Pi": Row(
        "the same with 1 mM Pi", "1", {"heart NADH": (1 / 3, 3)}, "Bazil2016",
        note="at the measured respiration; " + _FIT.format("a factor of 3"),
    ),
    "delta_pH_state_4": Row("ΔpH, state 4", "1", (0.1, 0.8), "PMC3471468", ("liver NADH",)),
    "delta_pH_share": Row("Z·ΔpH over Δp, state 4", "1", (0, 0.5), "PMC3471468"),
    "ocr_state_4": Row(
        "respiration, state 4", "nmol O/min/mg",
        {"liver": (8, 30), "heart NADH": (46, 70)}, f"recalled for liver; heart: {_BAZIL}, within 20 %", _RATES,
        miss="6 protons per O instead of 10: the same leak costs 5/3 as much oxygen",
    ),
    "ocr_state_3": Row(
        "respiration, state 3", "nmol O/min/mg", {"liver": (60, 250), "heart": (250, 800)},
        f"recalled; heart: {_BAZIL}", _RATES,
    ),
    "ocr_uncoupled_ratio": Row("respiration, uncoupled over state 3", "1", (1.0, np.inf), "BrandNicholls2011"),
    "rcr": Row("respiratory control ratio", "1", (5, np.inf), "BrandNicholls2011", _RATES),
    "p_over_o": Row("P/O, state 3", "1", {"NADH": (2.3, 2.73), "succinate": (1.4, 1.64)}, "Hinkle2005"),
    "leak_share_state_3": Row(
        "leak share of respiration, state 3", "1", (0.02, 0.08), "RolfeBrand1996; Brand2000",
        miss="the leak of a model with so much capacity is a smaller part of its respiration",
    ),
    "leak_share_cell": Row(
        "leak share, cell-like load", "1", {"liver": (0.2, 0.3)}, "RolfeBrand1996; Brand2000",
        note="load.capacity 180 nmol/min/mg",
    ),
    "control_leak_state_4": Row(
        "control of respiration by leak, state 4", "1", (0.5, 1.0), "Hafner1990", note=f"mostly leak: {_OURS}"
    ),
    "control_leak_state_3": Row(
        "control of respiration by leak, state 3", "1", (0.0, 0.1), "Hafner1990", note=f"insignificant: {_OURS}"
    ),
    "control_chain_state_3": Row(
        "control by substrate oxidation, state 3", "1", (0.2, 0.8), "Hafner1990", note=f"shared: {_OURS}", miss=_CHAIN
    ),
    "control_phosphorylation_state_3": Row(
        "control by phosphorylation, state 3", "1", (0.2, 0.8), "Hafner1990", note=f"shared: {_OURS}", miss=_CHAIN
    ),
    "delta_Gp_state_4": Row(
        "ΔG_P at static head", "kJ/mol", (60, 66), "PMC8786295",
        miss="11/3 of a Δp above 187 mV; in cells some work is always done, and ΔG_P stays below the static head",
    ),
    "delta_Gp_over_work": Row(
        "ΔG_P over 11/3·F·Δp at static head", "1", (1 - 1e-6, 1 + 1e-6), "PMC8786295", identity=True
    ),
    "pmf_from_atp": Row(
        "Δp without respiration over ΔG_P/nF", "1", (0.85, 1.0), "Nicholls1974",
        note="5 mM ATP, 10 µM ADP, held; 1 is the limit without leak, 0.85 is ours",
    ),
    "pmf_collapsed": Row(
        "Δp with rotenone and uncoupler, low K+", "mV", (-1, 1), "Nicholls1974", identity=True,
        note="20 °C; Δψ and Z·ΔpH cancel",
    ),
    "delta_psi_collapsed": Row(
        "Δψ then", "mV", (70, 100), "Nicholls1974, 85 mV", CASES,
        note="3 mM K+ in the medium, chosen to give the measured Δψ; that Z·ΔpH cancels it is not chosen",
    ),
    "energisation": Row(
        "Δψ to 90 % after energisation", "ms", (10, 100), "time scale of C/G; Penniston1972",
        note="synthase off", miss="a larger capacity charges the same membrane faster",
    ),
    "slow_mode": Row("time constant of ΔpH and K+, state 4", "s", (10, 600), "time scale of the cation cycle"),
    "half_oxygen": Row("O2 at half respiration, state 3", "uM", (0.3, 0.6), "Gnaiger2003"),
    "efficiency": Row(
        "work over energy supplied, cell-like load", "1", {"liver": (0.55, 0.75)}, "recalled",
        miss="with succinate more of the span is lost in the chain: 6 protons for 1540 mV, 10 for 2187 mV with NADH",
    ),
    "efficiency_synthase": Row("efficiency of phosphorylation, state 3", "1", _NONE, "no window known"),
    "efficiency_chain": Row(
        "efficiency of the chain, state 3", "1", (0.8, 0.9), "Wikstrom2020",
        note="the window is of single pumps",
        miss="the lumped chain counts every loss between substrate and O2, complexes that do not pump included",
    ),
}  # fmt: skip
