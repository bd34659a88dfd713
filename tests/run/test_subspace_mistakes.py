"""Mistakes about subspaces end in one line, exit code 2, and nothing left behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .stages import LEARN, MOVE, ROWS, SOURCE, STEPS, TINY, WHOLE, stored
from .support import program, save_model
from .test_mistakes import filled

SHORT = ("trainer.max_steps=1", "trainer.val_check_interval=1")
GOOD = ("subspace=d2", SOURCE)
LEARNT = ("subspace=d2", "subspace.path=<mine>")


@pytest.fixture(scope="module")
def places(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A store, a subspace from it, one of another backbone, a damaged one, and a folder without any."""
    root = tmp_path_factory.mktemp("places")
    other = save_model(root / "other", seed=1)
    for name, backbone in (("mine", model), ("foreign", other)):
        done = program(*TINY, *LEARN, *SHORT, f"store.root={root / 'store'}", folder=root / name, model=backbone)
        assert (done.code, done.err) == (0, "")
    shutil.copytree(root / "mine" / "subspace", root / "damaged")
    spoil(root / "damaged" / "subspace.safetensors")
    (root / "empty").mkdir()
    learnt = {name: root / name / "subspace" for name in ("mine", "foreign")}
    return learnt | {name: root / name for name in ("damaged", "empty", "store")}


def spoil(path: Path) -> None:
    """Change the last byte of a file."""
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


# Overrides, and what the line must hold.
APPROXIMATE = [
    (["subspace=random"], ["subspace: this one is not trained", "stage=optimize", "subspace=d4"]),
    (["subspace=d5"], ["subspace: unknown option 'd5'", "did you mean d"]),
    (["delta=lora"], ["delta=lora: stage=approximate does not use it"]),
    (["subspace.methods=[lora]"], ["subspace.methods=['lora']: ", "at least two"]),
    (["subspace.methods=[]"], ["subspace.methods=[]: name at least one delta"]),
    (["subspace.methods=[lora,lorra]"], ["subspace.methods.lorra: unknown option 'lorra'", "did you mean lora"]),
    (["subspace.methods=[lora,frozen]"], ["subspace.methods: 'frozen' tunes nothing"]),
    (["subspace.solutions=0"], ["subspace.solutions=0: must be a whole number, at least 1"]),
    (["recipe.landscape=0"], ["recipe.landscape=0: must be a whole number, at least 1"]),
    (["subspace.mixture=dirichlte"], ["subspace.mixture: unknown mixture 'dirichlte'", "did you mean dirichlet"]),
    (["resume=<empty>/nothing.ckpt"], ["resume=<empty>/nothing.ckpt: no such file; give "]),
    (["needs.tune=['trainer.max_step=3']"], ["needs.tune=['trainer.max_step=3']: ", "max_step"]),
    (["needs.tune=['seed=3']"], ["needs.tune=seed=3: ", "trainer.max_steps=300"]),
    (["needs.tune=['task.sizes.train=3']"], ["needs.tune=task.sizes.train=3: "]),
    (["needs.tune=['data.batch_size=none']"], ["data.batch_size=none: must be a whole number"]),
]
OPTIMIZE = [
    ([SOURCE], ["subspace: this stage needs one; give subspace=d4"]),
    (["subspace=d2"], ["subspace.source_task: ", "subspace.source_task=TASK", "subspace.path=DIR"]),
    (["subspace=d2", "subspace.source_task=topik"], ["task: unknown option 'topik'", "did you mean topic"]),
    (["subspace=d2", "subspace.source_task=['task.sizes=3','seed=1']"], ["subspace.source_task=", "'task=tsv'"]),
    (
        ["subspace=d2", "subspace.source_task=['task=topic','task.size=3']"],
        ["unknown key 'size'", "did you mean sizes"],
    ),
    (["subspace=d2", "subspace.source_task=['task=tsv']"], ["task.path: needs a value"]),
    ([*GOOD, "needs.approximate=['stage=tune']"], ["needs.approximate=stage=tune: "]),
    ([*GOOD, "delta=ia3"], ["delta: unknown source method 'ia3'", "allowed: adapter, lora"]),
    ([*LEARNT, "pack.delta=[lora,adaptor]"], ["unknown source method 'adaptor'", "did you mean adapter"]),
    ([*LEARNT, "delta=lora", "pack.delta=[lora]"], ["delta=lora: pack.delta lists the source methods"]),
    ([*LEARNT, "optimizer.lr=0.1", "pack.lr=[0.1]"], ["optimizer.lr=0.1: pack.lr lists the learning rates"]),
    (
        [*LEARNT, "subspace.methods=[{lora: {rank: 3}},{adapter: {size: 3}}]"],
        ["<mine>", "does not fit the delta 'lora'"],
    ),
    (
        [*LEARNT, "subspace.methods=[{lora: {rank: 2}},{adapter: {size: 3}},bitfit]"],
        ["<mine>", "no 'bitfit'", "subspace.methods=[lora,adapter]"],
    ),
    ([*LEARNT, "subspace.methods=[lora,prefix]"], ["<mine>", "'lora'"]),
    (["subspace=d2", "subspace.path=<empty>"], ["subspace <empty>: no subspace.json there"]),
    (["subspace=d2", "subspace.path=<foreign>"], ["subspace <foreign>: made for backbone", "with weights "]),
    (["subspace=d2", "subspace.path=<damaged>"], ["subspace <damaged>/subspace.safetensors: the file has hash"]),
    (["subspace=svd", "subspace.dim=2", SOURCE], ["subspace.dim=2: the SVD of 1 solutions has rank 1"]),
    (["subspace=random", "recipe.start=tasks"], ["recipe.start=tasks: this subspace has no codes"]),
    (["subspace=random", "recipe.start=middle"], ["recipe.start: unknown start 'middle'"]),
]
# What could be told only after solutions were tuned, or a subspace was learnt from them, is told before.
EARLY = [
    ([*LEARN, "stage.reconstruction=l3"], ["stage.reconstruction: unknown reconstruction 'l3'"]),
    ([*LEARN, "subspace.weight=-1"], ["subspace.weight=-1: must be a number of at least 0"]),
    ([*LEARN, "stage.tasks=even"], ["stage.tasks: 'even' is not allowed; allowed: equal, proportional"]),
    ([*LEARN, "stage.schedule.shape=cosine"], ["stage.schedule.shape: unknown shape 'cosine'"]),
    ([*LEARN, "optimizer.weight_decay=-1"], ["optimizer: "]),
    ([*LEARN, "subspace.ups={lroa: two_layer}"], ["subspace.ups: unknown method 'lroa'; did you mean lora"]),
    ([*MOVE, *GOOD, "stage.patience=0"], ["stage.patience=0: at least 1 validation"]),
    ([*MOVE, *GOOD, "recipe.start=middle"], ["recipe.start: unknown start 'middle'"]),
    (
        [*MOVE, SOURCE, "subspace=svd", "recipe.start=tasks"],
        ["recipe.start=tasks: this subspace has no codes of tasks"],
    ),
    ([*MOVE, *GOOD, "subspace.mixture=unshared", "recipe.start=tasks"], ["recipe.start=tasks: this subspace has no"]),
    ([*MOVE, "subspace=random", "recipe.start=solution"], ["recipe.start=solution: this subspace was made without"]),
    ([*MOVE, *GOOD, "pack.lr=[0.1,-1]", "optimizer.lr=null"], ["pack.lr=-1"]),
    ([*MOVE, *GOOD, "needs.approximate=['stage.reconstruction=l3']"], ["stage.reconstruction: unknown reconstruct"]),
]
TUNE = [
    (["subspace=d4"], ["subspace=d4: stage=tune does not use it"]),
    (["needs.tune=['trainer.max_steps=3']"], ["needs.tune=['trainer.max_steps=3']: stage=tune does not use it"]),
]
MISTAKES = [
    *(([*LEARN, *given], pieces) for given, pieces in APPROXIMATE),
    *(([*MOVE, *given], pieces) for given, pieces in OPTIMIZE),
    *(([f"task.sizes={ROWS}", *given], pieces) for given, pieces in TUNE),
]
NAMES = [" ".join(given) for table in (APPROXIMATE, OPTIMIZE, TUNE) for given, _ in table]


@pytest.mark.parametrize(("overrides", "pieces"), MISTAKES, ids=NAMES)
def test_one_line_and_nothing_else(overrides, pieces, places, model, tmp_path):
    run, settings = tmp_path / "run", TINY if overrides[0].startswith("stage=") else TINY[:3]
    given = [*settings, *(filled(word, places) for word in overrides), f"store.root={places['store']}"]
    done = program(*given, folder=run, model=model)
    assert (done.code, len(done.err.splitlines())) == (2, 1), done.err
    assert done.err.startswith("error: ")
    for piece in pieces:
        assert filled(piece, places) in done.err
    assert "Traceback" not in done.out + done.err
    assert not run.exists()


@pytest.mark.parametrize(("overrides", "pieces"), EARLY, ids=[given[-1] for given, _ in EARLY])
def test_one_line_before_anything_is_made(overrides, pieces, model, tmp_path):
    run, store = tmp_path / "run", tmp_path / "store"
    done = program(*TINY, *overrides, f"store.root={store}", folder=run, model=model)
    assert (done.code, len(done.err.splitlines())) == (2, 1), done.err
    for piece in pieces:
        assert piece in done.err
    assert not run.exists()
    assert not store.exists()


@pytest.mark.parametrize("kind", ["solution", "subspace"])
def test_a_damaged_entry_is_refused_with_the_command_that_removes_it(kind, places, model, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(places["store"], store)
    entry = stored(store, kind)[0]
    spoil(next(path for path in sorted(entry.path.rglob("*.safetensors"))))
    given = (*MOVE, *GOOD, f"needs.approximate={[*STEPS[:1], *SHORT, *WHOLE]}")
    done = program(*TINY, *given, f"store.root={store}", folder=tmp_path / "run", model=model)
    assert (done.code, len(done.err.splitlines())) == (2, 1), done.err
    assert done.err.startswith(f"error: store entry {entry.path}: ")
    assert f"`python -m deltalab.store prune {entry.key} --root {store}`" in done.err
    assert not (tmp_path / "run").exists()
