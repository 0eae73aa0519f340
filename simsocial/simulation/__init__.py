"""From a scenario to results: draw, engine, tallies, replication after replication."""
