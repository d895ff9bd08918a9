"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import search

urlpatterns = [
    path("search/", search.results, name="crm_search"),
    path("search/quick/", search.quick, name="crm_search_quick"),
    path("files/<int:pk>/", views.download, name="crm_download"),
    path("healthz", views.alive, name="crm_alive"),
    path("readyz", views.ready, name="crm_ready"),
]
