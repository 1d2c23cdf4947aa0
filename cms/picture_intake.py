"""Pictures that editors send to Wagtail go through the one intake of photos, like everybody's."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from wagtail.images.forms import BaseImageForm

from merchants.folding import slugify_vietnamese
from merchants.photos import PhotoRefused, prepare_whole

LONGEST_STEM = 24  # Wagtail cuts names off at 95 characters, and ours say at their end what they are


class PictureForm(BaseImageForm):
    """Named in the setting WAGTAILIMAGES_IMAGE_FORM_BASE; what is kept is our own JPEG, named as all our pictures."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file  # the one kept already
        file.seek(0)
        try:
            name, whole = prepare_whole(file.read())
        except PhotoRefused as refused:
            raise ValidationError(str(refused), code=refused.code) from refused
        stem = slugify_vietnamese((file.name or "").rpartition(".")[0])[:LONGEST_STEM] or "anh"
        # a name of its own: a storage that met the same name twice would alter the second
        return SimpleUploadedFile(f"{stem}-{secrets.token_hex(5)}{name.whole}", whole, content_type="image/jpeg")
