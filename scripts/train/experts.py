"""A mixture of experts whose load is balanced by a bias (DeepSeek-V3, arXiv 2412.19437).

A sigmoid gate scores the experts. A token takes the `active` ones of the highest score plus bias, weighted by their scores alone, and
always the shared expert. After each step the bias of an expert that got more than its share of tokens goes down by a fixed amount,
that of one that got less goes up. There is no balancing loss that would pull at the weights.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .parts import Mlp, ModelConfig

# How far a bias moves in a step.
BIAS_RATE = 0.001


class Gate(nn.Module):
    """Scores of the experts, and the bias that only selection sees."""

    e_score_correction_bias: Tensor

    def __init__(self, hidden: int, experts: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(experts, hidden))
        self.register_buffer("e_score_correction_bias", torch.zeros(experts))


class Experts(nn.Module):
    """Routed experts and a shared one, together as wide for a token as the dense layer they replace."""

    load: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.active = config.active
        self.gate = Gate(config.hidden, config.experts)
        self.experts = nn.ModuleList(Mlp(config.hidden, config.expert_width) for _ in range(config.experts))
        self.shared_experts = Mlp(config.hidden, config.expert_width)
        # Tokens that each expert got in training since the last balancing.
        self.register_buffer("load", torch.zeros(config.experts), persistent=False)

    def route(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """The experts of each token `[T, active]` and their weights, which add up to 1."""
        scores = (tokens @ self.gate.weight.T).float().sigmoid()
        chosen = (scores + self.gate.e_score_correction_bias).topk(self.active, dim=-1).indices
        weights = scores.gather(-1, chosen)
        return chosen, weights / weights.sum(-1, keepdim=True)

    def forward(self, x: Tensor) -> Tensor:
        tokens = x.reshape(-1, x.shape[-1])
        chosen, weights = self.route(tokens)
        if self.training:
            self.load += torch.bincount(chosen.view(-1), minlength=len(self.load))
        routed = torch.zeros_like(tokens)
        for index, expert in enumerate(self.experts):
            token, slot = (chosen == index).nonzero(as_tuple=True)
            part = expert(tokens[token]) * weights[token, slot, None]
            routed = routed.index_add(0, token, part.to(routed.dtype))
        return routed.view_as(x) + self.shared_experts(x)

    def balance(self) -> None:
        """Moves each bias against its expert's load, and counts anew."""
        self.gate.e_score_correction_bias += BIAS_RATE * torch.sign(self.load.mean() - self.load)
        self.load.zero_()


def balance(model: nn.Module) -> float:
    """Balances all layers with experts; returns how much the busiest expert had of what it should, 0 without experts."""
    busiest = 0.0
    for module in model.modules():
        if isinstance(module, Experts):
            busiest = max(busiest, float(module.load.max() / module.load.mean().clamp(min=1e-9)))
            module.balance()
    return busiest
