import torch

from engines.text.sampling import TOP_K, choose, uniforms

NOTHING = torch.empty(1, 0, dtype=torch.long)


def picks(logits: list[float], temperature: float, top_p: float, seen: list[int] | None = None) -> set[int]:
    seen_tokens = torch.tensor([seen], dtype=torch.long) if seen else NOTHING
    scale = torch.tensor([temperature]), torch.tensor([top_p])
    return {
        int(choose(torch.tensor([logits]), seen_tokens, *scale, torch.tensor([step / 200]))[0]) for step in range(200)
    }


def test_top_p_keeps_the_smallest_set_that_reaches_it() -> None:
    logits = torch.tensor([0.5, 0.3, 0.15, 0.05]).log().tolist()
    assert picks(logits, 1.0, 1.0) == {0, 1, 2, 3}
    assert picks(logits, 1.0, 0.79) == {0, 1}
    assert picks(logits, 1.0, 0.0) == {0}


def test_shares_follow_the_model() -> None:
    logits = torch.tensor([[0.1, 0.6, 0.3]]).log().expand(1000, -1)
    seen, ones = NOTHING.expand(1000, -1), torch.ones(1000)
    drawn, likelihoods = choose(logits, seen, ones, ones, torch.arange(1000) / 1000)
    assert [round(count / 100) for count in drawn.bincount().tolist()] == [1, 6, 3]
    assert torch.allclose(likelihoods, logits[0][drawn])


def test_cold_is_greedy_and_the_last_random_number_stays_inside() -> None:
    assert picks([0.0, 0.1, 0.2], 0.0, 1.0) == {2}
    token, _ = choose(torch.zeros(1, 500), NOTHING, torch.ones(1), torch.ones(1), torch.tensor([1.0]))
    assert 0 <= int(token) < 500


def test_what_was_said_is_less_likely() -> None:
    assert picks([1.0, 1.05], 0.0, 1.0, seen=[1, 1]) == {0}
    assert picks([-1.0, -1.05], 0.0, 1.0, seen=[0]) == {1}


def test_only_the_best_tokens_are_considered() -> None:
    assert len(picks([0.0] * (TOP_K * 4), 5.0, 1.0)) <= TOP_K


def test_random_numbers_are_the_seeds_own() -> None:
    assert torch.equal(uniforms(3, 2, 8), uniforms(3, 5, 8)[:2])
    assert not torch.equal(uniforms(3, 1, 8), uniforms(4, 1, 8))
    assert not torch.equal(uniforms(3, 2, 8)[0], uniforms(3, 2, 8)[1])
