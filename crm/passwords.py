"""What a password has to be: three kinds of characters, and none of the last five."""

import re

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import OldPassword, User

KINDS = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")
WANTED = 3


class ThreeKinds:
    """Small letters, capitals, digits, other characters: three of the four."""

    def validate(self, password, user=None):
        if sum(bool(re.search(kind, password)) for kind in KINDS) < WANTED:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self):
        return _("Use three of: small letters, capitals, digits, other characters.")


class NotUsedBefore:
    """None of the last five; also notes when the password was set."""

    def validate(self, password, user=None):
        if user and user.pk and OldPassword.objects.match(user, password):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self):
        return _("None of your last five passwords.")

    def password_changed(self, password, user=None):
        OldPassword.objects.keep(user)
        user.password_changed_at = timezone.now()
        User.objects.filter(pk=user.pk).update(password_changed_at=user.password_changed_at)
