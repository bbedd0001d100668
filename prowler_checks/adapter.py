"""Between Prowler and Rolecall: a check's reports from one scan that all checks of the run share.

PASS and FAIL are Prowler's own; UNKNOWN and ERROR are MANUAL, with what is missing in ``status_extended``. The finding
in the form of the trace is in the report's resource under ``rolecall`` (OCSF: ``resources[0].data.metadata.rolecall``).
"""

from functools import lru_cache
from typing import Any

from prowler.lib.check.models import Check, Check_Report_AWS
from prowler.lib.logger import logger
from prowler.providers.common.provider import Provider


def reports(rule: str, check: Check) -> list[Check_Report_AWS]:
    """The reports of one check: one for each function, and for the account what could not be read. Raises nothing.

    None for a rule that is off, unless its check is named on the command line: Prowler runs all checks of a service.
    """
    provider = Provider.get_global_provider()
    try:
        from prowler_checks.scan import selected_rules

        scanned = _scan(provider, selected_rules(provider))
        return [_report(check, finding, scanned) for finding in scanned.findings if finding.rule == rule]
    except Exception as fault:  # Prowler would print a line, count no finding and exit 0
        logger.error(f"{rule}: {fault!r}", exc_info=True)
        report = Check_Report_AWS(metadata=check.metadata(), resource={})
        report.status = "MANUAL"
        report.status_extended = f"Rolecall broke: {fault!r}."
        report.resource_id = provider.identity.account
        report.resource_arn = f"arn:{provider.identity.partition}:iam::{provider.identity.account}:root"
        report.region = provider.get_default_region("lambda")
        return [report]


@lru_cache(maxsize=1)  # all checks of a run ask for the same; another account, in a library's use, is another provider
def _scan(provider: Any, rules: frozenset[str]) -> Any:
    from prowler_checks.scan import scan

    return scan(provider, rules)


def _report(check: Check, finding: Any, scanned: Any) -> Check_Report_AWS:
    from rolecall.findings import Status, to_record

    resource, told = finding.resource, scanned.overlay.settled(finding)
    tags = scanned.tags.get(str(resource.arn))
    report = Check_Report_AWS(
        metadata=check.metadata(),
        resource={
            "name": resource.name,
            "arn": resource.arn,
            "region": resource.region,
            "rolecall": to_record(told, tags),
        },
    )
    report.status = finding.status.value if finding.status in (Status.PASS, Status.FAIL) else "MANUAL"
    report.status_extended = finding.message
    report.resource_id = resource.name
    report.resource_arn = resource.arn
    report.region = resource.region
    report.resource_tags = [{"key": key, "value": value} for key, value in (tags or {}).items()]
    report.muted = told.status is Status.MUTED
    _set_severity(report.check_metadata, finding)
    if finding.status is Status.FAIL:
        _fill_remediation(report.check_metadata, finding)
    return report


def _set_severity(metadata: Any, finding: Any) -> None:
    """Take the severity of the team's overlay, except where its metadata for Prowler says another."""
    from rolecall.catalog import load_shipped

    if metadata.Severity == load_shipped()[finding.rule].severity:
        metadata.Severity = type(metadata.Severity)(finding.severity)  # what Prowler writes needs its own kind


def _fill_remediation(metadata: Any, finding: Any) -> None:
    """Put the names of the finding into its copy of the metadata, except where a team's own text replaced ours."""
    from rolecall.catalog import load_shipped
    from rolecall.generators.prowler import prowler_remediation

    generic = prowler_remediation(load_shipped()[finding.rule].remedy({}))
    filled = prowler_remediation(finding.remediation)
    code, recommendation = metadata.Remediation.Code, metadata.Remediation.Recommendation
    for form, text in filled["Code"].items():
        if text and getattr(code, form) == generic["Code"][form]:
            setattr(code, form, text)
    if filled["Recommendation"]["Text"] and recommendation.Text == generic["Recommendation"]["Text"]:
        recommendation.Text = filled["Recommendation"]["Text"]
