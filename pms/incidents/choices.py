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
    FINANCIAL = "financial", _("Misuse may cause financial damage: card numbers, payment logins")
    UNLAWFUL = "unlawful", _("Somebody acted with an unlawful purpose: intrusion, theft, insider")
    MY_NUMBER = "my_number", _("My Number is among it")
    MN_SYSTEM = "mn_system", _("It came from the information network or administrative systems")
    PUBLIC_VIEW = "public_view", _("Many unspecified people could view it")
    GRAVE = "grave", _("The examining body would call it serious for another reason")
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


class RecordKind(models.TextChoices):
    """What was reported."""

    INCIDENT = "incident", _("Incident")
    NEAR_MISS = "near_miss", _("Near miss")


class Status(models.TextChoices):
    """Where an incident stands; what was done of the steps between is on the record."""

    REPORTED = "reported", _("Reported")
    HANDLING = "handling", _("In hand")
    CLOSED = "closed", pgettext_lazy("incident", "Closed")
    DISMISSED = "dismissed", _("No incident")


OPEN_STATUSES = (Status.REPORTED, Status.HANDLING)


class Channel(models.TextChoices):
    """How the first report came."""

    FORM = "form", _("Form of this system")
    ANONYMOUS = "anonymous", _("Form of this system, without a name")
    OFFICE = "office", _("Told to the office by phone, email or in person")
    CONTRACTOR = "contractor", _("Told by a contractor")
    COMPLAINANT = "complainant", _("Told by the person concerned or somebody outside")


class CountKind(models.TextChoices):
    """How well a number of persons is known."""

    EXACT = "exact", _("Exactly")
    AT_MOST = "at_most", _("At most")
    UNKNOWN = "unknown", _("Not known yet")


class Medium(models.TextChoices):
    """What the information was on (statistics of JIPDEC)."""

    PAPER = "paper", _("Paper")
    ELECTRONIC = "electronic", _("Electronic")
    BOTH = "both", _("Both")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not known yet")


class ByWhom(models.TextChoices):
    """By whose hand it happened."""

    OWN = "own", _("Our own people")
    CONTRACTOR = "contractor", _("A contractor")
    SERVICE = "service", _("A service that we use")
    OUTSIDER = "outsider", _("An outsider")
    UNKNOWN = "unknown", _("Not known yet")


class CategoryList(models.TextChoices):
    """The lists that the examining bodies count by."""

    CLASS = "class", _("Class of the event")
    CAUSE = "cause", _("Cause")


class ObligationStatus(models.TextChoices):
    """Where an obligation stands."""

    TO_CLARIFY = "to_clarify", _("To be clarified")
    NEEDED = "needed", _("Needed")
    NOT_NEEDED = "not_needed", _("Not needed")
    OPTIONAL = "optional", pgettext_lazy("of a report", "Optional")
    DRAFTING = "drafting", _("Being drafted")
    SUBMITTED = "submitted", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    FILED = "filed", _("Filed")
    WAIVED = "waived", _("Waived")


# Somebody still has to act.
PENDING = (
    ObligationStatus.TO_CLARIFY,
    ObligationStatus.NEEDED,
    ObligationStatus.DRAFTING,
    ObligationStatus.SUBMITTED,
    ObligationStatus.APPROVED,
)

# It was done, or somebody answers for not doing it.
SETTLED = (ObligationStatus.FILED, ObligationStatus.WAIVED)


class Item(models.TextChoices):
    """The nine items of a report (個人情報の保護に関する法律施行規則 art. 8, para. 1)."""

    OVERVIEW = "overview", _("1. Outline")
    DATA_ITEMS = "data_items", _("2. Items of personal data")
    PERSONS_COUNT = "persons_count", _("3. Number of persons")
    CAUSE = "cause", _("4. Cause")
    SECONDARY_DAMAGE = "secondary_damage", _("5. Secondary damage, or the fear of it")
    RESPONSE = "response", _("6. What was done for the persons")
    PUBLICATION = "publication", _("7. Publication")
    PREVENTION = "prevention", _("8. Measures against recurrence")
    OTHER = "other", _("9. Anything else")


# Which obligations are reports of the nine items, by the body that they go to; first, then final.
REPORTS = {
    "ppc": (Kind.PPC_PRELIMINARY, Kind.PPC_FINAL),
    "mn": (Kind.MN_PRELIMINARY, Kind.MN_FINAL),
    "pm": (Kind.PM_PRELIMINARY, Kind.PM_FINAL),
    "consignor": (Kind.CONSIGNOR,),
    "voluntary": (Kind.VOLUNTARY,),
}
FINAL = (Kind.PPC_FINAL, Kind.MN_FINAL, Kind.PM_FINAL)


# What the persons are told (施行規則 art. 10).
ITEMS_FOR_PERSONS = (
    Item.OVERVIEW,
    Item.DATA_ITEMS,
    Item.CAUSE,
    Item.SECONDARY_DAMAGE,
    Item.OTHER,
)


class NoticeMethod(models.TextChoices):
    """How persons are told."""

    LETTER = "letter", _("Letter")
    MAIL = "mail", _("Email")
    PHONE = "phone", _("Phone")
    IN_PERSON = "in_person", _("In person")
    SUBSTITUTE = "substitute", _("Substitute: published, or a desk for questions")


class Publication(models.TextChoices):
    """Whether the case is published."""

    PUBLISHED = "published", pgettext_lazy("publication", "Published")
    NOT_PUBLISHED = "not_published", _("Not published")


class Entry(models.TextChoices):
    """What a line of the timeline tells of."""

    HAPPENED = "happened", _("Happened")
    KNOWN = "known", _("Became known")
    DONE = "done", pgettext_lazy("timeline", "Done")
    DECIDED = "decided", pgettext_lazy("timeline", "Decided")
