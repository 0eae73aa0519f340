"""A volume forecast in a file as the rate of a stream (R76)."""

from __future__ import annotations

from simsocial.config.files import Decimal
from simsocial.config.tables import Table
from simsocial.config.values import BetweenZeroAndOne, Duration, Format, Text


class Forecast(Table):
    """Messages expected in each interval; with ``band``, the columns between which so large a share will lie (R76).

    ``interval`` is by default the spacing of the time stamps.
    """

    file: Text
    time: Text = "timestamp"
    value: Text = "value"
    interval: Duration | None = None
    format: Format | None = None
    band: BetweenZeroAndOne | None = None
    lower: Text = "lower"
    upper: Text = "upper"
    decimal: Decimal | None = None
