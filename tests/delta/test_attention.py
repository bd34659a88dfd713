"""The attention function by itself."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import eager_mask

from deltalab.delta.attention import ATTENTIONS, _attend, eager
from deltalab.delta.hooks import activate
from deltalab.delta.segment import Segment, passes

from .helpers import bind, perturbed


def numbers(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


@pytest.fixture
def module():
    return SimpleNamespace(training=False, is_causal=False)


def test_every_form_is_registered_with_the_mask_that_keeps_causality():
    assert set(ATTENTIONS) == {"sdpa", "eager"}
    for name in ATTENTIONS.values():
        assert name in AttentionInterface().valid_keys()
        assert AttentionMaskInterface()[name] is eager_mask


@pytest.mark.parametrize("scaling", [None, 1.0])
def test_eager_attention_is_the_formula(scaling, module):
    q, k, v = numbers(2, 3, 4, 5), numbers(2, 3, 6, 5), numbers(2, 3, 6, 5)
    bias, mask = numbers(1, 3, 4, 6), numbers(2, 1, 4, 6)
    expected = torch.empty(2, 4, 3, 5)
    for b in range(2):
        for h in range(3):
            scores = q[b, h] @ k[b, h].T * (5**-0.5 if scaling is None else scaling) + bias[0, h] + mask[b, 0]
            weights = scores.exp() / scores.exp().sum(-1, keepdim=True)
            expected[b, :, h] = weights @ v[b, h]
    actual, _ = eager(module, q, k, v, mask, scaling=scaling, position_bias=bias)
    torch.testing.assert_close(actual, expected)
    actual, _ = sdpa_attention_forward(module, q, k, v, mask, scaling=scaling, position_bias=bias)
    torch.testing.assert_close(actual, expected)


def test_eager_attention_shares_keys_over_groups_of_heads():
    grouped = SimpleNamespace(training=False, num_key_value_groups=2)
    q, k, v = numbers(1, 4, 3, 5), numbers(1, 2, 3, 5), numbers(1, 2, 3, 5)
    plain = SimpleNamespace(training=False)
    expected, _ = eager(plain, q, k.repeat_interleave(2, dim=1), v.repeat_interleave(2, dim=1), None)
    torch.testing.assert_close(eager(grouped, q, k, v, None)[0], expected)


def test_eager_attention_drops_weights_in_training_only(module):
    q = numbers(1, 2, 3, 4)
    torch.manual_seed(0)
    assert torch.equal(eager(module, q, q, q, None, dropout=0.9)[0], eager(module, q, q, q, None)[0])
    module.training = True
    assert not torch.equal(eager(module, q, q, q, None, dropout=0.9)[0], eager(module, q, q, q, None)[0])


def test_a_causal_module_without_a_mask_is_refused_under_a_prefix(backbone):
    prefix = bind("prefix", backbone)
    (one,) = passes([Segment(prefix, perturbed(prefix))], torch.float32)
    causal = backbone.model.decoder.block[0].layer[0].SelfAttention
    q = numbers(1, 3, 4, 6)
    with activate(one), pytest.raises(RuntimeError, match="would let it see the future"):
        _attend(eager, causal, q, q, q, None)
    with activate(one):  # a single query is the last position: nothing lies after it
        _attend(eager, causal, q[:, :, -1:], q, q, None)
