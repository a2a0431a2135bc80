/* What objects, decorated functions and names of modules do without anyone saying so where it happens: the smallest
 * suites that tools/oracle found misread. */
#include "telling.h"

static const char dial[] = "import socket\n"
                           "def dial():\n"
                           "    socket.create_connection(('redis', 6379))\n"
                           "    return 1\n";

static void runs_methods_that_nobody_names(void **state)
{
	(void)state;
	tells_with("app.py", dial,
	           "import contextlib\n"
	           "from app import dial\n"
	           "class Iterated:\n"
	           "    def __iter__(self):\n"
	           "        dial()\n"
	           "        return iter([1])\n"
	           "class Indexed:\n"
	           "    def __getitem__(self, key): return dial()\n"
	           "class Held:\n"
	           "    def __contains__(self, key): return dial()\n"
	           "class Counted:\n"
	           "    def __len__(self): return dial()\n"
	           "class Compared:\n"
	           "    def __eq__(self, other): return dial()\n"
	           "class Left:\n"
	           "    def __enter__(self): return self\n"
	           "    def __exit__(self, *details): dial()\n"
	           "class Closed:\n"
	           "    def close(self): dial()\n"
	           "class Lazy:\n"
	           "    def __getattr__(self, name): return dial()\n"
	           "class New:\n"
	           "    def __new__(cls): dial()\n"
	           "def test_a():\n"
	           "    for row in Iterated(): pass\n"
	           "def test_b(): assert [row for row in Iterated()]\n"
	           "def test_c(): Indexed()['x']\n"
	           "def test_d(): assert 'x' in Held()\n"
	           "def test_e(): assert len(Counted()) == 1\n"
	           "def test_f():\n"
	           "    if not Counted(): pass\n"
	           "def test_g(): assert Compared() == 1\n"
	           "def test_h():\n"
	           "    with Left(): pass\n"
	           "def test_i():\n"
	           "    with contextlib.closing(Closed()): pass\n"
	           "def test_j(): Lazy().anything\n"
	           "def test_k(): New()\n"
	           "def test_l():\n"
	           "    with contextlib.ExitStack() as stack: stack.enter_context(Left())\n"
	           "def test_m(): assert Left() and Lazy() and Closed()\n",
	           "test_a: redis requires; test_b: redis requires; test_c: redis requires; test_d: redis requires; "
	           "test_e: redis requires; test_f: redis requires; test_g: redis requires; test_h: redis requires; "
	           "test_i: redis requires; test_j: redis requires; test_k: redis requires; test_l: redis requires; "
	           "test_m:");
}

static void calls_what_decorators_made_of_a_function(void **state)
{
	(void)state;
	tells_with("app.py", dial,
	           "import contextlib, functools\n"
	           "from app import dial\n"
	           "def connected(function):\n"
	           "    @functools.wraps(function)\n"
	           "    def inside(*args):\n"
	           "        dial()\n"
	           "        return function(*args)\n"
	           "    return inside\n"
	           "def same(function): return function\n"
	           "@connected\n"
	           "def fetch(): pass\n"
	           "@same\n"
	           "def plain(): pass\n"
	           "@same\n"
	           "def through(): dial()\n"
	           "class Client:\n"
	           "    @connected\n"
	           "    def ping(self): pass\n"
	           "@contextlib.contextmanager\n"
	           "def session():\n"
	           "    dial()\n"
	           "    yield\n"
	           "@session()\n"
	           "def inside_session(): pass\n"
	           "def test_a(): fetch()\n"
	           "def test_b(): plain()\n"
	           "def test_c(): through()\n"
	           "def test_d(): Client().ping()\n"
	           "def test_e(): inside_session()\n"
	           "def test_f(): pass\n",
	           "test_a: redis requires; test_b:; test_c: redis requires; test_d: redis requires; "
	           "test_e: redis requires; test_f:");
}

static void knows_what_functions_give_to_names_of_the_module(void **state)
{
	(void)state;
	tells_with("app.py",
	           "import socket\n"
	           "class Client:\n"
	           "    def __init__(self, host, port): self.address = (host, port)\n"
	           "    def ping(self): socket.create_connection(self.address)\n"
	           "kept = None\n"
	           "def get():\n"
	           "    global kept\n"
	           "    if kept is None:\n"
	           "        kept = Client('redis', 6379)\n"
	           "    return kept\n",
	           "import app\n"
	           "client = None\n"
	           "def setup_module():\n"
	           "    global client, other\n"
	           "    client = app.Client('postgres', 5432)\n"
	           "    other = client\n"
	           "def test_a(): app.get().ping()\n"
	           "def test_b(): client.ping()\n"
	           "def test_c(): other.ping()\n"
	           "def test_d():\n"
	           "    client = app.Client('nobody', 1)\n"
	           "    client.ping()\n",
	           "test_a: redis requires; test_b: postgres requires; test_c: postgres requires; test_d:");
}

static void makes_the_fields_of_a_new_object(void **state)
{
	(void)state;
	tells_with("app.py", dial,
	           "import dataclasses, socket\n"
	           "from app import dial\n"
	           "class Client:\n"
	           "    def ping(self): dial()\n"
	           "@dataclasses.dataclass\n"
	           "class Held:\n"
	           "    client: Client = dataclasses.field(default_factory=Client)\n"
	           "@dataclasses.dataclass\n"
	           "class Dialled:\n"
	           "    answer: int = dataclasses.field(default_factory=dial)\n"
	           "@dataclasses.dataclass\n"
	           "class Checked:\n"
	           "    name: str\n"
	           "    def __post_init__(self): dial()\n"
	           "@dataclasses.dataclass\n"
	           "class Address:\n"
	           "    host: str = dataclasses.field(default='redis')\n"
	           "    port: int = 6379\n"
	           "def test_a(): Held().client.ping()\n"
	           "def test_b(): Held()\n"
	           "def test_c(): Dialled()\n"
	           "def test_d(): Dialled(answer=1)\n"
	           "def test_e(): Checked('x')\n"
	           "def test_f(): socket.create_connection((Address().host, Address().port))\n",
	           "test_a: redis requires; test_b:; test_c: redis requires; test_d:; test_e: redis requires; "
	           "test_f: redis requires");
}

static void goes_through_what_calls_of_python_go_through(void **state)
{
	(void)state;
	tells("import socket\n"
	      "HOSTS, PORTS = ['redis', 'postgres'], [6379, 5432]\n"
	      "def dial(host, port): socket.create_connection((host, port))\n"
	      "def addresses():\n"
	      "    yield 'redis', 6379\n"
	      "def test_a():\n"
	      "    for host, port in zip(HOSTS, PORTS): dial(host, port)\n"
	      "def test_b(): list(map(dial, HOSTS, PORTS))\n"
	      "def test_c():\n"
	      "    for at, host in enumerate(['localhost']): dial(host, 6379 + at)\n"
	      "def test_d():\n"
	      "    for host, port in addresses(): dial(host, port)\n"
	      "def test_e(): dial(*next(addresses()))\n",
	      "test_a: postgres requires, redis requires; test_b: postgres requires, redis requires; "
	      "test_c: redis requires; test_d: redis requires; test_e: redis requires");
}

static void hears_of_a_failure_in_a_thread_from_who_asks_for_the_result(void **state)
{
	(void)state;
	tells("import socket, threading\n"
	      "from concurrent.futures import ThreadPoolExecutor\n"
	      "def dial(host, port=6379): socket.create_connection((host, port))\n"
	      "def test_a(): ThreadPoolExecutor().submit(dial, 'redis').result()\n"
	      "def test_b(): ThreadPoolExecutor().submit(dial, 'redis')\n"
	      "def test_c(): threading.Thread(target=dial, args=('redis',)).start()\n"
	      "def test_d(): list(ThreadPoolExecutor().map(dial, ['redis']))\n",
	      "test_a: redis requires; test_b: redis probable; test_c: redis probable; test_d: redis requires");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(runs_methods_that_nobody_names),
	        cmocka_unit_test(calls_what_decorators_made_of_a_function),
	        cmocka_unit_test(knows_what_functions_give_to_names_of_the_module),
	        cmocka_unit_test(makes_the_fields_of_a_new_object),
	        cmocka_unit_test(goes_through_what_calls_of_python_go_through),
	        cmocka_unit_test(hears_of_a_failure_in_a_thread_from_who_asks_for_the_result),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
