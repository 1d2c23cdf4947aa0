from django.contrib import admin

from shop.users.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["full_name", "phone", "email", "is_staff", "is_active"]
    search_fields = ["full_name", "phone", "email"]
    exclude = ["password"]
