"""Model fields that derive their value."""

from typing import Any

from django.db import models

from .text import search_key


class SearchKeyField(models.CharField):
    """Text to search in: the named fields of the row, folded so that spelling variants meet.

    The value is made anew on every `save()` and `bulk_create()`; whoever writes past them
    (`bulk_update`, `update`) sets it with `compute`.
    """

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.setdefault("max_length", 400)
        kwargs["editable"] = False
        kwargs["blank"] = True
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As every field, with the sources."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["sources"] = self.sources
        return name, path, args, kwargs

    def compute(self, instance: models.Model) -> str:
        """The key that `instance` should have now."""
        parts = (search_key(str(getattr(instance, source) or "")) for source in self.sources)
        return " ".join(part for part in parts if part)[: self.max_length]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Set and return the key."""
        value = self.compute(model_instance)
        setattr(model_instance, self.attname, value)
        return value
