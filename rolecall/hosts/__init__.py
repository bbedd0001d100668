"""The hosts: Checkov and Prowler. Only here, in ``checkov_checks`` and in ``prowler_checks`` are their words spoken."""
