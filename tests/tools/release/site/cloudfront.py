"""CloudFront Functions as AWS documents them: moto has neither their changes nor their stages.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateFunction.html
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_PublishFunction.html
"""

import base64
import io
import re
from urllib.parse import parse_qs, urlsplit

from botocore.awsrequest import AWSResponse
from moto.core.models import botocore_stubber

NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"


class Raw(io.BytesIO):
    def stream(self, **_):
        yield self.read()


class Functions:
    """One function with its two stages, behind a client's own serializer and parser."""

    def __init__(self, name, code):
        self.name = name
        self.code = {"DEVELOPMENT": code, "LIVE": code}
        self.version = 1
        self.config = None

    def attach(self, client):
        # All handlers of a request run: moto's would not know the changes.
        client.meta.events.unregister("before-send", botocore_stubber)
        client.meta.events.register("before-send", self.answer)
        return client

    def answer(self, request, **_):
        address = urlsplit(request.url)
        name, _, action = address.path.removeprefix("/2020-05-31/function/").partition("/")
        if name != self.name:
            return self.error(404, "NoSuchFunctionExists", "The function does not exist.")
        if request.method != "GET" and text(request.headers["If-Match"]) != f"E{self.version}":
            return self.error(412, "PreconditionFailed", "The ETag is not the current one.")
        stage = parse_qs(address.query).get("Stage", ["DEVELOPMENT"])[0]
        return getattr(self, {"PUT": "update", "POST": "publish"}.get(request.method, "read"))(
            request, action, stage
        )

    def read(self, request, action, stage):
        if action == "describe":
            return self.summary(request, stage)
        return self.respond(request, 200, self.code[stage].encode())

    def update(self, request, _action, _stage):
        body = text(request.body)
        self.code["DEVELOPMENT"] = base64.b64decode(
            re.search("<FunctionCode>(.*)</FunctionCode>", body)[1]
        ).decode()
        self.config = re.search("<FunctionConfig>(.*)</FunctionConfig>", body)[1]
        self.version += 1
        return self.summary(request, "DEVELOPMENT")

    def publish(self, request, _action, _stage):
        self.code["LIVE"] = self.code["DEVELOPMENT"]
        return self.summary(request, "LIVE")

    def summary(self, request, stage):
        return self.respond(
            request,
            200,
            f'<FunctionSummary xmlns="{NAMESPACE}"><Name>{self.name}</Name>'
            "<FunctionConfig><Comment>kept</Comment><Runtime>cloudfront-js-2.0</Runtime>"
            f"</FunctionConfig><FunctionMetadata><FunctionARN>arn</FunctionARN><Stage>{stage}"
            "</Stage><LastModifiedTime>2026-11-22T00:00:00Z</LastModifiedTime></FunctionMetadata>"
            "</FunctionSummary>".encode(),
        )

    def error(self, status, code, message):
        body = (
            f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type><Code>{code}</Code>'
            f"<Message>{message}</Message></Error></ErrorResponse>"
        )
        return self.respond(None, status, body.encode())

    def respond(self, request, status, body):
        url = request.url if request else "https://cloudfront.amazonaws.com"
        tag = f"E{self.version}"
        # So it is spelt in the answer to UpdateFunction, says botocore's model of the service.
        return AWSResponse(url, status, {"ETag": tag, "ETtag": tag}, Raw(body))


def text(value):
    return value.decode() if isinstance(value, bytes) else value
