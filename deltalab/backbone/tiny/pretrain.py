"""Pre-train the tiny backbone on plain text: span corruption, then prefix-LM adaptation.

    python -m deltalab.backbone.tiny.pretrain --text FILE [FILE ...] --out DIR [--steps N --threads K --seed S]

A run that was killed goes on when the same command is given again, and ends with the same weights.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence

import numpy as np
import torch
from transformers import T5ForConditionalGeneration

from deltalab.backbone.tiny import checkpoint
from deltalab.backbone.tiny.architecture import new_model
from deltalab.backbone.tiny.corpus import read_blocks, split
from deltalab.backbone.tiny.export import atomic, export
from deltalab.backbone.tiny.held_out import questions
from deltalab.backbone.tiny.optimizer import ScaledAdamW, learning_rate
from deltalab.backbone.tiny.settings import Settings, parse
from deltalab.backbone.tiny.spans import Pair, corrupt, prefix
from deltalab.backbone.tiny.stream import RowStream, encode, encoded_once
from deltalab.backbone.tiny.tokenizer import tokenizer_for
from deltalab.backbone.tiny.vocabulary import EOS, sentinel_ids
from deltalab.errors import UserError

__all__ = ["Run", "main", "pretrain"]


class Run:
    """One pre-training run: what it trains, on what, and how far it is."""

    def __init__(self, settings: Settings) -> None:
        torch.set_num_threads(settings.threads)
        settings.out.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        train, held_out = split(read_blocks(settings.text))
        tokenizer = tokenizer_for(settings, train)
        self.sentinels = sentinel_ids(tokenizer)
        self.stream = RowStream(
            encoded_once(settings.out / "tokens.npy", train, tokenizer), settings.length, settings.seed
        )
        self.held_out = questions(encode(held_out, tokenizer, spellings=1), settings.length, self.sentinels)
        self.model = new_model(len(tokenizer), settings.seed)
        self.optimizer = ScaledAdamW(self.model.parameters(), lr=settings.lr)
        self.state = settings.out / "state.pt"
        self.progress = checkpoint.load(self.state, self.model, self.optimizer, settings)

    def step(self) -> float:
        """One optimizer step; its loss."""
        settings, number = self.settings, self.progress.step
        rows = self.stream.take(number * settings.rows, settings.rows)
        rng = np.random.default_rng([settings.seed, 1, number])
        pair = corrupt(rows, self.sentinels, EOS, rng) if self._fills_spans() else prefix(rows, EOS, rng)
        loss = _loss(self.model, pair)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.param_groups[0]["lr"] = learning_rate(number, settings.steps, settings.warmup, settings.lr)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.progress.step += 1
        return loss.item()

    def measure(self) -> dict[str, float]:
        """The held-out losses, noted in the progress and in `losses.jsonl`."""
        with torch.no_grad():
            losses = {name: round(_loss(self.model, pair).item(), 4) for name, pair in self.held_out.items()}
        self.progress.losses.append({"step": self.progress.step, "tokens": self._tokens(), **losses})
        with atomic(self.settings.out / "losses.jsonl") as temporary:
            temporary.write_text("".join(json.dumps(line) + "\n" for line in self.progress.losses), encoding="utf-8")
        return losses

    def save(self) -> None:
        """Checkpoint and export."""
        checkpoint.save(self.state, self.model, self.optimizer, self.progress, self.settings)
        last = self.progress.losses[-1] if self.progress.losses else {}
        facts = {"steps": self.progress.step, "tokens": self._tokens(), "seconds": round(self.progress.seconds)}
        export(self.model, self.settings.out, {**facts, "recipe": self.settings.recipe(), "held_out": last})

    def _fills_spans(self) -> bool:
        return self.progress.step < self.settings.first_prefix_step()

    def _tokens(self) -> int:
        return self.progress.step * self.settings.rows * self.settings.length


def pretrain(settings: Settings) -> Run:
    """Run to the last step, measuring, checkpointing and exporting on the way."""
    run = Run(settings)
    end = min(settings.steps, settings.stop_at or settings.steps)
    while run.progress.step < end:
        began = time.perf_counter()
        loss = run.step()
        run.progress.seconds += time.perf_counter() - began
        step = run.progress.step
        if step % settings.log_every == 0 or step == settings.steps:
            print(_line(run, loss, run.measure()), flush=True)
        if step % settings.save_every == 0 or step == end:
            run.save()
    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: 0, or 2 and one line for a user's mistake."""
    try:
        pretrain(parse(arguments))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _loss(model: T5ForConditionalGeneration, pair: Pair) -> torch.Tensor:
    return model(input_ids=torch.from_numpy(pair.inputs), labels=torch.from_numpy(pair.targets), use_cache=False).loss


def _line(run: Run, loss: float, held_out: dict[str, float]) -> str:
    rate = run.settings.rows * run.settings.length * run.progress.step / max(run.progress.seconds, 1e-9)
    measured = "  ".join(f"{name} {value:.3f}" for name, value in held_out.items())
    return f"step {run.progress.step}  train {loss:.3f}  held-out {measured}  {rate:.0f} tokens/s"


if __name__ == "__main__":
    raise SystemExit(main())
