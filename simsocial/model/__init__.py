"""What the world is and what happened in it, as data: the floor on which draws, engines and measures meet."""
