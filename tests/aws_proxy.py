"""A proxy on loopback before moto: answers chosen actions with AccessDenied, forwards and counts the others.

What moto does not know it answers as an account that has nothing of it.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_LAMBDA = {
    r"/2015-03-31/functions/?": "ListFunctions",
    r"/2015-03-31/functions/[^/]+": "GetFunction",
    r"/2015-03-31/functions/[^/]+/policy": "GetPolicy",
    r"/2015-03-31/event-source-mappings/?": "ListEventSourceMappings",
}
_DENIAL = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>denied</Message></Error></ErrorResponse>"

_XML = ("iam", "sts")

_NOTHING = {
    "codecommit:ListRepositories": b'{"repositories": []}',
    "config:DescribeOrganizationConfigRules": b'{"OrganizationConfigRules": []}',
    "connect:GET /instance": b'{"InstanceSummaryList": []}',
    "logs:DescribeAccountPolicies": b'{"accountPolicies": []}',
}


class AwsProxy(ThreadingHTTPServer):
    """``url``: the endpoint to use. ``denied``: actions as ``iam:GetRole``, or ``iam:GetRole us-east-1`` for a region.

    ``calls``: requests by action, denied ones included; REST calls that are not in the table above are counted as
    ``service:METHOD /path``.
    """

    daemon_threads = True

    def __init__(self, upstream: str, denied: Collection[str] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = urlsplit(upstream)
        self.denied = frozenset(denied)
        self.calls: Counter[str] = Counter()
        self.url = f"http://127.0.0.1:{self.server_port}"


@contextmanager
def aws_proxy(upstream: str, denied: Collection[str] = ()) -> Iterator[AwsProxy]:
    """The proxy, running until the block ends."""
    with AwsProxy(upstream, denied) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: AwsProxy

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        action, region = self._action(body)
        self.server.calls[action] += 1
        if {action, f"{action} {region}"} & self.server.denied:
            self._send(
                403, [("x-amzn-errortype", "AccessDeniedException")], _DENIAL if action.startswith(_XML) else b"{}"
            )
            return
        if action in _NOTHING:
            self._send(200, [("Content-Type", "application/x-amz-json-1.1")], _NOTHING[action])
            return
        upstream = HTTPConnection(self.server.upstream.hostname or "", self.server.upstream.port, timeout=60)
        upstream.request(self.command, self.path, body, dict(self.headers))
        response = upstream.getresponse()
        content = response.read()
        kept = [(k, v) for k, v in response.getheaders() if k.lower() not in _HOP_BY_HOP]
        self._send(response.status, kept, content)
        upstream.close()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer

    def _action(self, body: bytes) -> tuple[str, str]:
        """The action and region of a request, from its signature's scope and its form, header or path."""
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", self.headers.get("Authorization", ""))
        region, service = scope.groups() if scope else ("", "")
        path = urlsplit(self.path).path
        name = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
        name = name or self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if service == "lambda" and self.command == "GET":
            name = next((action for pattern, action in _LAMBDA.items() if re.fullmatch(pattern, path)), "")
        return f"{service}:{name or f'{self.command} {path}'}", region

    def _send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


_HOP_BY_HOP = {"connection", "content-length", "date", "server", "transfer-encoding"}
