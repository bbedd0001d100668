"""Readers: an item of what a tool wrote, to the report's ``Result`` and the ``Identity`` of what it is about."""
