"""The admin of shares."""

from django.contrib import admin

from shares.models import Stock

admin.site.register(Stock)
