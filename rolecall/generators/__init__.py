"""The generators, by what they write; ``rolecall.generate`` runs them all."""
