"""Points of designs that are drawn: Latin hypercubes and Sobol' sequences (R115)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def unit_cube(kind: str, *, points: int, dimensions: int, seed: int) -> npt.NDArray[np.float64]:
    """Return points spread over the unit cube, shape (points, dimensions), each coordinate in [0, 1).

    Parameters
    ----------
    kind
        ``latin_hypercube`` (McKay et al. 1979), or ``sobol`` scrambled by Owen, of which twice as many begin
        with the same ones.
    points
        How many; of ``sobol`` a power of two.
    dimensions, seed
        Of the cube; of the draws.
    """
    from scipy.stats import qmc  # takes long to import

    if kind == "sobol":
        found: npt.NDArray[np.float64] = qmc.Sobol(dimensions, seed=seed).random_base2(points.bit_length() - 1)
        return found
    return qmc.LatinHypercube(dimensions, seed=seed).random(points)
