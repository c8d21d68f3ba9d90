"""Words of incidents: what was answered, what happened, what follows from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Answer(models.TextChoices):
    """What is known of a fact; that it is not known is an answer of its own."""

    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known yet")
    SUSPECTED = "suspected", _("Suspected")
    YES = "yes", _("Yes")


class FactCode(models.TextChoices):
    """The facts that rules ask for. A new one is a row here; which are asked, the rules say."""

    PERSONAL_DATA = "personal_data", _("It is personal data: searchable as in a list or a database")
    BEING_ACQUIRED = "being_acquired", _("It was just being acquired, to become personal data")
    SENSITIVE = "sensitive", _("Special-care-required personal information is among it")
    FINANCIAL = "financial", _("Misuse may cost the persons money: card number, login of a payment")
    UNLAWFUL = "unlawful", _("Somebody acted with an unlawful purpose: intrusion, theft, insider")
    MY_NUMBER = "my_number", _("My Number is among it")
    MN_SYSTEM = "mn_system", _("It came from the information network or administrative systems")
    PUBLIC_VIEW = "public_view", _("Many unspecified people could view it")
    GRAVE = "grave", _("The examining body would call it grave for another reason")
    ENCRYPTED = "encrypted", _("It was protected by strong encryption or the like")
    RECOVERED = "recovered", _("All of it was recovered before anybody else saw it")
    COPY_KEPT = "copy_kept", _("The same data is kept elsewhere and can be used")
    LITTLE_HARM = "little_harm", _("Little harm to the persons is to be feared")
    GOING_ON = "going_on", _("It is still going on")


# A "yes" to these makes a case lighter; to all others, graver.
LIGHTER = (FactCode.ENCRYPTED, FactCode.RECOVERED, FactCode.COPY_KEPT, FactCode.LITTLE_HARM)


class Event(models.TextChoices):
    """What happened to the information: the list of the examining bodies (JIPDEC, 発生事象)."""

    LEAK = "leak", _("Leak")
    LOST = "lost", _("Missing")
    DESTROYED = "destroyed", _("Loss or damage of the content")
    ALTERED = "altered", _("Tampering, or accuracy not kept")
    IMPROPER_ACQUISITION = "improper_acquisition", _("Improper acquisition")
    BEYOND_PURPOSE = "beyond_purpose", _("Use or provision beyond the purpose")
    IMPROPER_USE = "improper_use", _("Improper use")
    REFUSAL = "refusal", _("Refusal of a request of the person")
    FEARED = "feared", _("One of these is feared")


class HandlingRole(models.TextChoices):
    """Whose information it is, and who handled it (個人情報保護法25条, 26条)."""

    OWN = "own", _("Our own; we handled it")
    CONSIGNOR = "consignor", _("Our own; a contractor of ours handled it")
    CONTRACTOR = "contractor", _("A client's; they entrusted it to us")


class Kind(models.TextChoices):
    """What may have to be done: one obligation of each kind for a case."""

    PPC_PRELIMINARY = "ppc_preliminary", _("Preliminary report to the PPC")
    PPC_FINAL = "ppc_final", _("Final report to the PPC")
    MN_PRELIMINARY = "mn_preliminary", _("Preliminary report to the PPC (My Number)")
    MN_FINAL = "mn_final", _("Final report to the PPC (My Number)")
    PM_PRELIMINARY = "pm_preliminary", _("Preliminary report to the PrivacyMark body")
    PM_FINAL = "pm_final", _("Final report to the PrivacyMark body")
    PERSONS = "persons", _("Notice to the persons")
    CONSIGNOR = "consignor", _("Notice to the client who entrusted the data")
    VOLUNTARY = "voluntary", _("Voluntary report to the PPC")


class Verdict(models.TextChoices):
    """What the rules say of an obligation."""

    NOT_NEEDED = "not_needed", _("Not needed")
    OPTIONAL = "optional", pgettext_lazy("of a report", "Optional")
    OPEN = "open", _("To be clarified")
    NEEDED = "needed", _("Needed")
