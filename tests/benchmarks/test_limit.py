"""Work ends where its time does, and the alarm clock is left as it was found."""

import signal
import time

import pytest

from benchmarks.limit import within


def test_work_is_given_up_in_the_middle_of_a_call():
    reached, start = [], time.perf_counter()

    def work():
        reached.append("in")
        time.sleep(20)
        reached.append("out")

    assert not within(0.1, work)
    assert reached == ["in"]
    assert 0.1 <= time.perf_counter() - start < 10


def test_work_that_catches_exceptions_is_given_up_too():
    caught = []

    def work():
        try:
            time.sleep(20)
        except Exception as error:
            caught.append(error)

    assert not within(0.1, work)
    assert not caught


def test_no_time_at_all():
    assert not within(1e-6, lambda: time.sleep(20))


def test_work_in_time_is_left_alone():
    before = signal.getsignal(signal.SIGALRM)
    assert within(0.1, lambda: None)
    assert signal.getsignal(signal.SIGALRM) is before
    time.sleep(0.2)  # nothing rings


def test_an_exception_passes_and_the_alarm_is_off():
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(ZeroDivisionError):
        within(10, lambda: 1 / 0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before
