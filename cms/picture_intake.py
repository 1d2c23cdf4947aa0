"""Pictures that editors send to Wagtail go through the one intake of photos, like everybody's."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import timezone
from wagtail.images.forms import BaseImageForm

from merchants.photos import WIDEST, PhotoRefused, prepare_photo


class PictureForm(BaseImageForm):
    """Named in the setting WAGTAILIMAGES_IMAGE_FORM_BASE; what is kept is our own WebP, at most 1200 pixels wide."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file  # the one kept already
        file.seek(0)
        try:
            photo = prepare_photo(file.read())
        except PhotoRefused as refused:
            raise ValidationError(str(refused), code=refused.code) from refused
        stem = (file.name or "").rpartition(".")[0] or f"{timezone.localdate():%Y-%m-%d}"
        return SimpleUploadedFile(f"{stem}.webp", photo.files[WIDEST], content_type="image/webp")
