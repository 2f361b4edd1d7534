"""The paths of shares."""

from django.urls import path, register_converter

from shares import views


class TickerConverter:
    """Up to eight capital letters, digits and dots, in a path."""

    regex = r"[A-Z0-9.]{1,8}"

    def to_python(self, value):
        """What the view is given."""
        return value

    def to_url(self, value):
        """What stands in the path."""
        return value


register_converter(TickerConverter, "ticker")

app_name = "shares"
urlpatterns = [
    path("", views.front, name="front"),
    path("stocks/<ticker:ticker>/", views.StockDetail.as_view(), name="stock"),
    path("stocks/<ticker:ticker>/prices/", views.prices, name="prices"),
    path("tape/", views.tape, name="tape"),
]
