"""What a stack's functions reach, under the stack's own physical names.

AWS is moto's; Postgres, which nobody has migrated, answers to every host of the stack.
"""

import io
import json
import sys
import threading
import zipfile
from contextlib import ExitStack, contextmanager
from functools import partial
from urllib.parse import parse_qs, urlsplit

import boto3
from moto import mock_aws
from moto.awslambda.models import LambdaFunction
from moto.secretsmanager.models import FakeSecret, secretsmanager_backends

from contract.tables import TABLES
from functions.platform_runtime.database import postgres
from tests.declare import ACCOUNT, REGION
from tests.functions.authorizer import signing
from tests.functions.conftest import ENVIRONMENT, forget
from tests.functions.fanout.conftest import Gateway as Connections
from tests.functions.grants.platform import Platform, functions, setting, settings
from tests.functions.grants.recording import Recorder
from tests.functions.realtime import tables
from tests.migrations.databases import MASTER
from tests.stacks import built

SECRETS = ("API_KEY_ARN", "JWT_SECRET_ARN", "ENCRYPTION_KEY_ARN", "MASTER_SECRET_ARN")
INVOKED = ("migrate", "maintenance", "rotation")
BUCKETS = ("DATA_BUCKET", "AUDIT_BUCKET")


@contextmanager
def running(stack, empty, patch):
    """The functions of a stack, none of which has run yet."""
    graph = built(stack)
    key = graph.resource("key", "aws:kms/key:Key").outputs["arn"]
    users = signing.Key("one")
    for name, value in ENVIRONMENT.items():
        if name.startswith("AWS_"):
            patch.setenv(name, value)
    # libpq goes there, whatever the host is called.
    patch.setenv("PGHOSTADDR", "127.0.0.1")
    patch.setattr(postgres, "TLS", {"sslmode": "disable"})
    with ExitStack() as during:
        platform = Platform(
            graph=graph,
            recorder=Recorder(
                url=setting(graph, "CONNECTIONS_URL"), key=key, user_of=partial(user_of, graph)
            ),
            database=empty,
            connections=during.enter_context(served(Connections())),
            pool=during.enter_context(signing.serving([users.public])),
            users=users,
        )
        during.enter_context(mock_aws())
        during.enter_context(platform.recorder.listening(patch))
        furnish(platform, patch)
        platform.install(patch)
        yield platform


def furnish(platform, patch):
    """The buckets, the tables, the instance, and secrets that nobody has filled but RDS its own."""
    for key in BUCKETS:
        boto3.client("s3").create_bucket(Bucket=platform.setting(key))
    for name in TABLES:
        tables.create(name, called=platform.setting(f"{name.upper()}_TABLE"))
    for key in SECRETS:
        boto3.client("secretsmanager").create_secret(Name=key)
        # The name AWS ends it with is random.
        secretsmanager_backends[ACCOUNT][REGION].secrets[key].arn = platform.setting(key)
    if not settings(functions(platform.graph)["rotation"])["MASTER_SECRET_ARN"]:
        login = json.dumps({"username": MASTER, "password": "known to RDS"})
        boto3.client("secretsmanager").put_secret_value(
            SecretId="MASTER_SECRET_ARN", SecretString=login
        )
    boto3.client("rds").create_db_instance(
        DBInstanceIdentifier=platform.setting("DB_INSTANCE"),
        DBInstanceClass="db.t4g.medium",
        Engine="postgres",
    )
    invocable(platform, patch)


def invocable(platform, patch):
    """The functions, which moto invokes in this process; a failure is told as Lambda tells it."""
    names = {found.outputs["name"]: name for name, found in functions(platform.graph).items()}

    def invoke(function, event):
        try:
            event = json.loads(event) if isinstance(event, str) else event
            return json.dumps(platform.invoke(names[function.function_name], event)), False, ""
        except Exception as error:
            return json.dumps({"errorMessage": str(error)}), True, ""

    patch.setattr(LambdaFunction, "_invoke_lambda", invoke)
    # A rotation that has begun changes nothing; moto takes it for the end.
    patch.setattr(FakeSecret, "set_default_version_id", lambda *_: None)
    for name in INVOKED:
        deploy(functions(platform.graph)[name].outputs["name"])


def deploy(name):
    """A function that is invoked by its alias."""
    code = io.BytesIO()
    zipfile.ZipFile(code, "w").close()
    made = boto3.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    client = boto3.client("lambda")
    version = client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="app.handler",
        Role=made["Role"]["Arn"],
        Code={"ZipFile": code.getvalue()},
        Publish=True,
    )["Version"]
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=version)


def user_of(graph, url):
    """The ARN a token of Postgres signs in to, from the host and the user it is signed for."""
    ids = {
        **{r.outputs["address"]: r.outputs["resourceId"] for r in graph.by_type(INSTANCE)},
        **{r.outputs["endpoint"]: r.outputs["arn"].split(":")[-1] for r in graph.by_type(PROXY)},
    }
    asked = urlsplit(url)
    (user,) = parse_qs(asked.query)["DBUser"]
    return f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:{ids[asked.hostname]}/{user}"


INSTANCE, PROXY = "aws:rds/instance:Instance", "aws:rds/proxy:Proxy"


@contextmanager
def served(server):
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    with server:
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def new_processes():
    """Functions that have read nothing and made no client, and keep none: in Lambda they do not
    share a process either."""
    ours = [module for name, module in sys.modules.items() if name.startswith("functions.")]
    for module in ours:
        forget(module)
    yield
    for module in ours:
        forget(module)
