"""Critics of pictures that learn beside what draws them, and how much they count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from engines.training.critic import PatchCritic
from engines.training.losses import hinge
from engines.training.processes import state_of

QUICKER = 3.0
"""The critics' learning rate in units of the painter's."""


class Adversary:
    """One critic for each size of picture."""

    def __init__(self, sizes: int, rate: float, bf16: bool) -> None:
        """Begin with untrained critics; `rate` is the painter's learning rate."""
        self.critics = nn.ModuleList(PatchCritic() for _ in range(sizes))
        self.optimiser = torch.optim.AdamW(
            self.critics.parameters(), lr=QUICKER * rate, betas=(0.5, 0.95), weight_decay=0.0, fused=True
        )
        self._bf16 = bf16

    def set_rate(self, rate: float) -> None:
        """Set the learning rate, given the painter's."""
        for group in self.optimiser.param_groups:
            group["lr"] = QUICKER * rate

    def learn(self, reals: Sequence[Tensor], fakes: Sequence[Tensor]) -> float:
        """Move the critics once, on pictures (B, 3, H, W) of each size; returns their loss."""
        with self._autocast():
            judged = [(c(r)[0], c(f.detach())[0]) for c, r, f in zip(self.critics, reals, fakes, strict=True)]
        lost = torch.stack([hinge(*one) for one in judged]).sum()
        self.optimiser.zero_grad()
        lost.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        return lost.item()

    def judge(self, fakes: Sequence[Tensor], reals: Sequence[Tensor] = ()) -> tuple[Tensor, Tensor]:
        """The painter's loss, and how far the features of the first pictures are from those of their own `reals`.

        There may be fewer of these than of the made pictures, or none at all.
        """
        self.critics.requires_grad_(False)
        adversary, gap = torch.zeros(()), torch.zeros(())
        with self._autocast():
            for i, (critic, fake) in enumerate(zip(self.critics, fakes, strict=True)):
                logits, features = critic(fake)
                adversary = adversary - logits.mean()
                if reals:
                    with torch.no_grad():
                        wanted = critic(reals[i])[1]
                    gap = gap + feature_gap(wanted, [one[: len(reals[i])] for one in features])
        self.critics.requires_grad_(True)
        return adversary, gap

    def _autocast(self) -> torch.autocast:
        return torch.autocast("cpu", torch.bfloat16, enabled=self._bf16)

    def tensors(self) -> list[Tensor]:
        """What several processes average."""
        return state_of(self.critics.parameters(), self.optimiser)

    def state(self) -> dict[str, Any]:
        """Everything a continued run needs."""
        return {"critics": self.critics.state_dict(), "against": self.optimiser.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from what `state` gave."""
        self.critics.load_state_dict(state["critics"])
        self.optimiser.load_state_dict(state["against"])


def feature_gap(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """Mean absolute difference of features, in units of the real ones' mean size."""
    pairs = [(r.float(), f.float()) for r, f in zip(real, fake, strict=True)]
    return torch.stack([(f - r).abs().mean() / (r.abs().mean() + 1e-3) for r, f in pairs]).mean()
