"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import targets

urlpatterns = [
    path("files/<int:pk>/", views.download, name="crm_download"),
    path("healthz", views.alive, name="crm_alive"),
    path("targets/", targets.targets_page, name="crm_targets"),
    path("targets/export/", targets.targets_workbook, name="crm_targets_workbook"),
    path("readyz", views.ready, name="crm_ready"),
]
