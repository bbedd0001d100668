"""RC207: the last poll of every mapping of the function ended well.

Fails when Lambda reports a problem other than that it was not let in, which is RC201's: mostly that the function itself
failed. That says something of the last poll only. Lambda reports no results for queues of Amazon SQS.
"""

from rolecall.findings import Verdict, failed, passed
from rolecall.model import EventSourceMapping, Inventory, Polling
from rolecall.rules.polling import is_problem


def check(mapping: EventSourceMapping, inventory: Inventory) -> Verdict:
    result = (mapping.polling or Polling()).last_result
    label = f"the mapping of {mapping.source or 'self-managed Kafka'}"
    if not is_problem(result):
        return passed(f"{label} reports no problem with the function: {result or 'no result'}.")
    whose = " That is the function's code, not a permission." if "Function call failed" in result else ""
    return failed(
        f'The last poll of {label} ended with "{result}".{whose}',
        f"LastProcessingResult: {result}",
        uuid=mapping.resource.name,
        function=mapping.function,
        event_source=mapping.source or "the brokers",
    )
