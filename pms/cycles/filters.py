"""What the list of years can be narrowed to."""

from django_filters import FilterSet

from .models import Cycle


class CycleFilter(FilterSet):
    """Years are few."""

    class Meta:
        model = Cycle
        fields: list[str] = []
