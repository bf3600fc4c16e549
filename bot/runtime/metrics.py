"""Counters and durations as Prometheus metrics."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
"""Seconds."""


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
        self.jobs = Gauge("huashen_jobs", "Jobs by state", ["status"], registry=registry)

    def count(self, name: str, label: str = "") -> None:
        """Add one to a counter."""
        self._counters[name].labels(label).inc()

    def observe(self, name: str, seconds: float, label: str = "") -> None:
        """Record a duration in seconds."""
        self._durations[name].labels(label).observe(max(0.0, seconds))
