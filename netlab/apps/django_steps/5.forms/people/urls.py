"""The paths of people."""

from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("sign-up/", views.SignUp.as_view(), name="sign-up"),
    path("watch-list/", views.watchlist, name="watchlist"),
    path("alerts/new/", views.NewAlert.as_view(), name="new-alert"),
    path("alerts/<int:pk>/delete/", views.DeleteAlert.as_view(), name="delete-alert"),
]
