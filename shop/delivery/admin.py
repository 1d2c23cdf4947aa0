from django.contrib import admin

from shop.delivery.models import DeliveryOption


@admin.register(DeliveryOption)
class DeliveryOptionAdmin(admin.ModelAdmin):
    """How goods reach the buyer: of one merchant, or of all that have none of their own."""

    list_display = ["kind", "merchant", "price_vnd", "free_from_vnd", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["merchant"]
    raw_id_fields = ["merchant"]
