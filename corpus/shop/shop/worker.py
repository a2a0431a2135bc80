"""The queue worker: takes jobs from a Redis list and runs them."""

import json

HANDLERS = {}


def job(name):
    def register(function):
        HANDLERS[name] = function
        return function
    return register


@job("mail")
def send_mail(to, template):
    return f"{template} -> {to}"


@job("sum")
def add_up(numbers):
    return sum(numbers)


def enqueue(queue, name, **arguments):
    queue.lpush("jobs", json.dumps({"name": name, "arguments": arguments}))


def work_once(queue):
    """Run the oldest job; gives its result, or None when the queue is empty."""
    text = queue.rpop("jobs")
    if text is None:
        return None
    task = json.loads(text)
    handler = HANDLERS.get(task["name"])
    if handler is None:
        queue.lpush("dead-jobs", text)
        return None
    return handler(**task["arguments"])
