"""Metrics by name and by task."""

import json

import pytest

from deltalab.errors import UserError
from deltalab.task.metric import metric_for, metric_named
from deltalab.task.metric.crossfit import METRICS, table


def test_the_table_has_crossfits_tasks_and_only_known_metrics():
    assert len(table()) == 160
    counts = {metric.name: list(table().values()).count(metric.name) for metric in METRICS}
    assert sum(counts.values()) == 160
    assert counts["ACC"] == counts["Classification-F1"] == 51
    assert counts["EM"] == 28


def test_the_table_equals_the_facts(real_tasks):
    facts = real_tasks.parent / "facts" / "crossfit_task_metrics.json"
    if not facts.is_file():
        pytest.skip("the table of facts is not beside this checkout")
    assert table() == json.loads(facts.read_text())


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_is_found_by_name_in_any_case(metric):
    assert metric_named(metric.name) == metric_named(metric.name.upper()) == metric_named(metric.name.lower()) == metric


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("accuracy", "ACC"),
        ("macro_f1", "Classification-F1"),
        ("Macro-F1", "Classification-F1"),
        ("matthews", "Matthew-Correlation"),
        ("pearson", "Pearson-Correlation"),
        ("spearman", "Spearman-Correlation"),
        ("rouge_l", "Rouge-L"),
        ("exact_match", "EM"),
        ("squad_f1", "QA-F1"),
        ("qa_f1", "QA-F1"),
    ],
)
def test_aliases(alias: str, name: str):
    assert metric_named(alias).name == name


def test_a_task_finds_its_metric():
    assert metric_for("glue-cola").name == "Matthew-Correlation"
    assert metric_for("gigaword").name == "Rouge-L"


def test_unknown_names_say_what_is_allowed():
    with pytest.raises(UserError, match=r"^task\.metric: unknown metric 'acuracy'; did you mean accuracy.*allowed: "):
        metric_named("acuracy")
    with pytest.raises(UserError, match=r"'my_task' is not in the CrossFit table.*task\.metric=\.\.\..*ACC, Class"):
        metric_for("my_task")
