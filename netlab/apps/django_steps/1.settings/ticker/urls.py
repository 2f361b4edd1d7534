"""Which path belongs to which view. There is no view yet."""

urlpatterns = []
