"""The worker and a real queue."""

import pytest

from shop import net, worker
from shop.settings import host_and_port, settings

if not net.reachable(*host_and_port(settings.redis_url)):  #: requires redis
    pytest.skip("the queue lives in Redis, which is away", allow_module_level=True)


@pytest.fixture
def queue(redis_client):
    worker.enqueue(redis_client, "sum", numbers=[1, 2, 3])
    return redis_client


def test_works_once(queue):
    assert worker.work_once(queue) == 6
    assert worker.work_once(queue) is None


def test_first_in_first_out(queue):
    worker.enqueue(queue, "mail", to="ada", template="welcome")
    assert [worker.work_once(queue), worker.work_once(queue)] == [6, "welcome -> ada"]


def test_dead_jobs(queue):
    worker.enqueue(queue, "dance")
    worker.work_once(queue)
    worker.work_once(queue)
    assert queue.llen("dead-jobs") == 1


def test_job_table():
    assert set(worker.HANDLERS) == {"mail", "sum"}
