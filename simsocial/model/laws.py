"""Laws of random amounts: mean, coefficient of variation, and the quantile that turns a uniform into a value (R21)."""
