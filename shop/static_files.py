"""Static files with hashed names, ES modules' imports included."""

from collections.abc import Iterable, Iterator
from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN = "shop/"  # what shoppers' phones load; the rest are Oscar's and Wagtail's screens for staff


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """A changed module gets a new name, and so do those that import it; a missing file stops collectstatic.

    Brotli's best takes a minute over the admin screens' megabytes and saves staff next to nothing: only our own get it.
    """

    support_js_module_import_aggregation = True
    _with_brotli = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        own = {path for path in paths if path.startswith(OWN)}
        for self._with_brotli, part in ((True, own), (False, set(paths) - own)):
            yield from super().compress_files(part)

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return Compressor(use_brotli=self._with_brotli, **kwargs)
