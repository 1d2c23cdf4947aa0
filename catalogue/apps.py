"""Fork of Oscar's `catalogue` app: same label, our fields on Product, certificates, the listing table."""

from oscar.apps.catalogue import apps


class CatalogueConfig(apps.CatalogueConfig):
    name = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalogue.listed_product import connect_receivers

        super().ready()
        connect_receivers()
