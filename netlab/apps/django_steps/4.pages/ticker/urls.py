"""Which path belongs to which view."""

from django.urls import include, path

urlpatterns = [
    path("", include("shares.urls")),
]
