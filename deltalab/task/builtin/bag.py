"""What a bag of words makes of a task: the score that needs no order of words."""

from __future__ import annotations

from deltalab.errors import UserError
from deltalab.task.task import Task

__all__ = ["bag_of_words"]


def bag_of_words(task: Task) -> float | None:
    """Test score of a linear model on word counts, trained on train; None for free text.

    Logistic regression (C = 0.1) for labels, ridge regression for numbers; words and marks are counted as they stand.
    Raises `UserError` where scikit-learn is not installed.
    """
    numbers = task.metric.kind == "number"
    if task.labels is None and not numbers:
        return None
    try:
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.linear_model import LogisticRegression, Ridge
    except ImportError as error:
        raise UserError("a bag of words needs scikit-learn: pip install 'deltalab[dev]'") from error
    bag = CountVectorizer(token_pattern=r"\w+|[^\w\s]")
    counts = bag.fit_transform(row.input for row in task.train)
    answers = [row.outputs[0] for row in task.train]
    if numbers:
        model = Ridge().fit(counts, [float(answer) for answer in answers])
    else:
        model = LogisticRegression(C=0.1, max_iter=300).fit(counts, answers)
    guesses = [str(guess) for guess in model.predict(bag.transform(row.input for row in task.test)).tolist()]
    return task.metric.score(guesses, [row.outputs for row in task.test], task.labels).value
