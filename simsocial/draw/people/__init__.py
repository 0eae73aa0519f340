"""People from shifts to stretches of time: at work, called in, or away and why (R30–R35, R78–R83)."""
