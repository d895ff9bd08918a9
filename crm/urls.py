"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import timeline

urlpatterns = [
    path("files/<int:pk>/", views.download, name="crm_download"),
    path("timeline/<str:model>/<int:pk>/", timeline.show, name="crm_timeline"),
    path("timeline/<str:model>/<int:pk>/add/", timeline.add, name="crm_timeline_add"),
    path("timeline/<str:model>/<int:pk>/people/", timeline.people, name="crm_timeline_people"),
    path("healthz", views.alive, name="crm_alive"),
    path("readyz", views.ready, name="crm_ready"),
]
