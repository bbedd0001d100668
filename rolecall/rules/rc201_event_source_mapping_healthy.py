"""RC201: Lambda is let in by every queue and stream that it polls for the function.

Fails when Lambda says that the source, its broker or the function's role refused it, that the filters cannot be
decrypted, or when it has disabled the mapping itself. Cannot know when it says something that is not documented, or not
why the mapping is disabled. Lambda reports no results for queues of Amazon SQS.
"""

from collections.abc import Iterator

from rolecall.findings import Verdict, failed, passed, unknown
from rolecall.model import EventSourceMapping, Inventory, Polling
from rolecall.rules.polling import GOOD, STOPPED, is_problem, is_refusal


def check(mapping: EventSourceMapping, inventory: Inventory) -> Verdict:
    polling = mapping.polling or Polling()
    label = f"the mapping of {mapping.source or 'self-managed Kafka'}"
    faults = tuple(_faults(polling))
    if faults:
        return failed(
            f"{label} does not work: {'; '.join(faults)}.",
            *faults,
            uuid=mapping.resource.name,
            function=mapping.function,
            event_source=mapping.source or "the brokers",
        )
    if polling.state == "Disabled" and not polling.by_user:
        return unknown(f"Why {label} is disabled is not known: {polling.reason or 'AWS gives no reason'}.")
    if polling.last_result not in GOOD and not is_problem(polling.last_result):
        return unknown(f'What Lambda says of {label}, "{polling.last_result}", is not documented.')
    said = (
        "Lambda reports no results for queues" if mapping.service == "sqs" else polling.last_result or "no result yet"
    )
    return passed(f"{label} is {polling.state or 'there'}: {said}.")


def _faults(polling: Polling) -> Iterator[str]:
    if is_refusal(polling.last_result):
        yield f'Lambda says "{polling.last_result}"'
    if polling.reason in STOPPED:
        yield f"Lambda has stopped it ({polling.reason})"
    if polling.filter_fault:
        yield f"its filters cannot be used: {polling.filter_fault}"
