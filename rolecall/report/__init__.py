"""The report: what Checkov, Prowler and the trace say, merged to one row per rule and resource.

``read`` takes files to findings, ``merge`` findings to rows, ``table``, ``html`` and ``write`` rows to their outputs.
"""
