"""Static files with hashed names, ES modules' imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """A changed module gets a new name, and so do those that import it; a missing file stops collectstatic."""

    support_js_module_import_aggregation = True
