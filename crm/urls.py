"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import (
    account,
    audit,
    board,
    bulk,
    card_moves,
    hand_over,
    list_views,
    recycle_bin,
    search,
    targets,
)

urlpatterns = [
    path("search/", search.results, name="crm_search"),
    path("search/quick/", search.quick, name="crm_search_quick"),
    path("account/", account.account, name="crm_account"),
    path("account/verify/", account.verify, name="crm_verify"),
    path("account/second-factor/", account.set_up, name="crm_second_factor"),
    path("account/second-factor/codes/", account.renew_codes, name="crm_renew_codes"),
    path("account/second-factor/remove/", account.remove, name="crm_remove_factor"),
    path("account/sign-ins/<int:pk>/end/", account.end_sign_in, name="crm_end_sign_in"),
    path("audit/export/", audit.audit_workbook, name="crm_audit_export"),
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
    path("board/", board.board, name="crm_board"),
    path("board/stamps/", board.stamps, name="crm_board_stamps"),
    path("board/column/<slug:stage>/", board.column, name="crm_board_column"),
    path("board/<int:pk>/move/", card_moves.move, name="crm_board_move"),
    path("board/<int:pk>/undo/", card_moves.undo, name="crm_board_undo"),
    path("board/<int:pk>/decide/", card_moves.decide, name="crm_board_decide"),
    path("healthz", views.alive, name="crm_alive"),
    path("targets/", targets.targets_page, name="crm_targets"),
    path("targets/export/", targets.targets_workbook, name="crm_targets_workbook"),
    path("readyz", views.ready, name="crm_ready"),
]
