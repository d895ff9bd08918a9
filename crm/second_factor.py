"""The second factor: codes of an authenticator app, and ten recovery codes kept as hashes."""

import secrets

from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0 1 i l o


def device_of(user) -> TOTPDevice | None:
    """The app that was set up, None without one."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def device_to_confirm(user) -> TOTPDevice:
    """The app being set up; its secret stays the same until it is confirmed."""
    return TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})[0]


def confirm(user, code: str) -> list[str] | None:
    """Take the app into use when the code is right; returns new recovery codes, else None."""
    device = device_to_confirm(user)
    if not device.verify_token(code.strip()):
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user, confirmed=True).delete()
        device.confirmed = True
        device.save()
        return renew_recovery_codes(user)


def renew_recovery_codes(user) -> list[str]:
    """New codes, each good for once; the old ones end. They are shown this one time."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery")
        for code in codes:
            device.token_set.create(token=_hashed(code))
    return codes


def recovery_codes_left(user) -> int:
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def verify(user, code: str) -> bool:
    """Is it the app's present code or an unused recovery code? Wrong ones are throttled."""
    app = device_of(user)
    if app is None:
        return False
    plain = code.replace(" ", "").replace("-", "").lower()
    with transaction.atomic():
        if plain.isdigit():
            locked = TOTPDevice.objects.select_for_update().get(pk=app.pk)
            return locked.verify_token(plain)
        device = StaticDevice.objects.select_for_update().filter(user=user).first()
        return device is not None and device.verify_token(_hashed(plain))


def is_throttled(user) -> bool:
    """Too many wrong codes just now."""
    devices = [device_of(user), *StaticDevice.objects.filter(user=user)]
    return any(device and not device.verify_is_allowed()[0] for device in devices)


def remove(user) -> None:
    """Forget app and recovery codes: the owner's wish, or a lost phone."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()


def _hashed(code: str) -> str:
    """django-otp keeps its static tokens readable; we give it hashes (16 characters fit)."""
    return salted_hmac("crm.recovery", code, algorithm="sha256").hexdigest()[:16]
