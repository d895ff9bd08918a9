"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import bulk, hand_over, list_views, recycle_bin

urlpatterns = [
    path("files/<int:pk>/", views.download, name="crm_download"),
    path("people/", hand_over.people, name="crm_people"),
    path("people/<int:pk>/", hand_over.person, name="crm_person"),
    path("bulk/<str:name>/", bulk.bulk, name="crm_bulk"),
    path("changes/", bulk.changes, name="crm_changes"),
    path("changes/<int:pk>/", bulk.change, name="crm_change"),
    path("changes/<int:pk>/undo/", bulk.take_back, name="crm_change_undo"),
    path("views/<str:name>/save/", list_views.save, name="crm_view_save"),
    path("views/<str:name>/columns/", list_views.columns, name="crm_view_columns"),
    path("views/<int:pk>/change/", list_views.change, name="crm_view_change"),
    path("views/<int:pk>/delete/", list_views.delete, name="crm_view_delete"),
    path("bin/", recycle_bin.recycle_bin, name="crm_bin"),
    path("bin/<str:kind>/<int:pk>/restore/", recycle_bin.restore, name="crm_restore"),
    path("healthz", views.alive, name="crm_alive"),
    path("readyz", views.ready, name="crm_ready"),
]
