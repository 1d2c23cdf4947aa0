"""Background tasks for the worker's tests."""

from django_tasks import task

done: list[int] = []


@task()
def add(number: int) -> int:
    done.append(number)
    return number


@task()
def fail() -> None:
    raise ZeroDivisionError("a fault of ours")
