"""Media in S3-compatible buckets (MEDIA_STORAGE_URL): one for what everyone may see, one that no address serves.

Named in STORAGES by the settings, and imported only then; the disk is the default.
"""

from typing import Any
from urllib.parse import urljoin

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from shop.media_files import cache_control

SIGNED_FOR_S = 60


class _Files(S3Storage):
    def get_default_settings(self) -> dict[str, Any]:
        """Ours in place of the AWS_… settings, so that the address alone says how it is."""
        return {
            **super().get_default_settings(),
            "file_overwrite": False,  # as on disk: a second file of one name gets another
            "gzip": False,
            "default_acl": None,
            "security_token": None,
            "querystring_expire": SIGNED_FOR_S,
            "transfer_config": TransferConfig(use_threads=False),
        }

    def __init__(self, **options: Any) -> None:
        options["client_config"] = Config(
            signature_version="s3v4",
            s3={"addressing_style": options["addressing_style"]},
            connect_timeout=5,
            read_timeout=20,
            retries={"max_attempts": 3, "mode": "standard"},
            # Newer checksums are Amazon's alone; other stores refuse them.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(**options)


class PublicFiles(_Files):
    """Pictures and documents of pages. Their addresses begin with MEDIA_URL and carry no signature."""

    def url(self, name: str | None, *_args: Any, **_options: Any) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(self._normalize_name(name or "")))

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        return {"CacheControl": cache_control(name)}


class PrivateFiles(_Files):
    """What only a view hands out that has asked who reads (photos of complaints, screenshots of transfers).

    `url()` is signed and ends after SIGNED_FOR_S; no page of ours writes one.
    """

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        return {"CacheControl": "private, no-store"}
