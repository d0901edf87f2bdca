"""Multi-token prediction (DeepSeek-V3, arXiv 2412.19437, section 2.2): one more layer predicts the token after the next.

It reads what the decoder made of a text so far together with the embedding of the next token. In training it gives a second
loss; in decoding it drafts a token that the model then accepts or not.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .parts import ModelConfig, RmsNorm, Rotary


class Ahead(nn.Module):
    """The layer with its norms; embedding and head are the decoder's."""

    def __init__(self, config: ModelConfig, layer: nn.Module) -> None:
        super().__init__()
        self.hnorm = RmsNorm(config.hidden, config.norm_eps)
        self.enorm = RmsNorm(config.hidden, config.norm_eps)
        self.eh_proj = nn.Linear(2 * config.hidden, config.hidden, bias=False)
        self.layer = layer
        self.norm = RmsNorm(config.hidden, config.norm_eps)

    def forward(self, hidden: Tensor, embedded: Tensor, rotary: Rotary) -> Tensor:
        """`[B, S - 1, hidden]`: entry t has seen the tokens up to t + 1 and predicts that at t + 2."""
        both = torch.cat((self.hnorm(hidden[:, :-1]), self.enorm(embedded[:, 1:])), dim=-1)
        return self.norm(self.layer(self.eh_proj(both), rotary))
