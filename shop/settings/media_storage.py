"""Reads MEDIA_STORAGE_URL, the address of the buckets that hold media in place of folders (shop.bucket_files)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_SCHEMES = {"s3": "https", "s3+http": "http"}
_OPTIONS = {"private", "region", "public", "addressing"}


@dataclass(frozen=True)
class Buckets:
    """What MEDIA_STORAGE_URL says. `public_url` is empty where our own `/media/…` hands the pictures out."""

    endpoint: str
    access_key: str
    secret_key: str
    bucket: str
    private_bucket: str
    region: str
    public_url: str
    addressing: str

    def options(self, bucket: str) -> dict[str, Any]:
        """For STORAGES."""
        return {
            "endpoint_url": self.endpoint,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
            "bucket_name": bucket,
            "region_name": self.region,
            "addressing_style": self.addressing,
        }


def read_storage_url(url: str) -> Buckets:
    """Read `s3://KEY:SECRET@host[:port]/BUCKET?private=BUCKET2[&region=…][&public=https://…][&addressing=virtual]`.

    Key and secret are percent-encoded; `s3+http://` is for a store on one's own machine. Raises ValueError that says
    what is missing or wrong, and never repeats the secret.
    """
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    bucket = parts.path.strip("/")
    if parts.scheme not in _SCHEMES:
        raise ValueError("it must begin with s3:// (or s3+http://)")
    if not (parts.hostname and parts.username and parts.password):
        raise ValueError("it needs key, secret and host: s3://KEY:SECRET@host/bucket")
    if not bucket or "/" in bucket:
        raise ValueError("it needs one bucket behind the host: s3://KEY:SECRET@host/bucket")
    if unknown := sorted(set(given) - _OPTIONS):
        raise ValueError(f"unknown: {', '.join(unknown)} (known: {', '.join(sorted(_OPTIONS))})")
    if given.get("private", bucket) in {"", bucket}:
        # A rule that opens the one to readers must never open buyers' photos with it.
        raise ValueError("it needs private=BUCKET, another bucket that nobody reads from outside")
    public = given.get("public", "")
    if public and urlsplit(public).scheme not in {"https", "http"}:
        raise ValueError("public= must be an address that begins with https://")
    if given.get("addressing", "path") not in {"path", "virtual"}:
        raise ValueError("addressing= is path or virtual")
    return Buckets(
        endpoint=f"{_SCHEMES[parts.scheme]}://{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
        access_key=unquote(parts.username),
        secret_key=unquote(parts.password),
        bucket=bucket,
        private_bucket=given["private"],
        region=given.get("region", "us-east-1"),
        public_url=f"{public.rstrip('/')}/" if public else "",
        addressing=given.get("addressing", "path"),
    )
