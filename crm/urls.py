"""Pages beside the admin site."""

from django.urls import path

from crm import views

urlpatterns = [
    path("files/<int:pk>/", views.download, name="crm_download"),
    path("healthz", views.alive, name="crm_alive"),
    path("readyz", views.ready, name="crm_ready"),
]
