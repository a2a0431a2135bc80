import psycopg
import redis


def test_both(postgres):
    psycopg.connect("postgresql://localhost:5432/app").execute("select 1")


def test_one_of_two(redis_somewhere_else):  #: LW203
    with psycopg.connect("postgresql://localhost:5432/app") as connection:
        redis.Redis(host="localhost", port=6379).set("n", connection.execute("select 1"))
