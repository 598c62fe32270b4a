"""Statements that let somebody in, and those that no longer keep somebody out."""

import pytest

from tests.graph.access.cases import (
    ACCOUNT,
    OTHER,
    Kind,
    case,
    expected,
    in_statement,
    of,
    statement,
    told,
    without_statement,
)
from tests.policies.cases import beside, both, changed, without

PRINCIPAL = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"
)
OPERATORS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"
DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
LOGIC = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
OIDC = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html"
MANY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html"
NOT_ACTION = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html"
)

DATA = "s3.BucketPolicy data"
SITE = "s3.BucketPolicy site"
OBJECTS = "arn:aws:s3:::data-ce23632/*"
KEY = "kms.Key key"
ROLE = "iam.Role worker"
GIVEN = "iam.RolePolicy worker"
GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"


def reading(principal, **more):
    return statement(DATA, Principal=principal, Action="s3:GetObject", Resource=OBJECTS, **more)


def build(subject, operator="StringEquals"):
    test = {operator: {f"{GITHUB}:sub": subject}}
    return in_statement(
        ROLE,
        "",
        "assumeRolePolicy",
        Principal={"Federated": PROVIDER},
        Action="sts:AssumeRoleWithWebIdentity",
        Condition=test,
    )


READ = "may s3:GetObject on s3.Bucket data/* through s3.BucketPolicy data"
PINNED = {"StringEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"}}

CASES = [
    case(PRINCIPAL, reading("*"), f"now also: anyone {READ}"),
    case(PRINCIPAL, reading({"AWS": "*"}), f"now also: anyone {READ}"),
    case(
        PRINCIPAL,
        reading({"AWS": f"arn:aws:iam::{OTHER}:root"}),
        f"now also: account {OTHER} {READ}",
        who=Kind.STRANGER,
    ),
    case(
        PRINCIPAL,
        reading({"AWS": f"arn:aws:iam::{OTHER}:role/reader"}),
        f"now also: arn:aws:iam::{OTHER}:role/reader {READ}",
        who=Kind.STRANGER,
    ),
    case(
        f"{PRINCIPAL}: another account's role may have the name of ours",
        reading({"AWS": f"arn:aws:iam::{OTHER}:role/worker-377501c"}),
        f"now also: arn:aws:iam::{OTHER}:role/worker-377501c {READ}",
        who=Kind.STRANGER,
    ),
    case(
        f"{PRINCIPAL}: a role of this stack",
        reading({"AWS": f"arn:aws:iam::{ACCOUNT}:role/ma-platform/prod/worker-377501c"}),
        f"now also: iam.Role worker {READ}",
        who=Kind.OURS,
        decide=False,
    ),
    case(
        PRINCIPAL,
        reading({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        f"now also: this account {READ}",
        who=Kind.OURS,
        decide=False,
    ),
    case(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
        reading("*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
        f"now also: this account {READ}",
        who=Kind.OURS,
        decide=False,
    ),
    case(
        "the same page: an organization's id says nothing of who is in it",
        reading("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2"}}),
        f"now also: anyone of o-a1b2 {READ}",
        who=Kind.UNKNOWN,
    ),
    case(
        DEPUTY,
        reading({"Service": "cloudtrail.amazonaws.com"}),
        f"now also: cloudtrail.amazonaws.com for any account {READ}",
        who=Kind.STRANGER,
    ),
    case(
        DEPUTY,
        reading(
            {"Service": "cloudtrail.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceAccount": OTHER}},
        ),
        f"now also: cloudtrail.amazonaws.com for {OTHER} {READ}",
        who=Kind.STRANGER,
    ),
    case(
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
        in_statement(SITE, "Read", Condition=None),
        "now also: cloudfront.amazonaws.com for any account may s3:GetObject on s3.Bucket site/* "
        "through s3.BucketPolicy site, no longer only where AWS:SourceArn is "
        "cloudfront.Distribution cdn",
        who=Kind.STRANGER,
    ),
    case(
        "the same page",
        in_statement(SITE, "Read", Condition=PINNED),
        "now also: cloudfront.amazonaws.com for arn:aws:cloudfront::<account>:distribution/E1 may "
        "s3:GetObject on s3.Bucket site/* through s3.BucketPolicy site",
        who=Kind.SERVICE,
        decide=False,
    ),
    case(
        f"{OPERATORS}: IfExists is true where the key is not there",
        in_statement(
            SITE,
            "TellMissing",
            Condition={"StringEqualsIfExists": {"AWS:SourceAccount": ACCOUNT}},
        ),
        "now also: cloudfront.amazonaws.com for any account may s3:ListBucket on s3.Bucket site "
        "through s3.BucketPolicy site where AWS:SourceAccount, if it is there, is <account>",
        who=Kind.STRANGER,
        first=in_statement(
            SITE, "TellMissing", Condition={"StringEquals": {"AWS:SourceAccount": ACCOUNT}}
        ),
    ),
    case(
        f"{MANY}: ForAllValues is true where the key is not there",
        reading("*", Condition={"ForAllValues:StringEquals": {"aws:PrincipalArn": ROLE}}),
        f"now also: anyone {READ} where aws:PrincipalArn, if it is there, is iam.Role worker",
        first=reading(
            {"AWS": "*"}, Condition={"StringEquals": {"aws:PrincipalArn": "iam.Role worker"}}
        ),
    ),
    case(
        f"{LOGIC}: an explicit deny overrides",
        without_statement(DATA, "TlsOnly"),
        "now also: anyone may s3:* on s3.Bucket data, s3.Bucket data/* where aws:SecureTransport "
        "is false: no longer kept from it by s3.BucketPolicy data",
    ),
    case(
        "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html",
        without("backup.VaultPolicy backups"),
        "now also: anyone may backup:DeleteBackupVault, backup:DeleteRecoveryPoint, "
        "backup:UpdateRecoveryPointLifecycle on backup.Vault backups where "
        "aws:PrincipalIsAWSService is false: no longer kept from it by backup.VaultPolicy backups",
    ),
    case(
        f"{LOGIC}: a deny that asks for more denies less",
        in_statement(
            DATA,
            "TlsOnly",
            Condition={
                "Bool": {"aws:SecureTransport": "false"},
                "StringEquals": {"aws:PrincipalAccount": OTHER},
            },
        ),
        "now also: anyone may s3:* on s3.Bucket data, s3.Bucket data/* where aws:SecureTransport "
        "is false: no longer kept from it by s3.BucketPolicy data",
    ),
    case(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
        statement(
            DATA,
            NotPrincipal={"AWS": f"arn:aws:iam::{OTHER}:root"},
            Action="s3:GetObject",
            Resource=OBJECTS,
        ),
        f"now also: anyone but arn:aws:iam::{OTHER}:root {READ}",
    ),
    case(
        NOT_ACTION,
        statement(GIVEN, NotAction=["iam:*"], Resource="*"),
        "now also: iam.Role worker may * but iam:* on * through iam.RolePolicy worker",
        who=Kind.OURS,
    ),
    case(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html",
        statement(ROLE, "assumeRolePolicy", Principal={"AWS": OTHER}, Action="sts:AssumeRole"),
        f"now also: account {OTHER} may sts:AssumeRole on iam.Role worker",
        who=Kind.STRANGER,
    ),
    case(
        OIDC,
        build("repo:example/*", "StringLike"),
        "now also: repo:example/* of arn:aws:iam::<account>:oidc-provider/"
        f"{GITHUB} may sts:AssumeRoleWithWebIdentity on iam.Role worker",
        who=Kind.STRANGER,
        first=build("repo:example/app:ref:refs/heads/main"),
    ),
    case(
        OIDC,
        build("*", "StringLike"),
        f"now also: anyone whom arn:aws:iam::<account>:oidc-provider/{GITHUB} signs in may "
        f"sts:AssumeRoleWithWebIdentity on iam.Role worker where {GITHUB}:sub is *",
        first=build("repo:example/app:ref:refs/heads/main"),
    ),
    case(
        OIDC,
        build("repo:example/app:ref:refs/heads/main"),
        "now also: repo:example/app:ref:refs/heads/main of arn:aws:iam::<account>:oidc-provider/"
        f"{GITHUB} may sts:AssumeRoleWithWebIdentity on iam.Role worker",
        who=Kind.PARTNER,
    ),
    case(
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
        statement(
            KEY, Principal={"AWS": f"arn:aws:iam::{OTHER}:root"}, Action="kms:Decrypt", Resource="*"
        ),
        f"now also: account {OTHER} may kms:Decrypt on kms.Key key",
        who=Kind.STRANGER,
    ),
    case(
        "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html: without SourceArn "
        "any account's buckets",
        both(
            changed("lambda.Permission restored-restores", "sourceArn", None),
            changed("lambda.Permission restored-restores", "sourceAccount", None),
        ),
        "now also: s3.amazonaws.com for any account may lambda:InvokeFunction on lambda.Function "
        "restored:live through lambda.Permission restored-restores, no longer only where "
        "AWS:SourceArn is s3.Bucket data and AWS:SourceAccount is <account>",
        who=Kind.STRANGER,
    ),
    case(
        "the same page: a route's permission, then the whole API's",
        changed(
            "lambda.Permission worker-http",
            "sourceArn",
            f"arn:aws:execute-api:us-east-1:{ACCOUNT}:8b86171499/*/*",
        ),
        "now also: apigateway.amazonaws.com for apigatewayv2.Api http/*/* may "
        "lambda:InvokeFunction on lambda.Function worker:live through lambda.Permission "
        "worker-http",
        who=Kind.SERVICE,
        decide=False,
    ),
    case(
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html",
        of(
            ROLE,
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "all",
            lambda role: {
                "role": role.id,
                "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
            },
        ),
        "now also: iam.Role worker may do all that is allowed by "
        "arn:aws:iam::aws:policy/AdministratorAccess through iam.RolePolicyAttachment all",
        who=Kind.OURS,
    ),
    case(
        "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
        of(
            KEY,
            "aws:kms/grant:Grant",
            "more",
            lambda key: {
                "keyId": key.id,
                "granteePrincipal": f"arn:aws:iam::{OTHER}:role/reader",
                "operations": ["Decrypt"],
            },
        ),
        f"now also: arn:aws:iam::{OTHER}:role/reader may kms:Decrypt on kms.Key key through "
        "kms.Grant more",
        who=Kind.STRANGER,
    ),
    case(
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html",
        beside(
            "aws:ecr/repositoryPolicy:RepositoryPolicy",
            "images",
            repository="images",
            policy='{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:*"}]}',
        ),
        "now also: anyone may ecr:* on images through ecr.RepositoryPolicy images",
    ),
    case(
        "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
        changed("ec2.VpcEndpoint network-s3", "policy", None),
        "now also: anyone may * on ec2.VpcEndpoint network-s3",
    ),
]


@pytest.mark.parametrize("each", CASES, ids=str)
def test_what_a_document_lets_whom_do(each):
    assert told(each) == expected(each)
