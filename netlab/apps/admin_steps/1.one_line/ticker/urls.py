"""Which path belongs to which view."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("shares.urls")),
    path("my/", include("people.urls")),
    path("log-in/", LoginView.as_view(), name="login"),
    path("log-out/", LogoutView.as_view(), name="logout"),
]
