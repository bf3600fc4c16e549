"""What a run leaves behind, and when it ends."""

import datetime
import io

import pytest
from PIL import Image

from engines.training import clock, runs

NOON = datetime.datetime(2026, 1, 1, 12, 0)


@pytest.mark.parametrize(
    ("when", "end"),
    [
        ("12:30", NOON + datetime.timedelta(minutes=30)),
        ("11:30", NOON + datetime.timedelta(hours=23, minutes=30)),
        ("+1.5", NOON + datetime.timedelta(seconds=90)),
    ],
)
def test_a_run_ends_at_a_time_of_day_or_after_minutes(when, end):
    assert clock.end_of(when, NOON) == end


@pytest.mark.parametrize("when", ["", "noon", "25:00", "12", "+0", "+-3", "+x", "-5", "+nan", "+inf", "12:30:00"])
def test_anything_else_is_refused_in_one_sentence(when):
    with pytest.raises(ValueError, match="neither a time of day") as error:
        clock.end_of(when, NOON)
    assert when in str(error.value) and "\n" not in str(error.value)


def test_a_bar_shows_the_time_gone_and_the_time_left(monkeypatch):
    screen = io.StringIO()
    screen.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", screen)
    times = iter([NOON, NOON + datetime.timedelta(minutes=5), NOON + datetime.timedelta(minutes=10)])
    part = clock.progress_until("+10", now=lambda: next(times))
    assert (part(), part()) == (0.5, 1.0)
    assert "left" in screen.getvalue() and "0%|" in screen.getvalue()


def test_samples_are_drawn_at_the_first_report_and_then_not_too_often(tmp_path):
    run = runs.Run(tmp_path, {})
    run.draw_samples(lambda: Image.new("RGB", (4, 4)), every=1000)
    for step in (1, 2):
        run.report(step=step, loss=1 / step)
    assert [path.name for path in (tmp_path / "samples").iterdir()] == ["0000001.png"]
    run.draw_samples(lambda: Image.new("RGB", (4, 4)), every=0)
    run.report(step=3)
    assert len(list((tmp_path / "samples").iterdir())) == 2


def test_tensorboard_is_told_what_stats_hold(tmp_path):
    pytest.importorskip("tensorboardX", reason="the training extra is not installed")
    from tensorboardX.proto.event_pb2 import Event

    runs.Run(tmp_path, {}).report(step=7, loss=0.25)
    (file,) = tmp_path.glob("events.out.tfevents.*")
    data, found = file.read_bytes(), {}
    while data:  # a record: length (8 bytes), its checksum (4), the event, its checksum (4)
        length = int.from_bytes(data[:8], "little")
        event, data = Event.FromString(data[12 : 12 + length]), data[16 + length :]
        found |= {value.tag: (event.step, value.simple_value) for value in event.summary.value}
    assert found == {"loss": (7, 0.25)}


def test_a_last_line_that_a_kill_cut_short_is_left_out(tmp_path):
    (tmp_path / "stats.jsonl").write_text('{"step": 1}\n{"step": 2, "lo')
    assert runs.read_stats(tmp_path) == [{"step": 1}]
    assert runs.read_stats(tmp_path / "nowhere") == []
