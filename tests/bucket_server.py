"""A small S3 store in memory that checks every signature by itself, for tests over real HTTP.

Written from Amazon's description of Signature Version 4 for S3 (docs.aws.amazon.com/AmazonS3/latest/API/
sig-v4-authenticating-requests.html, read in 2026), not from the client library: header and query signatures, the hash
of what was sent, and the end of a signed address. Nothing is public here; a request without a signature is refused.
"""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, REGION = "thu-khoa", "bi-mat/cua+cuoc-thu", "ap-southeast-1"


@dataclass
class Kept:
    content: bytes
    headers: dict[str, str]
    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))


@dataclass
class Store:
    """`objects` by bucket and key; `refused` are requests that were not let in."""

    address: str
    objects: dict[tuple[str, str], Kept] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def keys(self, bucket: str) -> set[str]:
        return {key for kept_in, key in self.objects if kept_in == bucket}


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _signature(text: str, day: str) -> str:
    key = f"AWS4{SECRET}".encode()
    for part in (day, REGION, "s3", "aws4_request"):
        key = _hmac(key, part)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def why_refused(method: str, target: str, headers: dict[str, str], body: bytes) -> str:
    """Empty when key, signature, time and content are right."""
    parts = urlsplit(target)
    query = parse_qsl(parts.query, keep_blank_values=True)
    asked = dict(query)
    if "X-Amz-Signature" in asked:
        credential, signed, given = (asked[f"X-Amz-{name}"] for name in ("Credential", "SignedHeaders", "Signature"))
        at, content_hash = asked["X-Amz-Date"], "UNSIGNED-PAYLOAD"
        lives = timedelta(seconds=int(asked["X-Amz-Expires"]))
        query = [(name, value) for name, value in query if name != "X-Amz-Signature"]
    elif headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 "):
        said = dict(part.strip().split("=", 1) for part in headers["authorization"].split(" ", 1)[1].split(","))
        credential, signed, given = said["Credential"], said["SignedHeaders"], said["Signature"]
        at, content_hash = headers["x-amz-date"], headers["x-amz-content-sha256"]
        lives = timedelta(minutes=15)
        if content_hash != hashlib.sha256(body).hexdigest():
            return "other content than was signed"
    else:
        return "not signed"
    key, day, region, service, end = credential.split("/")
    if (key, region, service, end) != (KEY, REGION, "s3", "aws4_request") or not at.startswith(day):
        return "another key, region or day"
    if datetime.now(UTC) - datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) > lives:
        return "too old"
    canonical = "\n".join(
        [
            method,
            quote(unquote(parts.path), safe="/-_.~"),
            "&".join(sorted(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in query)),
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed.split(";")),
            "",
            signed,
            content_hash,
        ]
    )
    scope = f"{day}/{REGION}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", at, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    return "" if hmac.compare_digest(_signature(text, day), given) else "another signature"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: Store

    def answer(self, status: int, content: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if reason := why_refused(self.command, self.path, headers, body):
            self.store.refused.append(f"{self.command} {self.path}: {reason}")
            return self.answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        parts = urlsplit(self.path)
        bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
        if self.command == "PUT":
            wanted = {name: headers[name] for name in ("content-type", "cache-control") if name in headers}
            self.store.objects[bucket, key] = Kept(body, wanted)
            return self.answer(200, headers={"ETag": f'"{hashlib.md5(body).hexdigest()}"'})  # noqa: S324
        if self.command == "DELETE":
            self.store.objects.pop((bucket, key), None)
            return self.answer(204)
        if not key:
            return self.answer(200, self.listing(bucket, dict(parse_qsl(parts.query))))
        kept = self.store.objects.get((bucket, key))
        if kept is None:
            return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        dated = {"Last-Modified": format_datetime(kept.at, usegmt=True), "ETag": '"x"'}
        return self.answer(200, kept.content, kept.headers | dated)

    do_GET = do_HEAD = do_PUT = do_DELETE = handle_any  # noqa: N815

    def listing(self, bucket: str, asked: dict[str, str]) -> bytes:
        prefix, end = asked.get("prefix", ""), asked.get("delimiter", "")
        files, folders = [], set()
        for key in sorted(self.store.keys(bucket)):
            if key.startswith(prefix):
                head, found, _rest = key[len(prefix) :].partition(end or "\0")
                folders.add(f"{prefix}{head}{end}") if found else files.append(key)
        rows = "".join(f"<Contents><Key>{escape(key)}</Key></Contents>" for key in files)
        rows += "".join(f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>" for name in sorted(folders))
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()

    def log_message(self, *_args: object) -> None:
        """Silent."""


@contextmanager
def bucket_store() -> Iterator[Store]:
    """A store on a free port of the loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    store = Store(f"127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"store": store})
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
