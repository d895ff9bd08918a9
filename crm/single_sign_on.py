"""Sign-in through the government's single sign-on (OpenID Connect); off unless it is configured.

The provider says who somebody is, never what they may do: an account must exist here, be active and
have a role. Authlib checks signature, issuer, audience, time and nonce of the provider's token.
"""

from authlib.integrations.django_client import OAuth, OAuthError
from django.conf import settings
from joserfc.errors import JoseError
from requests import RequestException

from crm.backends import RoleBackend
from crm.models import User

BACKEND = "crm.backends.RoleBackend"
SECONDS = 10
LEEWAY_SECONDS = 60
# Whatever a provider or a forged answer may bring about.
REFUSED = (OAuthError, JoseError, RequestException, ValueError, KeyError, RuntimeError)


def is_on() -> bool:
    return bool(settings.OIDC_ISSUER)


def client():
    """Made for each sign-in: the provider's keys and addresses are read afresh."""
    issuer = settings.OIDC_ISSUER
    scope = {"scope": "openid profile", "code_challenge_method": "S256"}
    return OAuth().register(
        "sso", client_id=settings.OIDC_CLIENT, client_secret=settings.OIDC_SECRET,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={**scope, "default_timeout": SECONDS},
    )  # fmt: skip


def claims_of(request) -> dict:
    """What the provider's token says; raises one of REFUSED for any that is not good."""
    options = {
        "iss": {"essential": True, "values": [settings.OIDC_ISSUER]},
        "aud": {"essential": True, "values": [settings.OIDC_CLIENT]},
        "nonce": {"essential": True},
    }
    answer = client().authorize_access_token(
        request, claims_options=options, leeway=LEEWAY_SECONDS
    )  # fmt: skip
    return dict(answer["userinfo"])


def account_of(claims: dict) -> User | None:
    """The account whose name the claim holds, if it may sign in; never makes or changes one."""
    name = claims.get(settings.OIDC_CLAIM)
    if not isinstance(name, str) or not name:
        return None
    user = User.objects.filter(username=name).first()
    return user if user and RoleBackend().user_can_authenticate(user) else None
