"""`/metrics` in Prometheus' text format, for who has the key. To everybody else there is no such address."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from fieldsvc.extensions import context
from fieldsvc.problems import NotFound
from fieldsvc.services.metrics import Measure, measure

blueprint = Blueprint("metrics", __name__)


class _Measured:
    """What was measured, as the registry of the library wants to be told."""

    def __init__(self, measures: list[Measure]) -> None:
        self._measures = measures

    def collect(self) -> list[GaugeMetricFamily]:
        """One family for each measure."""
        families = []
        for each in self._measures:
            family = GaugeMetricFamily(f"fieldsvc_{each.name}", each.meaning, labels=each.labels)
            for labels, value in each.values.items():
                family.add_metric(labels, value)
            families.append(family)
        return families


@blueprint.get("/metrics")
def metrics() -> Response:
    """Every number. Raises `not-found` without the key: behind a proxy on the same machine everyone looks local."""
    ctx = context()
    wanted = f"Bearer {ctx.settings.metrics_key}"
    given = request.headers.get("Authorization", "")
    if not ctx.settings.metrics_key or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise NotFound
    registry = CollectorRegistry()
    registry.register(_Measured(measure(ctx)))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
