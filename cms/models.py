"""Wagtail finds models here; the pages themselves stand in cms.pages."""
