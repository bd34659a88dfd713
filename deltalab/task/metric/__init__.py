"""Scores of predicted texts against acceptable texts."""

from deltalab.task.metric.crossfit import metric_for as metric_for
from deltalab.task.metric.crossfit import metric_named as metric_named
from deltalab.task.metric.metric import Metric as Metric
from deltalab.task.metric.score import Score as Score
