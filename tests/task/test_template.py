"""Patterns of input and target."""

import pytest

from deltalab.errors import UserError
from deltalab.task.template import Template

PUBLISHED = Template(" [{task}] {input}", "<extra_id_0>{output}")


def test_default_changes_nothing():
    assert Template().source("t", " a {b} ") == " a {b} "
    assert Template().target("t", "{input}") == "{input}"
    assert Template().answer("t", " yes\n") == "yes"


def test_the_published_patterns():
    assert PUBLISHED.source("glue-rte", "a") == " [glue-rte] a"
    assert PUBLISHED.target("glue-rte", "yes") == "<extra_id_0>yes"


@pytest.mark.parametrize("pattern", ["{output}", "<extra_id_0>{output}", "{task}: {output}", "It is {output} ."])
@pytest.mark.parametrize("answer", ["yes", "not at all", "It is."])
def test_answer_undoes_target(pattern: str, answer: str):
    template = Template(output=pattern)
    assert template.answer("t", template.target("t", answer)) == answer


def test_answer_keeps_text_that_lacks_the_pattern():
    assert PUBLISHED.answer("t", "yes") == "yes"  # the tokenizer may have removed the sentinel
    assert Template(output="It is {output} .").answer("t", "maybe") == "maybe"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"input": "{text}"}, r"template\.input: unknown place '{text}'.*allowed: {input}, {task}"),
        ({"input": "{input} {output}"}, r"template\.input: unknown place '{output}'"),
        ({"output": "{input}"}, r"template\.output: unknown place '{input}'"),
        ({"input": "{input} {}"}, r"template\.input: unknown place '{}'"),
        ({"input": "no place"}, r"'no place' must hold {input} exactly once"),
        ({"output": "{output}{output}"}, r"must hold {output} exactly once"),
        ({"input": "{input"}, r"template\.input: '{input' is malformed"),
        ({"output": "{output} }"}, r"template\.output: .* is malformed"),
    ],
)
def test_bad_patterns(fields: dict[str, str], message: str):
    with pytest.raises(UserError, match=message):
        Template(**fields)


def test_braces_can_be_written():
    assert Template(input="{{x}} {input}").source("t", "a") == "{x} a"
    assert Template(output="{{{output}}}").answer("t", "{yes}") == "yes"
