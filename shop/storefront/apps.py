from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class StorefrontConfig(AppConfig):
    name = "shop.storefront"
    label = "storefront"
    verbose_name = _("Storefront")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalogue.listed_product import listing_changed
        from catalogue.models import OcopCertificate, Product, SynonymGroup
        from merchants.models import BankAccount, Commune, Merchant, PaymentCode, Village
        from shop.delivery.models import DeliveryOption
        from shop.storefront.generation import on_change, watch
        from shop.storefront.models import SiteCommune

        watch(Commune, Village, Merchant, BankAccount, PaymentCode)
        watch(Product, apps.get_model("catalogue", "ProductImage"), OcopCertificate, DeliveryOption, SiteCommune)
        watch(SynonymGroup)
        listing_changed.connect(on_change, dispatch_uid="face_changes_with_listing")
