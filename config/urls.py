"""Everything hangs on the admin site; a few views of our own come first."""

from django.contrib import admin
from django.urls import include, path

handler500 = "crm.views.failed"

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", include("crm.api.urls")),
    path("", include("crm.urls")),
    path("", admin.site.urls),
]
