"""GRPO's loss: what gives a gradient, what does not, and that the gradient is right."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from torch import Tensor

from train.objective import Objective, Terms, advantages, grpo


class Toy:
    """Three samples of 2, 3 and 1 tokens with a policy of one logit table, in double precision."""

    lengths = torch.tensor([2, 3, 1])
    tokens = torch.tensor([0, 1, 2, 2, 1, 0])
    gains = torch.tensor([1.2, -0.7, -0.5], dtype=torch.float64)

    def __init__(self, shift: float = 0.0) -> None:
        generator = torch.Generator().manual_seed(0)
        self.table = torch.randn(6, 3, generator=generator, dtype=torch.float64)
        self.behaviour = self.logprobs(self.table + 0.3 * torch.randn(6, 3, generator=generator, dtype=torch.float64)) + shift
        self.reference = self.logprobs(self.table + 0.5 * torch.randn(6, 3, generator=generator, dtype=torch.float64))

    def logprobs(self, table: Tensor) -> Tensor:
        return table.log_softmax(-1)[torch.arange(6), self.tokens]

    def terms(self, table: Tensor, objective: Objective, gains: Tensor | None = None) -> Terms:
        gains = self.gains if gains is None else gains
        return grpo(self.logprobs(table), self.behaviour, self.reference, gains, self.lengths, objective)

    def gradient(self, objective: Objective, gains: Tensor | None = None) -> Tensor:
        table = self.table.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(self.terms(table, objective, gains).loss, table)
        return gradient


def test_advantages_are_standardised_over_the_judged() -> None:
    assert advantages([1.0, 0.0, 0.0, 1.0]) == [1.0, -1.0, -1.0, 1.0]
    values = advantages([1.0, 0.0, None, 0.0])
    assert values[2] is None, "a fault has no part"
    assert [value for value in values if value is not None] == pytest.approx([2**0.5, -(0.5**0.5), -(0.5**0.5)])


@pytest.mark.parametrize("rewards", [[0.0] * 4, [1.0] * 4, [None, 1.0, None], [None, None], []])
def test_groups_without_variance_teach_nothing(rewards: list[float | None]) -> None:
    assert advantages(rewards) == [None] * len(rewards)


@pytest.mark.parametrize("objective", [Objective(), Objective(clip=0.05, kl=0.5), Objective(stale=0.01), Objective(kl=0.0)])
def test_the_gradient_is_that_of_finite_differences(objective: Objective) -> None:
    toy = Toy()
    gradient, step = toy.gradient(objective), 1e-6
    for index in range(toy.table.numel()):
        moved = torch.zeros_like(toy.table).view(-1)
        moved[index] = step
        moved = moved.view_as(toy.table)
        above, below = (toy.terms(toy.table + sign * moved, objective).loss for sign in (1, -1))
        assert float(gradient.view(-1)[index]) == pytest.approx(float((above - below) / (2 * step)), abs=1e-6)


def test_without_clipping_it_is_the_policy_gradient() -> None:
    toy = Toy()
    toy.behaviour = toy.logprobs(toy.table)
    table = toy.table.clone().requires_grad_()
    weights = torch.repeat_interleave(toy.gains / toy.lengths, toy.lengths)
    (wanted,) = torch.autograd.grad(-(weights * toy.logprobs(table)).sum(), table)
    assert torch.allclose(toy.gradient(Objective(kl=0.0)), wanted)


def test_no_gain_beyond_the_clipped_ratio() -> None:
    toy = Toy(shift=-1.0)
    gains = torch.tensor([1.0, 1.0, 1.0], dtype=torch.float64)
    terms = toy.terms(toy.table, Objective(clip=0.1, kl=0.0), gains)
    assert terms.clipped == 1.0
    assert not toy.gradient(Objective(clip=0.1, kl=0.0), gains).any()


def test_bad_samples_that_the_policy_left_behind_are_masked() -> None:
    toy = Toy(shift=2.0)
    kept, masked = Objective(kl=0.0, stale=100.0), Objective(kl=0.0, stale=1.0)
    # The clip leaves the gradient of bad samples whose ratio is small at zero already; without it they would have one.
    assert toy.terms(toy.table, kept).masked == 0.0
    assert toy.terms(toy.table, masked).masked == pytest.approx(2 / 3), "both samples of negative advantage"
    spread = toy.behaviour.clone()
    spread[2], spread[3:5] = spread[2] - 3.0, spread[3:5] + 1.0
    toy.behaviour = spread
    assert toy.gradient(kept)[2].any(), "one token of the bad sample grew likelier"
    assert not toy.gradient(Objective(kl=0.0, stale=0.2))[2:5].any()
    assert torch.equal(toy.gradient(kept)[:2], toy.gradient(masked)[:2]), "the good sample is never masked"


def test_the_divergence_is_not_negative_and_zero_at_the_reference() -> None:
    toy = Toy()
    assert toy.terms(toy.table, Objective()).kl > 0.0
    toy.reference = toy.logprobs(toy.table)
    assert toy.terms(toy.table, Objective()).kl == 0.0
    for seed in range(20):
        generator = torch.Generator().manual_seed(seed)
        table = toy.table + 3 * torch.randn(6, 3, generator=generator, dtype=torch.float64)
        assert toy.terms(table, Objective()).kl >= 0.0


def test_the_estimated_divergence_and_its_gradient_are_unbiased() -> None:
    """Over all tokens of a distribution, weighted by how often the behaviour policy draws them, it is the divergence itself."""
    generator = torch.Generator().manual_seed(1)
    policy, behaviour, reference = (torch.randn(5, generator=generator, dtype=torch.float64) for _ in range(3))
    policy.requires_grad_()
    logprobs, sampled, aim = policy.log_softmax(0), behaviour.log_softmax(0), reference.log_softmax(0)
    exact = (logprobs.exp() * (logprobs - aim)).sum()
    estimate = torch.zeros((), dtype=torch.float64)
    for token in range(5):
        one, gain = torch.tensor([1]), torch.zeros(1, dtype=torch.float64)
        part = grpo(
            logprobs[token : token + 1], sampled[token : token + 1], aim[token : token + 1], gain, one, Objective(kl=1.0)
        )
        estimate = estimate + sampled[token].exp() * part.loss
    assert estimate.item() == pytest.approx(exact.item())
    wanted, got = (torch.autograd.grad(value, policy, retain_graph=True)[0] for value in (exact, estimate))
    assert torch.allclose(wanted, got)


def test_an_absurd_ratio_stays_finite() -> None:
    toy = Toy(shift=-1e4)
    assert torch.isfinite(toy.terms(toy.table, Objective()).loss)
    assert torch.isfinite(toy.gradient(Objective())).all()
