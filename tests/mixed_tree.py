"""A small tree in all frameworks, in each the same three functions: ``healthy``; ``broken``, which RC103 fails; and
``accepted``, which has the same fault but a skip with the reason ``only at the edge``.
"""

from __future__ import annotations

import json
from pathlib import Path

from plan_cases.parts import ORDERS, role
from plans import plan, written

REASON = "only at the edge"
_SKIP = f"#checkov:skip=CKV_RC_103:{REASON}"
_TRUST = """jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "{}" }} }}]
  }})"""
_EDGE_ROLE = f"""
resource "aws_iam_role" "edge" {{
  name               = "edge"
  assume_role_policy = {_TRUST.format("edgelambda.amazonaws.com")}
}}
"""
_TERRAFORM = f"""
{_EDGE_ROLE}
resource "aws_iam_role" "app" {{
  name               = "app"
  assume_role_policy = {_TRUST.format("lambda.amazonaws.com")}
}}

resource "aws_lambda_function" "healthy" {{
  function_name = "healthy"
  role          = aws_iam_role.app.arn
}}

resource "aws_lambda_function" "broken" {{
  function_name = "broken"
  role          = aws_iam_role.edge.arn
}}

resource "aws_lambda_function" "accepted" {{
  {_SKIP}
  function_name = "accepted"
  role          = aws_iam_role.edge.arn
}}

module "inside" {{
  source = "./inside"
}}

module "waived" {{
  {_SKIP}
  source = "./waived"
}}
"""
_MODULE = f"""
{_EDGE_ROLE}
resource "aws_lambda_function" "broken" {{
  function_name = "broken"
  role          = aws_iam_role.edge.arn
}}

resource "aws_lambda_function" "accepted" {{
  {_SKIP}
  function_name = "accepted"
  role          = aws_iam_role.edge.arn
}}
"""
_ROLES = """
  App:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: lambda.amazonaws.com}}
  Edge:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: edgelambda.amazonaws.com}}
"""
_CLOUDFORMATION = f"""
Resources:
{_ROLES}
  Healthy:
    Type: AWS::Lambda::Function
    Properties: {{Role: !GetAtt App.Arn}}
  Broken:
    Type: AWS::Lambda::Function
    Properties: {{Role: !GetAtt Edge.Arn}}
  Accepted:
    {_SKIP}
    Type: AWS::Lambda::Function
    Properties: {{Role: !GetAtt Edge.Arn}}
"""
_SAM = f"""
Transform: AWS::Serverless-2016-10-31
Globals: {{Function: {{Runtime: python3.12, Handler: app.handler}}}}
Resources:
{_ROLES}
  Healthy:
    Type: AWS::Serverless::Function
    Properties: {{InlineCode: x}}
  Broken:
    Type: AWS::Serverless::Function
    Properties: {{InlineCode: x, Role: !GetAtt Edge.Arn}}
  Accepted:
    Type: AWS::Serverless::Function
    Metadata: {{checkov: {{skip: [{{id: CKV_RC_103, comment: {REASON}}}]}}}}
    Properties: {{InlineCode: x, Role: !GetAtt Edge.Arn}}
"""
_SERVERLESS = f"""
service: mixed
provider: {{name: aws, region: eu-west-1}}
functions:
  healthy:
    handler: app.handler
    role: App
  broken:
    handler: app.handler
    role: Edge
  accepted:
    {_SKIP}
    handler: app.handler
    role: Edge
resources:
  Resources:
{_ROLES.replace("    ", "      ").replace("  App:", "    App:").replace("  Edge:", "    Edge:")}
"""


def write(root: Path) -> None:
    """Write the tree below ``root``, each framework in a folder of its own."""
    edge = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "edgelambda.amazonaws.com"}}
    role_of_edge = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [edge]}}}
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["Edge", "Arn"]}}}
    skip = {"Metadata": {"checkov": {"skip": [{"id": "CKV_RC_103", "comment": REASON}]}}}
    template = {"Resources": {"Edge": role_of_edge, "Broken": function, "Accepted": {**skip, **function}}}
    for name, text in {
        "terraform/main.tf": _TERRAFORM,
        "terraform/inside/main.tf": _MODULE,
        "terraform/waived/main.tf": _MODULE,
        "cloudformation/template.yaml": _CLOUDFORMATION,
        "cloudformation/template.json": json.dumps(template, indent=2),
        "sam/template.yaml": _SAM,
        "serverless/serverless.yml": _SERVERLESS,
        "plan/plan.json": written(plan(role("aws_iam_role.app", service="edgelambda.amazonaws.com"), ORDERS)),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
