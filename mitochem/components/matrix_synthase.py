"""ATP synthase alone, working on the nucleotides of the matrix: for models with carriers of their own."""

from __future__ import annotations

from ..core.component import component
from .synthase_capacity import ForceActivation, ProtonPassage
from .synthase_laws import MatrixSynthase


@component
class ATPSynthase(MatrixSynthase, ForceActivation):
    """ATP synthase of the matrix as one reversible step; transport of its substrates is left to carriers.

    With ``a, p, t`` = ADP, Pi, ATP of the matrix, ``S`` the Δp-dependent capacity, ``n = c/3`` and
    ``E = 1 M · exp(−(n F Δp − ΔG°')/RT)``, ΔG°' under the conditions of the matrix,

    ``J = S (a p − E t) / ((K_adp + a)(K_pi + p) + S E (K_atp + t)/reverse_capacity)``:

    the kernel of the model with saturating capacities, in a form that stays finite without ADP. Zero
    exactly where ``n F Δp = ΔG_P`` of the matrix; below, ATP is hydrolysed and pumps protons out. The proton that
    synthesis takes up chemically is posted besides those of the rotor. Its parameters are those of `Synthase`,
    `MatrixSynthase` and `ForceActivation`.

    References
    ----------
    c8 ring: Okazaki & Hummer 2015. Half-saturations of the E. coli enzyme: Fischer et al. 1994.
    """


@component
class RotaryATPSynthase(MatrixSynthase, ProtonPassage):
    """Rotary ATP synthase of the matrix: chemistry in series with the passage of protons, Δψ and ΔpH apart.

    As `ATPSynthase`, with the forward capacity of `ProtonPassage`.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate of synthesis: chemistry alone.

    References
    ----------
    Proton relays of Fo with pK near 6 and 10, no voltage gate: Feniouk et al. 2004.
    """
