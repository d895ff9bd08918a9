"""Pages beside the admin site."""

from django.urls import path

from crm import views
from crm.pages import board, card_moves

urlpatterns = [
    path("files/<int:pk>/", views.download, name="crm_download"),
    path("board/", board.board, name="crm_board"),
    path("board/stamps/", board.stamps, name="crm_board_stamps"),
    path("board/column/<slug:stage>/", board.column, name="crm_board_column"),
    path("board/<int:pk>/move/", card_moves.move, name="crm_board_move"),
    path("board/<int:pk>/undo/", card_moves.undo, name="crm_board_undo"),
    path("board/<int:pk>/decide/", card_moves.decide, name="crm_board_decide"),
    path("healthz", views.alive, name="crm_alive"),
    path("readyz", views.ready, name="crm_ready"),
]
