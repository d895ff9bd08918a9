"""Views beside the admin site."""

urlpatterns = []
