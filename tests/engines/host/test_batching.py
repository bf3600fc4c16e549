"""The batching function: oldest first, only equal keys, never too many, nobody starves."""

from hypothesis import given
from hypothesis import strategies as st

from engines.host.batching import Waiting, next_batch

queues = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 6))).map(
    lambda items: [Waiting(id, key, size) for id, (key, size) in enumerate(items)]
)


def test_nothing_waits() -> None:
    assert next_batch([], 8) == ()


def test_the_oldest_leads_and_equal_keys_join_in_order() -> None:
    queue = [Waiting(7, "a"), Waiting(3, "b"), Waiting(9, "a"), Waiting(1, "a")]
    assert next_batch(queue, 8) == (7, 9, 1)


def test_sizes_count_and_a_later_one_may_fill_the_gap() -> None:
    queue = [Waiting(1, "a", 4), Waiting(2, "a", 6), Waiting(3, "a", 4)]
    assert next_batch(queue, 8) == (1, 3)
    assert next_batch(queue[1:2], 8) == (2,)


def test_one_larger_than_a_batch_runs_alone() -> None:
    assert next_batch([Waiting(1, "a", 12), Waiting(2, "a", 1)], 8) == (1,)


@given(queues, st.integers(1, 8))
def test_draining_a_queue_serves_each_once_within_bounds(queue: list[Waiting], max_batch: int) -> None:
    served: list[int] = []
    while queue:
        batch = next_batch(queue, max_batch)
        items = [item for item in queue if item.id in batch]
        assert batch[0] == queue[0].id
        assert len({item.key for item in items}) == 1
        assert len(batch) == 1 or sum(item.size for item in items) <= max_batch
        served += batch
        queue = [item for item in queue if item.id not in batch]
    assert sorted(served) == list(range(len(served)))
