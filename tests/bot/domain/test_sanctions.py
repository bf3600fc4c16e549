"""Strikes decay, and the severest sanction counts."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audit import START, Entry, chained, verify
from bot.domain.community_policy import DAY, StrikePolicy
from bot.domain.moderation import Category
from bot.domain.sanctions import Sanction, SanctionKind, Standing, Strike, following, standing

POLICY = StrikePolicy(decay=10 * DAY, mute_after=2, suspend_after=4, ban_after=6)


def strikes(*days: float, lifted: float | None = None) -> list[Strike]:
    return [Strike(str(n), "m", "", Category.HATE, str(n), day * DAY, lifted) for n, day in enumerate(days)]


def sanction(kind: SanctionKind, until: float | None, lifted: float | None = None) -> Sanction:
    return Sanction("s", "m", "", kind, "", "mod", 0.0, until, lifted)


def test_strikes_decay_and_can_be_lifted() -> None:
    now = 12 * DAY
    assert len(standing(strikes(1, 2, 3, 11), [], POLICY, now).strikes) == 2
    assert standing(strikes(11, lifted=11.5 * DAY), [], POLICY, now).strikes == ()


def test_the_severest_sanction_counts_and_then_the_longest() -> None:
    mute, long = sanction(SanctionKind.MUTE, None), sanction(SanctionKind.SUSPEND, 9.0)
    short, over = sanction(SanctionKind.SUSPEND, 5.0), sanction(SanctionKind.BAN, 1.0)
    lifted = sanction(SanctionKind.BAN, None, lifted=1.0)
    assert standing([], [mute, short, long, over, lifted], POLICY, 2.0).sanction == long
    assert standing([], [over, lifted], POLICY, 2.0).sanction is None


def test_each_step_follows_once() -> None:
    def after(count: int, current: Sanction | None = None) -> object:
        return following(Standing(tuple(strikes(*range(count))), current), POLICY)

    assert after(1) is None
    assert after(2) == (SanctionKind.MUTE, POLICY.mute)
    assert after(3, sanction(SanctionKind.MUTE, None)) is None
    assert after(4, sanction(SanctionKind.MUTE, None)) == (SanctionKind.SUSPEND, POLICY.suspend)
    assert after(6, sanction(SanctionKind.SUSPEND, None)) == (SanctionKind.BAN, None)
    assert after(7, sanction(SanctionKind.BAN, None)) is None
    assert following(Standing(tuple(strikes(*range(9)))), StrikePolicy(mute_after=0, suspend_after=0)) is None


values = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
details = st.dictionaries(st.text(max_size=5), values, max_size=3)
Content = list[tuple[str, dict[str, object]]]


@given(st.lists(st.tuples(st.text(max_size=9), details), min_size=1, max_size=5), st.data())
def test_no_entry_is_changed_dropped_or_moved_unseen(content: Content, data: st.DataObject) -> None:
    entries: list[Entry] = []
    for seq, (actor, detail) in enumerate(content, 1):
        previous = entries[-1].hash if entries else START
        fields = (float(seq), actor, "discord:1", "approve", "case", detail)
        entries.append(Entry(seq, *fields, previous, chained(previous, seq, *fields)))  # type: ignore[arg-type]
    assert verify(entries) is None
    number = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries]
    old = entries[number]
    changed[number] = Entry(old.seq, old.at, old.actor + "x", *[getattr(old, n) for n in Entry.__slots__[3:]])
    assert verify(changed) == number + 1
    if number < len(entries) - 1:
        assert verify(entries[:number] + entries[number + 1 :]) == number + 1
