"""Pre-train the tiny backbone on plain text: span corruption and exercises, then prefix-LM adaptation.

    python -m deltalab.backbone.tiny.pretrain --text FILE [FILE ...] --out DIR [--steps N --threads K --seed S]

A run that was killed goes on when the same command is given again, and ends with the same weights.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import T5ForConditionalGeneration

from deltalab.atomic import atomic
from deltalab.backbone.tiny import checkpoint
from deltalab.backbone.tiny.architecture import new_model
from deltalab.backbone.tiny.books import books
from deltalab.backbone.tiny.corpus import read_blocks, split
from deltalab.backbone.tiny.exercises import Exercises, sentences
from deltalab.backbone.tiny.export import export
from deltalab.backbone.tiny.held_out import questions
from deltalab.backbone.tiny.objective import Objective
from deltalab.backbone.tiny.optimizer import ScaledAdamW, learning_rate
from deltalab.backbone.tiny.settings import Settings, parse
from deltalab.backbone.tiny.source import Source
from deltalab.backbone.tiny.spans import Pair
from deltalab.backbone.tiny.stream import RowStream, encoded_once
from deltalab.backbone.tiny.tokenizer import tokenizer_for
from deltalab.backbone.tiny.vocabulary import PAD, sentinel_ids
from deltalab.errors import UserError

__all__ = ["Run", "main", "pretrain"]


class Run:
    """One pre-training run: what it trains, on what, and how far it is."""

    def __init__(self, settings: Settings) -> None:
        torch.set_num_threads(settings.threads)
        settings.out.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        train, held_out = split(read_blocks(settings.text))
        source = Source(settings.embeddings) if settings.embeddings else None
        tokenizer = tokenizer_for(settings, train, source.word_list() if source else ())
        texts = sentences(train, settings.longest) if settings.task_share else []
        asked = books(settings, texts) if settings.task_share else {}
        exercises = Exercises(texts, tokenizer, [asked[name] for name in settings.books]) if asked else None
        stream = RowStream(encoded_once(settings.out / "tokens.npy", train, tokenizer), settings.length, settings.seed)
        self.objective = Objective(settings, stream, exercises, sentinel_ids(tokenizer))
        self.held_out = questions(held_out, tokenizer, settings.length, asked)
        self.model = _started(settings.start) if settings.start else new_model(len(tokenizer), settings.seed)
        if source:
            weights = self.model.get_input_embeddings().weight
            weights.data.copy_(source.embeddings(tokenizer, weights.shape[1], settings.seed))
        self.optimizer = ScaledAdamW(_groups(self.model, settings))
        self.state = settings.out / "state.pt"
        self.progress = checkpoint.load(self.state, self.model, self.optimizer, settings)

    def step(self) -> float:
        """One optimizer step; its loss."""
        settings, number = self.settings, self.progress.step
        pair = self.objective.pair(number)
        loss = _loss(self.model, pair)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = group["share"] * learning_rate(number, settings.steps, settings.warmup, settings.lr)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.progress.step += 1
        self.progress.tokens += int((pair.inputs != PAD).sum())
        return loss.item()

    def measure(self) -> dict[str, float]:
        """The held-out losses, noted in the progress and in `losses.jsonl`."""
        with torch.no_grad():
            losses = {name: round(_loss(self.model, pair).item(), 4) for name, pair in self.held_out.items()}
        self.progress.losses.append({"step": self.progress.step, "tokens": self.progress.tokens, **losses})
        with atomic(self.settings.out / "losses.jsonl", 0o644) as temporary:
            temporary.write_text("".join(json.dumps(line) + "\n" for line in self.progress.losses), encoding="utf-8")
        return losses

    def save(self) -> None:
        """Checkpoint and export."""
        checkpoint.save(self.state, self.model, self.optimizer, self.progress, self.settings)
        last = self.progress.losses[-1] if self.progress.losses else {}
        facts = {"steps": self.progress.step, "tokens": self.progress.tokens, "seconds": round(self.progress.seconds)}
        export(self.model, self.settings.out, {**facts, "recipe": self.settings.recipe(), "held_out": last})


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


def _started(folder: Path) -> T5ForConditionalGeneration:
    if not (folder / "model.safetensors").exists():
        raise UserError(f"--start: no model.safetensors in {folder}")
    return T5ForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)


def _groups(model: T5ForConditionalGeneration, settings: Settings) -> list[dict[str, Any]]:
    """Embeddings, and all the rest, each with its share of the learning rate."""
    embedding = model.get_input_embeddings().weight
    rest = [tensor for tensor in model.parameters() if tensor is not embedding]
    return [{"params": [embedding], "share": settings.embedding_lr}, {"params": rest, "share": 1.0}]


def _loss(model: T5ForConditionalGeneration, pair: Pair) -> torch.Tensor:
    inputs = torch.from_numpy(pair.inputs)
    mask = None if pair.inputs.all() else inputs.ne(PAD)
    return model(input_ids=inputs, attention_mask=mask, labels=torch.from_numpy(pair.targets), use_cache=False).loss


def _line(run: Run, loss: float, held_out: dict[str, float]) -> str:
    rate = run.progress.tokens / max(run.progress.seconds, 1e-9)
    measured = "  ".join(f"{name} {value:.3f}" for name, value in held_out.items())
    return f"step {run.progress.step}  train {loss:.3f}  held-out {measured}  {rate:.0f} tokens/s"


if __name__ == "__main__":
    raise SystemExit(main())
