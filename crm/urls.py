"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import bulk, hand_over

urlpatterns = [
    path("files/<int:pk>/", views.download, name="crm_download"),
    path("people/", hand_over.people, name="crm_people"),
    path("people/<int:pk>/", hand_over.person, name="crm_person"),
    path("bulk/<str:name>/", bulk.bulk, name="crm_bulk"),
    path("changes/", bulk.changes, name="crm_changes"),
    path("changes/<int:pk>/", bulk.change, name="crm_change"),
    path("changes/<int:pk>/undo/", bulk.take_back, name="crm_change_undo"),
    path("healthz", views.alive, name="crm_alive"),
    path("readyz", views.ready, name="crm_ready"),
]
