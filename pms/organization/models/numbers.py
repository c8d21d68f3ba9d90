"""Numbers of records: by fiscal year, without gaps."""

from django.db import models


class NumberSeries(models.Model):
    """How far the records of one kind are numbered in one fiscal year; the row is the lock."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year"], name="numberseries_unique")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last:03}"
