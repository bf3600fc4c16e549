"""What the owner sees at /metrics."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest

from bot.runtime.metrics import EngineCollector, PrometheusMeter


@dataclass
class Lane:
    lane: str = "main"
    pending: int = 3
    busy_seconds: float = 1.5
    restarts: int = 2


def test_every_figure_is_exposed() -> None:
    registry = CollectorRegistry()
    registry.register(EngineCollector(lambda: [Lane()]))
    meter = PrometheusMeter(registry)
    meter.count("refused", "quota-day")
    meter.observe("queue_wait", 0.2, "avatar")
    meter.level("jobs", 5, "queued")
    text = generate_latest(registry).decode()
    for line in (
        'huashen_refused_total{label="quota-day"} 1.0',
        'huashen_queue_wait_seconds_count{label="avatar"} 1.0',
        'huashen_jobs{label="queued"} 5.0',
        'huashen_engine_pending{lane="main"} 3.0',
        'huashen_engine_busy_seconds_total{lane="main"} 1.5',
        'huashen_engine_restarts_total{lane="main"} 2.0',
    ):
        assert line in text
