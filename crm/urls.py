"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import months, targets

urlpatterns = [
    path("files/<int:pk>/", views.download, name="crm_download"),
    path("healthz", views.alive, name="crm_alive"),
    path("months/", months.months_page, name="crm_months"),
    path("months/<str:key>/", months.month_page, name="crm_month"),
    path("months/<str:key>/export/", months.month_workbook, name="crm_month_workbook"),
    path("targets/", targets.targets_page, name="crm_targets"),
    path("targets/export/", targets.targets_workbook, name="crm_targets_workbook"),
    path("readyz", views.ready, name="crm_ready"),
]
