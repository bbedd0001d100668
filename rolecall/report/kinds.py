"""Which resource in code is which in an account: types, the ARNs that they have, and where the code writes the name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Terraform's type and the attribute with the name; CloudFormation's type and property; service and type of the ARN.
# Only resources whose ARN ends with a name that code may write out: others (instances, keys, APIs) have generated IDs.
# Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ (resource types defined by ...)
_ROWS = """
aws_lambda_function function_name AWS::Lambda::Function FunctionName lambda:function
aws_lambda_function function_name AWS::Serverless::Function FunctionName lambda:function
aws_iam_role name AWS::IAM::Role RoleName iam:role
aws_iam_user name AWS::IAM::User UserName iam:user
aws_iam_group name AWS::IAM::Group GroupName iam:group
aws_iam_policy name AWS::IAM::ManagedPolicy ManagedPolicyName iam:policy
aws_s3_bucket bucket AWS::S3::Bucket BucketName s3
aws_sqs_queue name AWS::SQS::Queue QueueName sqs
aws_sns_topic name AWS::SNS::Topic TopicName sns
aws_dynamodb_table name AWS::DynamoDB::Table TableName dynamodb:table
aws_dynamodb_table name AWS::Serverless::SimpleTable TableName dynamodb:table
aws_kinesis_stream name AWS::Kinesis::Stream Name kinesis:stream
aws_kinesis_firehose_delivery_stream name AWS::KinesisFirehose::DeliveryStream DeliveryStreamName firehose:deliverystream
aws_ecr_repository name AWS::ECR::Repository RepositoryName ecr:repository
aws_ecs_cluster name AWS::ECS::Cluster ClusterName ecs:cluster
aws_eks_cluster name AWS::EKS::Cluster Name eks:cluster
aws_db_instance identifier AWS::RDS::DBInstance DBInstanceIdentifier rds:db
aws_rds_cluster cluster_identifier AWS::RDS::DBCluster DBClusterIdentifier rds:cluster
aws_redshift_cluster cluster_identifier AWS::Redshift::Cluster ClusterIdentifier redshift:cluster
aws_elasticache_replication_group replication_group_id AWS::ElastiCache::ReplicationGroup ReplicationGroupId elasticache:replicationgroup
aws_elasticache_cluster cluster_id AWS::ElastiCache::CacheCluster ClusterName elasticache:cluster
aws_opensearch_domain domain_name AWS::OpenSearchService::Domain DomainName es:domain
aws_elasticsearch_domain domain_name AWS::Elasticsearch::Domain DomainName es:domain
aws_cloudtrail name AWS::CloudTrail::Trail TrailName cloudtrail:trail
aws_cloudwatch_log_group name AWS::Logs::LogGroup LogGroupName logs:log-group
aws_cloudwatch_metric_alarm alarm_name AWS::CloudWatch::Alarm AlarmName cloudwatch:alarm
aws_cloudwatch_event_rule name AWS::Events::Rule Name events:rule
aws_sfn_state_machine name AWS::StepFunctions::StateMachine StateMachineName states:stateMachine
aws_sfn_state_machine name AWS::Serverless::StateMachine Name states:stateMachine
aws_codebuild_project name AWS::CodeBuild::Project Name codebuild:project
aws_codepipeline name AWS::CodePipeline::Pipeline Name codepipeline
aws_glue_job name AWS::Glue::Job Name glue:job
aws_glue_crawler name AWS::Glue::Crawler Name glue:crawler
aws_athena_workgroup name AWS::Athena::WorkGroup Name athena:workgroup
aws_backup_vault name AWS::Backup::BackupVault BackupVaultName backup:backup-vault
aws_ssm_parameter name AWS::SSM::Parameter Name ssm:parameter
aws_ssm_document name AWS::SSM::Document Name ssm:document
aws_sagemaker_notebook_instance name AWS::SageMaker::NotebookInstance NotebookInstanceName sagemaker:notebook-instance
aws_neptune_cluster cluster_identifier AWS::Neptune::DBCluster DBClusterIdentifier rds:cluster
aws_docdb_cluster cluster_identifier AWS::DocDB::DBCluster DBClusterIdentifier rds:cluster
aws_dax_cluster cluster_name AWS::DAX::Cluster ClusterName dax:cache
aws_msk_cluster cluster_name AWS::MSK::Cluster ClusterName kafka:cluster
"""  # noqa: E501
_TABLE = [row.split() for row in _ROWS.split("\n") if row]
_KINDS = {**{row[0]: row[4] for row in _TABLE}, **{row[2]: row[4] for row in _TABLE}}
_NAMED_BY = {**{row[0]: row[1] for row in _TABLE}, **{row[2]: row[3] for row in _TABLE}}
FUNCTION = "lambda:function"
FUNCTION_TYPES = frozenset(type_ for type_, kind in _KINDS.items() if kind == FUNCTION)
_SEPARATOR = re.compile(r"[/:]")
_HCL_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_LONGEST_LINE = 1000


def kind_of_type(type_: str) -> str:
    """Service and type in the ARN of a resource type of Terraform or CloudFormation; empty where names do not tell."""
    return _KINDS.get(type_, "")


def kind_and_name(arn: str) -> tuple[str, str]:
    """Service and type of an ARN, and the name at its end without path and qualifier; twice empty for what is none."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        return "", ""
    service, resource = parts[2], parts[5]
    found = _SEPARATOR.search(resource)
    if found is None or service == "s3":
        return service, resource.partition("/")[0]
    name = resource[found.end() :].removesuffix(":*")
    kind = f"{service}:{resource[: found.start()]}"
    if service == "iam":
        return kind, name.rpartition("/")[2]
    if service in ("lambda", "kafka"):
        return kind, _SEPARATOR.split(name, maxsplit=1)[0]
    return kind, f"/{name}" if service == "ssm" and "/" in name else name


def name_in_code(type_: str, code: Iterable[Sequence[object]]) -> str:
    """The name that a block of Terraform, YAML or JSON writes out for its resource; empty where it does not.

    code: Checkov's ``code_block``, pairs of line number and line.
    """
    attribute = _NAMED_BY.get(type_)
    if attribute is None:
        return ""
    lines = [str(line[1]) for line in code if len(line) == 2 and len(str(line[1])) < _LONGEST_LINE]
    return _in_hcl(attribute, lines) if type_.startswith("aws_") else _in_template(attribute, lines)


def _in_hcl(attribute: str, lines: Iterable[str]) -> str:
    """An attribute of the block itself, not of one inside it."""
    depth = 0
    for line in lines:
        if depth == 1 and (found := re.match(rf'\s*{attribute}\s*=\s*"([^"\\$%]+)"\s*(?:[#/].*)?$', line)):
            return found[1]
        bare = _HCL_STRING.sub("", line).partition("#")[0]
        depth += bare.count("{") - bare.count("}")
    return ""


def _in_template(prop: str, lines: Sequence[str]) -> str:
    """A property of the resource itself: those stand as deep as the first one under ``Properties``."""
    depth = -1
    for line in lines:
        if depth < 0 and re.match(r"\s*['\"]?Properties['\"]?\s*:\s*\{?\s*$", line):
            depth = 0
        elif depth == 0 and line.strip():
            depth = len(line) - len(line.lstrip())
        if depth > 0 and len(line) - len(line.lstrip()) == depth:
            found = re.match(rf"\s*['\"]?{prop}['\"]?\s*:\s*(['\"]?)([\w./+=,@-]+)\1\s*,?\s*(?:#.*)?$", line)
            if found:
                return found[2]
    return ""
