"""How the administration pages look: a sibling of ours, in the same blue and the same type."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": _("Administration"),
    "SITE_HEADER": _("Administration"),
    "SITE_SUBHEADER": _("Personal information protection"),
    "SITE_SYMBOL": "shield_person",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("img/icon.svg"),
        },
    ],
    "SITE_URL": reverse_lazy("dashboard:home"),
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "THEME": "light",
    "BORDER_RADIUS": "8px",
    "STYLES": [lambda request: static("css/admin.css")],
    # The greys and the blue of the Digital Agency's design system, as in static/css/tokens.css.
    "COLORS": {
        "base": {
            "50": "#f8f8fb",
            "100": "#f2f2f2",
            "200": "#e0e0e0",
            "300": "#b3b3b3",
            "400": "#949494",
            "500": "#666666",
            "600": "#4d4d4d",
            "700": "#333333",
            "800": "#1a1a1a",
            "900": "#101010",
            "950": "#000000",
        },
        "primary": {
            "50": "#e8f1fe",
            "100": "#d9e6ff",
            "200": "#c5d7fb",
            "300": "#9db7f9",
            "400": "#7096f8",
            "500": "#3460fb",
            "600": "#0017c1",
            "700": "#00118f",
            "800": "#000071",
            "900": "#000060",
            "950": "#00004d",
        },
    },
}
