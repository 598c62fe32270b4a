"""A deployed stack to release to, and a built site: buckets of moto's, a function, a stack file."""

import io
import json
from dataclasses import dataclass, field

import boto3

from config.stack import read
from graph.model import Graph, Resource
from tests.tools.release.site.cloudfront import Functions
from tools.release.site import commands, exports, stack_file, target, verify
from tools.release.site.function import release_in

NAME = "cdn-rewrite-1a2b3c4"
REGION = "eu-central-1"
BUILT = {
    "index.html": "<!doctype html><script src=/assets/app-Bx3k9Q2z.js></script>",
    "config.json": '{"apiUrl": "http://localhost:8000"}',
    "robots.txt": "User-agent: *\n",
    "assets/app-Bx3k9Q2z.js": "console.log(1)\n//# sourceMappingURL=app-Bx3k9Q2z.js.map\n",
    "assets/app-Bx3k9Q2z.js.map": '{"version": 3}',
    "assets/style-9f8e7d6c.css": "body {}",
}
ORDER = [
    "manifests/r1.json",
    "assets/app-Bx3k9Q2z.js",
    "assets/style-9f8e7d6c.css",
    "source-maps/r1/assets/app-Bx3k9Q2z.js.map",
    "releases/r1/robots.txt",
    "releases/r1/config.json",
    "releases/r1/index.html",
    "stack file",
    "UpdateFunction",
    "PublishFunction",
]
"""What is written when BUILT is released as r1."""
WRITES = {"PutObject", "DeleteObjects", "UpdateFunction", "PublishFunction"}
STACK = """\
# yaml-language-server: $schema=docs/stack.schema.json
config:
  aws:region: eu-central-1
  ma-platform:stack:
    tier: starter
    contacts: # who is called
      outage: platform@example.com
      security: security@example.com
      data_loss: database@example.com
"""


class Crash(BaseException):
    """The process is killed: nothing of it runs any more."""


def code(release):
    return f'const RELEASE = "{release}";\nfunction handler(event) {{}}\n'


def build(folder, **changes):
    """A built site; a file whose contents are None is left out."""
    for path, content in {**BUILT, **changes}.items():
        if content is None:
            continue
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return folder


@dataclass
class World:
    """``writes`` are those that were done, in their order; ``crash_after`` of them it ends."""

    root: object
    monkeypatch: object
    served: object = None
    writes: list = field(default_factory=list)
    crash_after: int | None = None

    def __post_init__(self):
        (self.root / "Pulumi.dev.yaml").write_text(STACK)
        self.s3 = boto3.client("s3", region_name=REGION)
        for bucket in ("site", "data"):
            place = {"LocationConstraint": REGION}
            self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        self.functions = Functions(NAME, code("initial"))
        self.outputs = self.root / "outputs.json"
        self.outputs.write_text(
            json.dumps(
                {
                    "url": "https://site.example.com",
                    "site_bucket": "site",
                    "site_function": NAME,
                    "source_maps": "s3://data/source-maps/",
                    "site_config": '{"apiUrl": "https://site.example.com/api"}',
                }
            )
        )
        self.s3.put_object(Bucket="site", Key="releases/initial/index.html", Body=b"nothing yet")
        self.monkeypatch.setattr(target, "client", self.client)
        self.monkeypatch.setattr(
            verify.urllib.request, "urlopen", lambda url, **_: io.BytesIO(self.fetch(url))
        )
        self.monkeypatch.setattr(verify, "PATIENCE_SECONDS", 0)
        replaced = stack_file._replace
        self.monkeypatch.setattr(
            stack_file,
            "_replace",
            lambda path, text: (replaced(path, text), self.wrote("stack file")),
        )
        self.monkeypatch.setattr(exports, "refresh", lambda *_: True)

    def client(self, service, region):
        made = boto3.client(service, region_name=region)
        if service == "cloudfront":
            self.functions.attach(made)
        asked = []
        made.meta.events.register(
            "provide-client-params", lambda params, **_: asked.append(params) or None
        )

        def done(model, http_response, **_):
            if model.name in WRITES and http_response.status_code < 300:
                params = asked[-1]
                self.wrote(params.get("Key") or model.name)

        made.meta.events.register("after-call", done)
        return made

    def wrote(self, what):
        self.writes.append(what)
        if len(self.writes) == self.crash_after:
            raise Crash

    def fetch(self, _url):
        """What a viewer gets: the function's release, from the bucket."""
        key = f"releases/{self.live}/index.html"
        return self.s3.get_object(Bucket="site", Key=key)["Body"].read()

    @property
    def live(self):
        return release_in(self.functions.code["LIVE"], NAME)

    @property
    def named(self):
        return read("dev", self.root).load().site.release

    def objects(self, bucket="site"):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return [each["Key"] for page in pages for each in page.get("Contents", ())]

    def record(self, file):
        release = file.load().site.release
        function = Resource(
            urn="urn:pulumi:dev::ma-platform::aws:cloudfront/function:Function::cdn-rewrite",
            type="aws:cloudfront/function:Function",
            name="cdn-rewrite",
            custom=True,
            inputs={"code": code(release)},
        )
        return Graph("ma-platform", "dev", (function,))

    def common(self, **options):
        return {
            "root": self.root,
            "outputs": self.outputs,
            "as_json": True,
            **options,
        }

    def release(self, folder, release_id=None, *, dry_run=False):
        options = self.common(release_id=release_id, dry_run=dry_run)
        commands.release(read("dev", self.root), folder, self.record, **options)

    def rollback(self, release_id=None):
        options = self.common(release_id=release_id, dry_run=False)
        commands.rollback(read("dev", self.root), self.record, **options)

    def prune(self, *, keep=1, days=30, dry_run=False):
        options = self.common(keep=keep, days=days, dry_run=dry_run)
        commands.prune(read("dev", self.root), self.record, **options)
