"""RC304: the S3 buckets that notify a function may invoke it.

Fails when the policy of the function, or of the alias or version that is notified, does not let s3.amazonaws.com invoke
it for the bucket and its account.
Cannot know when the function or a value of its policy is not known.
"""

from rolecall.rules.invocable import by_resource_policy

KIND = "s3_notification"
check = by_resource_policy
