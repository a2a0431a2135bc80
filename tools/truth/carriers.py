"""Ways that code goes to a service: what real suites put between a test and the dial.  Shapes, see templates.py."""

CARRIERS = [
    # ---- clients made late, or kept ----
    ["class $Client:\n    def __init__(self):\n        $inner\n\n    def ping(self):\n        return 1",
     "_$cache = None\n\n\ndef $get():\n    global _$cache\n    if _$cache is None:\n        _$cache = $Client()\n    return _$cache",
     "assert $get().ping() == 1"],
    ["_$cache = {}\n\n\ndef $connect():\n    $inner\n    return 1",
     '$kept = {}\n\n\ndef $get(name):\n    if name not in $kept:\n        $kept[name] = $connect()\n    return $kept[name]',
     'assert $get("$s")'],
    ["import functools\n@functools.lru_cache(maxsize=1)\ndef $get():\n    $inner\n    return 1", "assert $get()"],
    ["import functools\n@functools.cache\ndef $get(name):\n    $inner\n    return name", 'assert $get("$s")'],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1",
     "class $Repository:\n    client = $Client()\n\n    def load(self):\n        return self.client.ping()",
     "assert $Repository().load()"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1",
     "class $Repository:\n    client = $Client()", "assert $Repository.client.ping()"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1", "$client = $Client()", "assert $client.ping()"],
    ["class $Client:\n    _instance = None\n\n    def ping(self):\n        $inner\n        return 1\n\n    @classmethod\n"
     "    def get(cls):\n        if cls._instance is None:\n            cls._instance = cls()\n        return cls._instance",
     "assert $Client.get().ping()"],
    ["class $Client:\n    _instance = None\n\n    def __new__(cls):\n        if cls._instance is None:\n"
     "            cls._instance = super().__new__(cls)\n        return cls._instance\n\n    def ping(self):\n        $inner\n"
     "        return 1", "assert $Client().ping()"],
    ["import functools\nclass $Service:\n    @functools.cached_property\n    def client(self):\n        $inner\n        return 1",
     "assert $Service().client"],
    ["class $Service:\n    def __init__(self):\n        self._client = None\n\n    @property\n    def client(self):\n"
     "        if self._client is None:\n            $inner\n            self._client = 1\n        return self._client",
     "assert $Service().client"],
    # ---- dataclasses ----
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1",
     "import dataclasses\n@dataclasses.dataclass\nclass $Service:\n    client: $Client = dataclasses.field(default_factory=$Client)",
     "assert $Service().client.ping()"],
    ["from dataclasses import dataclass\n@dataclass\nclass $Service:\n    name: str\n\n    def __post_init__(self):\n        $inner",
     'assert $Service("x").name'],
    ["import socket\nfrom dataclasses import dataclass\n@dataclass(frozen=True)\nclass $Address:\n    host: str\n    port: int\n\n"
     "    def connect(self):\n        socket.create_connection((self.host, self.port)).close()\n        return 1",
     "assert $Address($host, $port).connect()"],
    ["import socket\nimport typing\nclass $Address(typing.NamedTuple):\n    host: str\n    port: int = $port_of_s\n\n"
     "    def connect(self):\n        socket.create_connection((self.host, self.port)).close()\n        return 1",
     "assert $Address($here).connect()"],
    # ---- inheritance ----
    ["class $Base:\n    def run(self):\n        return self.work()",
     "class $Child($Base):\n    def work(self):\n        $inner\n        return 1", "assert $Child().run()"],
    ["import abc\nclass $Base(abc.ABC):\n    @abc.abstractmethod\n    def work(self):\n        ...\n\n    def run(self):\n"
     "        return self.work()",
     "class $Child($Base):\n    def work(self):\n        $inner\n        return 1", "assert $Child().run()"],
    ["class $Base:\n    def __init__(self):\n        $inner", "class $Child($Base):\n    def __init__(self):\n        super().__init__()\n"
     "        self.name = 1", "assert $Child().name"],
    ["class $Mixin:\n    def work(self):\n        $inner\n        return 1", "class $Base:\n    def run(self):\n        return self.work()",
     "class $Both($Mixin, $Base):\n    pass", "assert $Both().run()"],
    ["class $Base:\n    def work(self):\n        $inner\n        return 1", "class $Child($Base):\n    def work(self):\n        return super().work() + 1",
     "assert $Child().work() == 2"],
    ["import socket\nclass $Base:\n    port = 1\n\n    def ping(self):\n        socket.create_connection((self.host, self.port)).close()\n"
     "        return 1", "class $Child($Base):\n    host = $here\n    port = $there", "assert $Child().ping()"],
    ["import socket\nclass $Client:\n    def __init__(self, host, port):\n        self.address = (host, port)\n\n    @classmethod\n"
     "    def default(cls):\n        return cls($here, $there)\n\n    def ping(self):\n"
     "        socket.create_connection(self.address).close()\n        return 1", "assert $Client.default().ping()"],
    # ---- protocols of objects ----
    ["class $Rows:\n    def __iter__(self):\n        $inner\n        return iter([1])", "for row in $Rows():\n    assert row"],
    ["class $Rows:\n    def __getitem__(self, key):\n        $inner\n        return 1", 'assert $Rows()["x"]'],
    ["class $Rows:\n    def __len__(self):\n        $inner\n        return 1", "assert len($Rows()) == 1"],
    ["class $Rows:\n    def __contains__(self, key):\n        $inner\n        return True", 'assert "x" in $Rows()'],
    ["class $Rows:\n    def __bool__(self):\n        $inner\n        return True", "assert $Rows()"],
    ["class $Rows:\n    def __eq__(self, other):\n        $inner\n        return True", "assert $Rows() == 3"],
    ["class $Rows:\n    def __next__(self):\n        $inner\n        return 1\n\n    def __iter__(self):\n        return self",
     "assert next($Rows())"],
    ["class $Session:\n    def __enter__(self):\n        return self\n\n    def __exit__(self, *details):\n        $inner",
     "with $Session():\n    pass"],
    ["class $Session:\n    def __enter__(self):\n        return self\n\n    def __exit__(self, *details):\n        return False\n\n"
     "    def load(self):\n        $inner\n        return 1", "with $Session() as session:\n    assert session.load()"],
    ["class $Lazy:\n    def __getattr__(self, name):\n        $inner\n        return 1", "assert $Lazy().anything"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1",
     "class $Proxy:\n    def __init__(self, target):\n        self._target = target\n\n    def __getattr__(self, name):\n"
     "        return getattr(self._target, name)", "assert $Proxy($Client()).ping()"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1", 'assert getattr($Client(), "ping")()'],
    # ---- contexts ----
    ["import contextlib\n@contextlib.contextmanager\ndef $session():\n    $inner\n    yield 1",
     "import contextlib\nwith contextlib.ExitStack() as stack:\n    assert stack.enter_context($session())"],
    ["def $work():\n    $inner", "import contextlib\nwith contextlib.ExitStack() as stack:\n    stack.callback($work)"],
    ["import contextlib\n@contextlib.contextmanager\ndef $session():\n    yield 1\n    $inner", "with $session():\n    pass"],
    ["import contextlib\n@contextlib.contextmanager\ndef $inner_session():\n    $inner\n    yield 1",
     "import contextlib\n@contextlib.contextmanager\ndef $session():\n    with $inner_session() as opened:\n        yield opened",
     "with $session() as opened:\n    assert opened"],
    ["import contextlib\n@contextlib.contextmanager\ndef $session():\n    $inner\n    yield 1", "@$session()\ndef $decorated():\n    return 1",
     "assert $decorated()"],
    ["import contextlib\nclass $Closing:\n    def close(self):\n        $inner", "import contextlib\nwith contextlib.closing($Closing()):\n    pass"],
    ["import contextlib\n@contextlib.contextmanager\ndef $session():\n    $inner\n    yield 1",
     "import contextlib\nwith contextlib.nullcontext(), $session():\n    pass"],
    # ---- generators ----
    ["def $pages():\n    $inner\n    yield 1", "def $rows():\n    yield from $pages()", "assert list($rows()) == [1]"],
    ["def $rows():\n    yield 1\n    $inner\n    yield 2", "assert sum($rows()) == 3"],
    ["def $pages():\n    $inner\n    yield 1", "assert {page: 1 for page in $pages()}"],
    ["def $pages():\n    $inner\n    return [1]", "assert (page for page in $pages())"],
    # ---- functions that are values ----
    ["def $make(name):\n    def inside():\n        $inner\n        return name\n    return inside", 'assert $make("x")()'],
    ["import socket\ndef $make(host, port):\n    def connect():\n        socket.create_connection((host, port)).close()\n        return 1\n"
     "    return connect", "assert $make($host, $port)()"],
    ["import socket\ndef $make(host, port):\n    return lambda: socket.create_connection((host, port)).close()", "$make($host, $port)()"],
    ["import functools\nimport socket\n$connect = functools.partial(socket.create_connection, ($here, $there))", "$connect().close()"],
    ["import socket\ndef $open(port, host):\n    socket.create_connection((host, port)).close()",
     "import functools\n$dial = functools.partial($open, $port_of_s)", "$dial($here)"],
    ["import socket\ndef $open(host, port):\n    socket.create_connection((host, port)).close()",
     "import functools\n$dial = functools.partial($open, port=$port_of_s)", "$dial(host=$here)"],
    ["def $work():\n    $inner\n    return 1", "def $idle():\n    return 2", "$HANDLERS = [$work, $idle]", "assert [handler() for handler in $HANDLERS]"],
    ["$HANDLERS = {}\n\n\ndef $register(name):\n    def keep(function):\n        $HANDLERS[name] = function\n        return function\n    return keep",
     '@$register("$s")\ndef $work():\n    $inner\n    return 1', 'assert $work()'],
    ["def $work():\n    $inner\n    return 1", "def $call(function, *args, **kwargs):\n    return function(*args, **kwargs)", "assert $call($work)"],
    ["import socket\ndef $call(function, *args, **kwargs):\n    return function(*args, **kwargs)", "import socket\n$call(socket.create_connection, ($host, $port)).close()"],
    ["def $work():\n    $inner\n    return 1", "import threading\ndef $locked(function):\n    with threading.Lock():\n        return function()", "assert $locked($work)"],
    # ---- decorators ----
    ["import functools\ndef $retry(times):\n    def decorate(function):\n        @functools.wraps(function)\n        def inside(*args, **kwargs):\n"
     "            for attempt in range(times):\n                return function(*args, **kwargs)\n        return inside\n    return decorate",
     "@$retry(2)\ndef $fetch():\n    $inner\n    return 1", "assert $fetch()"],
    ["import functools\ndef $retry(function):\n    @functools.wraps(function)\n    def inside(*args, **kwargs):\n        last = None\n"
     "        for attempt in range(2):\n            try:\n                return function(*args, **kwargs)\n            except OSError as error:\n"
     "                last = error\n        raise last\n    return inside", "@$retry\ndef $fetch():\n    $inner\n    return 1", "assert $fetch()"],
    ["class $Traced:\n    def __init__(self, function):\n        self.function = function\n\n    def __call__(self, *args):\n        return self.function(*args)",
     "@$Traced\ndef $fetch():\n    $inner\n    return 1", "assert $fetch()"],
    ["import functools\ndef $connected(function):\n    @functools.wraps(function)\n    def inside(*args, **kwargs):\n        $inner\n"
     "        return function(*args, **kwargs)\n    return inside", "@$connected\ndef $fetch():\n    return 1", "assert $fetch()"],
    ["import functools\ndef $with_client(function):\n    @functools.wraps(function)\n    def inside(*args):\n        $inner\n        return function(1, *args)\n"
     "    return inside", "@$with_client\ndef $fetch(client):\n    return client", "assert $fetch()"],
    ["import functools\nclass $Client:\n    def _checked(function):\n        @functools.wraps(function)\n        def inside(self):\n            $inner\n"
     "            return function(self)\n        return inside\n\n    @_checked\n    def ping(self):\n        return 1", "assert $Client().ping()"],
    # ---- loops, comprehensions, choices ----
    ["import socket\ndef $open(host, port):\n    socket.create_connection((host, port)).close()\n    return 1", "$HOSTS = [($here, $there)]",
     "for host, port in $HOSTS:\n    $open(host, port)"],
    ["import socket\ndef $open(host, port):\n    socket.create_connection((host, port)).close()\n    return 1", "$HOSTS = [($here, $there)]",
     "assert [$open(host, port) for host, port in $HOSTS]"],
    ["import socket\ndef $open(address):\n    socket.create_connection(address).close()\n    return 1", "$HOSTS = [($here, $there)]",
     "assert list(map($open, $HOSTS))"],
    ["import socket\ndef $open(address):\n    socket.create_connection(address).close()\n    return 1", "$HOSTS = [($here, $there)]",
     "assert all($open(address) for address in $HOSTS)"],
    ["import socket\ndef $open(address):\n    socket.create_connection(address).close()\n    return 1", '$HOSTS = {"$s": ($here, $there)}',
     "for name, address in $HOSTS.items():\n    assert $open(address), name"],
    ["$HOSTS = {\"$s\": {\"host\": $here, \"port\": $there}}", "import socket\ndef $open(name):\n    options = $HOSTS[name]\n"
     '    socket.create_connection((options["host"], options["port"])).close()\n    return name', 'assert $open("$s")'],
    ["import socket\ndef $open(host, port):\n    socket.create_connection((host, port)).close()\n    return 1",
     '$OPTIONS = {"host": $here, "port": $there}', "assert $open(**$OPTIONS)"],
    ["import socket\ndef $open(host, port):\n    socket.create_connection((host, port)).close()\n    return 1",
     "$ADDRESS = ($here, $there)", "assert $open(*$ADDRESS)"],
    ["import socket\ndef $open(**options):\n    socket.create_connection((options[\"host\"], options[\"port\"])).close()\n    return 1",
     "assert $open(host=$host, port=$port)"],
    ["import socket\ndef $open(*address):\n    socket.create_connection(address).close()\n    return 1", "assert $open($host, $port)"],
    ["import socket\n$NAMES = [$here]\n$PORTS = [$there]", "import socket\nfor host, port in zip($NAMES, $PORTS):\n    socket.create_connection((host, port)).close()"],
    ["import socket\n$NAMES = [$here]", "import socket\nfor at, host in enumerate($NAMES):\n    socket.create_connection((host, $port_of_s + at)).close()"],
    ["def $connect():\n    $inner\n    return 1", "if (answer := $connect()):\n    assert answer"],
    ["def $connect():\n    $inner\n    return 1", "while not (answer := $connect()):\n    pass"],
    ["def $choose(kind):\n    match kind:\n        case \"$s\":\n            $inner\n            return 1\n        case _:\n            return 2", 'assert $choose("$s")'],
    ["def $choose(kind):\n    if kind not in (\"$s\", \"both\"):\n        return 2\n    $inner\n    return 1", 'assert $choose("$s")'],
    ["def $choose(kind=None):\n    kind = kind or \"$s\"\n    if kind == \"none\":\n        return 2\n    $inner\n    return 1", "assert $choose()"],
    ["def $work():\n    $inner\n    return 1", "assert $work() if 1 + 1 == 2 else 3"],
    ["def $work():\n    $inner\n    return 1", "assert True and $work()"],
    ["def $work():\n    $inner\n    return 1", "assert None or $work()"],
    ["def $work():\n    $inner\n    return 1", 'assert f"{$work()}"'],
    ["def $work():\n    $inner\n    return 1", "assert max([$work(), 0], key=lambda n: n) == 1"],
    # ---- threads and loops of events ----
    ["def $work(name=1):\n    $inner\n    return name", "import concurrent.futures\nwith concurrent.futures.ThreadPoolExecutor() as pool:\n"
     "    assert list(pool.map($work, [1]))"],
    ["def $work(name=1):\n    $inner\n    return name", "import concurrent.futures\nwith concurrent.futures.ThreadPoolExecutor() as pool:\n"
     "    assert [f.result() for f in concurrent.futures.as_completed([pool.submit($work, 1)])]"],
    ["def $work(name=1):\n    $inner\n    return name", "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(max_workers=1)\n"
     "future = pool.submit($work, name=2)\npool.shutdown()\nassert future.result()"],
    ["import socket\ndef $connect(host, port):\n    socket.create_connection((host, port)).close()\n    return 1",
     "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(1) as pool:\n    assert pool.submit($connect, $host, $port).result()"],
    # ---- imports where they are used ----
    ["def $fetch():\n    $inner\n    return 1", "def $late():\n    from $from_fetch import $bare_fetch as fetch_now\n    return fetch_now()", "assert $late()"],
    ["def $fetch():\n    $inner\n    return 1", "import importlib\nassert importlib.import_module(\"$from_fetch\").$bare_fetch()"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1", "import importlib\ndef $load(path):\n    module, _, name = path.rpartition(\".\")\n"
     "    return getattr(importlib.import_module(module), name)", "assert $load(\"$from_Client.$bare_Client\")().ping()"],
]
