"""Named calendars as exact integer tables: open hours, business days, and due instants (R4, R5)."""
