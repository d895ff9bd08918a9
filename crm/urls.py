"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import account, board, card_moves, search, targets
from crm.pages.phone import firms, follow_ups, projects, today, visits

urlpatterns = [
    path("search/", search.results, name="crm_search"),
    path("search/quick/", search.quick, name="crm_search_quick"),
    path("account/", account.account, name="crm_account"),
    path("account/verify/", account.verify, name="crm_verify"),
    path("account/second-factor/", account.set_up, name="crm_second_factor"),
    path("account/second-factor/codes/", account.renew_codes, name="crm_renew_codes"),
    path("account/second-factor/remove/", account.remove, name="crm_remove_factor"),
    path("account/sign-ins/<int:pk>/end/", account.end_sign_in, name="crm_end_sign_in"),
    path("files/<int:pk>/", views.download, name="crm_download"),
    path("board/", board.board, name="crm_board"),
    path("board/stamps/", board.stamps, name="crm_board_stamps"),
    path("board/column/<slug:stage>/", board.column, name="crm_board_column"),
    path("board/<int:pk>/move/", card_moves.move, name="crm_board_move"),
    path("board/<int:pk>/undo/", card_moves.undo, name="crm_board_undo"),
    path("board/<int:pk>/decide/", card_moves.decide, name="crm_board_decide"),
    path("m/", today.today_page, name="crm_m_today"),
    path("m/session/", today.session, name="crm_m_session"),
    path("m/visits/new/", visits.new_visit, name="crm_m_new_visit"),
    path("m/visits/firms/", visits.pick_firm, name="crm_m_pick_firm"),
    path("m/visits/firms/<int:pk>/projects/", visits.firm_projects, name="crm_m_firm_projects"),
    path("m/firms/", firms.firms_page, name="crm_m_firms"),
    path("m/firms/<int:pk>/", firms.firm_page, name="crm_m_firm"),
    path("m/projects/", projects.projects_page, name="crm_m_projects"),
    path("m/follow-ups/", follow_ups.follow_ups_page, name="crm_m_follow_ups"),
    path("m/follow-ups/<int:pk>/done/", follow_ups.finish, name="crm_m_finish"),
    path("m/follow-ups/<int:pk>/reopen/", follow_ups.reopen, name="crm_m_reopen"),
    path("m/follow-ups/<int:pk>/next/", follow_ups.next_step, name="crm_m_next_step"),
    path("healthz", views.alive, name="crm_alive"),
    path("targets/", targets.targets_page, name="crm_targets"),
    path("targets/export/", targets.targets_workbook, name="crm_targets_workbook"),
    path("readyz", views.ready, name="crm_ready"),
]
