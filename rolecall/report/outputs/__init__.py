"""The report's outputs: each takes rows one by one and writes one file."""
