"""The Japanese catalogue holds every text, translated and compiled, and nothing else."""

from scripts import texts


def test_catalogue_is_complete():
    assert texts.check() == []


class TestFindingTexts:
    def test_reads_every_way_of_marking_in_code(self):
        source = """
from django.utils import translation
from django.utils.translation import gettext as _, ngettext_lazy, pgettext
a = _("one " "sentence")
b = ngettext_lazy("%(n)d person", "%(n)d people", "n") % {"n": 2}
c = pgettext("paper", "Source"), translation.gettext("two")
d = _(a)
e = unrelated("no text")
"""

        found = sorted(texts.texts_in_code(source), key=lambda text: text["msgid"])

        assert found == [
            {"msgid": "%(n)d person", "msgid_plural": "%(n)d people"},
            {"msgctxt": "paper", "msgid": "Source"},
            {"msgid": "one sentence"},
            {"msgid": "two"},
        ]

    def test_reads_every_way_of_marking_in_a_template(self):
        source = """
{% translate "It's here" %} {% translate "Source" context "paper" %} {{ _("value") }}
{% blocktranslate trimmed count n=number %}
  {{ n }} person
{% plural %}
  {{ n }} people
{% endblocktranslate %}
"""

        assert list(texts.texts_in_template(source)) == [
            {"msgid": "It's here"},
            {"msgctxt": "paper", "msgid": "Source"},
            {"msgid": "value"},
            {"msgid": "%(n)s person", "msgid_plural": "%(n)s people"},
        ]
