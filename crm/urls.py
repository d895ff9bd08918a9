"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import (
    account,
    audit,
    board,
    card_moves,
    months,
    search,
    targets,
    wall,
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
    path("board/", board.board, name="crm_board"),
    path("board/stamps/", board.stamps, name="crm_board_stamps"),
    path("board/column/<slug:stage>/", board.column, name="crm_board_column"),
    path("board/<int:pk>/move/", card_moves.move, name="crm_board_move"),
    path("board/<int:pk>/undo/", card_moves.undo, name="crm_board_undo"),
    path("board/<int:pk>/decide/", card_moves.decide, name="crm_board_decide"),
    path("wall/<str:secret>/", wall.wall, name="crm_wall"),
    path("healthz", views.alive, name="crm_alive"),
    path("months/", months.months_page, name="crm_months"),
    path("months/<str:key>/", months.month_page, name="crm_month"),
    path("months/<str:key>/export/", months.month_workbook, name="crm_month_workbook"),
    path("targets/", targets.targets_page, name="crm_targets"),
    path("targets/export/", targets.targets_workbook, name="crm_targets_workbook"),
    path("readyz", views.ready, name="crm_ready"),
]
