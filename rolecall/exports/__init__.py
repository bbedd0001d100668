"""What ``rolecall export`` writes: the catalogue and the team's overlay in the forms that other tools take."""
