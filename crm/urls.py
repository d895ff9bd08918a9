"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import (
    account,
    audit,
    board,
    card_moves,
    claims,
    merges,
    search,
    similar,
    targets,
)

urlpatterns = [
    path("claims/", claims.overview, name="crm_claims"),
    path("claims/conflicts/<int:pk>/", claims.conflict, name="crm_conflict"),
    path("claims/requests/<int:pk>/", claims.one_request, name="crm_claim_request"),
    path("claims/pool/<int:pk>/take/", claims.take, name="crm_pool_take"),
    path("claims/firms/<int:pk>/", claims.claim_firm, name="crm_claim_firm"),
    path("similar/companies/", similar.companies, name="crm_similar_companies"),
    path("similar/projects/", similar.projects, name="crm_similar_projects"),
    path("merges/", merges.overview, name="crm_merges"),
    path("merges/<int:pk>/undo/", merges.undo, name="crm_merge_undo"),
    path("merges/<str:kind>/<int:pk>/", merges.choose, name="crm_merge_choose"),
    path("merges/<str:kind>/<int:pk>/into/<int:keeper_pk>/", merges.compare, name="crm_merge"),
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
    path("healthz", views.alive, name="crm_alive"),
    path("targets/", targets.targets_page, name="crm_targets"),
    path("targets/export/", targets.targets_workbook, name="crm_targets_workbook"),
    path("readyz", views.ready, name="crm_ready"),
]
