"""Counters and durations as Prometheus metrics."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
"""Seconds."""


class LaneFigures(Protocol):
    """How one engine process is; seconds and restarts count since the start."""

    @property
    def lane(self) -> str:
        """Its name."""
        ...

    @property
    def pending(self) -> int:
        """Requests it has, running ones included."""
        ...

    @property
    def busy_seconds(self) -> float:
        """Seconds spent in batches."""
        ...

    @property
    def restarts(self) -> int:
        """Times it was replaced."""
        ...


class PrometheusMeter:
    """What the owner can watch at /metrics."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._counters = {
            "accepted": Counter("huashen_accepted", "Requests accepted, by kind", ["label"], registry=registry),
            "refused": Counter("huashen_refused", "Requests refused, by reason", ["label"], registry=registry),
            "held": Counter("huashen_held", "Requests held for review, by stage", ["label"], registry=registry),
            "finished": Counter(
                "huashen_finished", "Jobs that left the engine, by state", ["label"], registry=registry
            ),
        }
        self._durations = {
            "queue_wait": Histogram(
                "huashen_queue_wait_seconds", "From submit to start", ["label"], registry=registry, buckets=BUCKETS
            ),
            "engine": Histogram(
                "huashen_engine_seconds", "From start to result", ["label"], registry=registry, buckets=BUCKETS
            ),
        }
        self._levels = {"jobs": Gauge("huashen_jobs", "Jobs by state, as of seconds ago", ["label"], registry=registry)}

    def count(self, name: str, label: str = "") -> None:
        """Add one to a counter."""
        self._counters[name].labels(label).inc()

    def observe(self, name: str, seconds: float, label: str = "") -> None:
        """Record a duration in seconds."""
        self._durations[name].labels(label).observe(max(0.0, seconds))

    def level(self, name: str, value: float, label: str = "") -> None:
        """Record how much there is of something now."""
        self._levels[name].labels(label).set(value)


class EngineCollector(Collector):
    """What the engine processes say of themselves, asked at each scrape."""

    def __init__(self, lanes: Callable[[], Iterable[LaneFigures]]) -> None:
        self._lanes = lanes

    def collect(self) -> Iterator[Metric]:
        """One family a figure, one sample a lane."""
        pending = GaugeMetricFamily("huashen_engine_pending", "Requests with the engine process", labels=["lane"])
        busy = CounterMetricFamily("huashen_engine_busy_seconds", "Time spent in batches", labels=["lane"])
        restarts = CounterMetricFamily("huashen_engine_restarts", "Engine processes replaced", labels=["lane"])
        for lane in self._lanes():
            pending.add_metric([lane.lane], lane.pending)
            busy.add_metric([lane.lane], lane.busy_seconds)
            restarts.add_metric([lane.lane], lane.restarts)
        yield from (pending, busy, restarts)
