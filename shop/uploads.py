"""How much one request may bring in files, whatever stands in the form: bounded on disk and in memory.

Of a file that is too large the rest is read and thrown away, so that the browser sees our answer instead of a broken
connection. What is kept is larger than its limit by a breath: the form that asks for the file refuses it by its size.
"""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from merchants.photos import MOST_BYTES

MOST_KEPT = MOST_BYTES + 1  # of one file from anybody: nobody but staff sends more than photos
MOST_READ = 400_000_000  # of one request; beyond it the connection is closed
MOST_OF_STAFF = 100_000_000  # documents in the CMS, whose forms know no limit of their own
STAFF_PREFIXES = ("/cms/", "/admin/", "/dashboard/")


class BoundedUpload(FileUploadHandler):
    """Stands before Django's own handlers and hands on no more than the limit."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.is_staffs = request is not None and request.path_info.startswith(STAFF_PREFIXES)
        self.most = MOST_OF_STAFF if self.is_staffs else MOST_READ
        self.read = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > self.most:
            raise RequestDataTooBig(f"{content_length} bytes announced")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.read += len(raw_data)
        if self.read > self.most:
            raise RequestDataTooBig(f"more than {self.most} bytes sent")
        if self.is_staffs or start < MOST_KEPT:
            return raw_data
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None
