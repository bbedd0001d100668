"""Compliance frameworks of the team: Prowler loads those in the folder that ROLECALL_COMPLIANCE names."""

import os

if os.environ.get("ROLECALL_COMPLIANCE"):
    __path__ = [os.environ["ROLECALL_COMPLIANCE"]]
