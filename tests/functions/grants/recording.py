"""What each function asks of AWS and which settings it looks at, noted while its handler runs."""

from collections import defaultdict
from contextlib import contextmanager
from urllib.parse import urlsplit

import boto3
from botocore.auth import SigV4QueryAuth

from functions.platform_runtime.settings import Settings
from tests.functions.grants.iam import Request, requests


class Recorder:
    """Notes what is sent, and what is signed for somebody else to send or instead of a password."""

    def __init__(self, *, url, key, user_of):
        """``url`` is where connections are pushed to; ``user_of`` finds the database user's ARN
        in the address a token is signed for."""
        self.requests = defaultdict(set)
        self.settings = defaultdict(set)
        self._running = []
        self._where = {"stage": _stage(url), "key": key}
        self._user_of = user_of

    @contextmanager
    def running(self, function):
        """What is asked within is asked by this function."""
        self._running.append(function)
        try:
            yield
        finally:
            self._running.pop()

    @contextmanager
    def listening(self, patch):
        """To all clients made from now on, and to the tokens of Postgres, which no client makes."""
        boto3.setup_default_session()
        boto3.DEFAULT_SESSION.events.register("provide-client-params", self._asked)
        boto3.DEFAULT_SESSION.events.register("after-call.s3", self._answered)
        sign, look = SigV4QueryAuth.add_auth, Settings.__getattribute__

        def add_auth(signer, request):
            sign(signer, request)
            if signer._service_name == "rds-db":
                self._note(Request(action="rds-db:connect", resource=self._user_of(request.url)))

        def looked(settings, name):
            if self._running:
                self.settings[self._running[-1]].add(name.upper())
            return look(settings, name)

        patch.setattr(SigV4QueryAuth, "add_auth", add_auth)
        patch.setattr(Settings, "__getattribute__", looked)
        try:
            yield
        finally:
            boto3.DEFAULT_SESSION = None

    def _asked(self, params, model, context, **_):
        if not self._running:
            return
        context["bucket"] = params.get("Bucket")
        service = model.service_model.signing_name
        for request in requests(service, model.name, params, **self._where):
            self._note(request)

    def _answered(self, http_response, context, **_):
        # Only to those who may list the bucket does S3 say that an object is not there:
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        if self._running and http_response.status_code == 404:
            bucket = {"Bucket": context["bucket"]}
            for request in requests("s3", "ListObjectsV2", bucket, **self._where):
                self._note(request)

    def _note(self, request):
        self.requests[self._running[-1]].add(request)


def _stage(url):
    """An API and its stage, as ARNs name them."""
    found = urlsplit(url)
    return found.hostname.partition(".")[0] + found.path
