"""The Serverless Application Model: the plain CloudFormation that its transform makes of a template.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
"""

from rolecall.iac.sam.expand import expand, is_sam

__all__ = ["expand", "is_sam"]
