"""Laws of random amounts: mean, coefficient of variation, and the quantile that turns a uniform into a value (R21).

Lengths of time are ticks, as floats; whoever draws rounds them (R1).
"""

from simsocial.model.laws.bounded import Deterministic as Deterministic
from simsocial.model.laws.bounded import Empirical as Empirical
from simsocial.model.laws.bounded import Pert as Pert
from simsocial.model.laws.bounded import Triangular as Triangular
from simsocial.model.laws.bounded import Uniform as Uniform
from simsocial.model.laws.hyperexponential import HyperExponential as HyperExponential
from simsocial.model.laws.law import Law as Law
from simsocial.model.laws.unbounded import Exponential as Exponential
from simsocial.model.laws.unbounded import Gamma as Gamma
from simsocial.model.laws.unbounded import LogNormal as LogNormal
from simsocial.model.laws.unbounded import Weibull as Weibull
from simsocial.model.laws.zeros import BELOW_ONE as BELOW_ONE
from simsocial.model.laws.zeros import WithZero as WithZero
