"""What stands around tests in a file: fixtures, setup, marks, doubles, as real suites write them.  Shapes, see templates.py;
the last part of each is code of a test module, with its tests."""

SITUATIONS = [
    # ---- fixtures ----
    ["import pytest\nimport socket\n@pytest.fixture\ndef $backend(request):\n    socket.create_connection(request.param).close()\n    return 1\n\n\n"
     "@pytest.mark.parametrize(\"$bare_backend\", [($here, $there)], indirect=True)\ndef $test_it($backend):\n    assert $backend"],
    ["import pytest\nimport socket\n@pytest.fixture\ndef $backend(request):\n    host, port = request.param\n    socket.create_connection((host, port)).close()\n"
     "    return 1\n\n\n@pytest.mark.parametrize(\"$bare_backend, n\", [(($here, $there), 1)], indirect=[\"$bare_backend\"])\n"
     "def $test_it($backend, n):\n    assert n == 1"],
    ["import pytest\n@pytest.fixture(params=[\"$s\", \"none\"], ids=[\"one\", \"two\"])\ndef $backend(request):\n    if request.param == \"$s\":\n        $inner\n"
     "    return request.param\n\n\ndef $test_it($backend):\n    assert $backend"],
    ["def $work():\n    $inner", "import pytest\n@pytest.fixture\ndef $backend(request):\n    request.addfinalizer($work)\n    return 1\n\n\n"
     "def $test_it($backend):\n    assert $backend"],
    ["import pytest\n@pytest.fixture\ndef $make():\n    def make(n=1):\n        $inner\n        return n\n    return make\n\n\n"
     "def $test_it($make):\n    assert $make(2) == 2\n\n\ndef $test_idle($make):\n    assert callable($make)"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1", "import pytest\n@pytest.fixture(scope=\"module\")\ndef $client():\n    yield $Client()\n\n\n"
     "def $test_it($client):\n    assert $client.ping()\n\n\ndef $test_idle($client):\n    assert $client"],
    ["import pytest\n@pytest.fixture\ndef $backend():\n    $inner\n    return 1\n\n\nclass Test$Group:\n    @pytest.fixture\n    def $backend(self):\n        return 2\n\n"
     "    def $test_it(self, $backend):\n        assert $backend == 2\n\n\ndef $test_outside($backend):\n    assert $backend == 1"],
    ["import pytest\n@pytest.fixture\ndef $backend():\n    return 1\n\n\nclass Test$Group:\n    @pytest.fixture\n    def $backend(self, $backend):\n        $inner\n        return 2\n\n"
     "    def $test_it(self, $backend):\n        assert $backend == 2\n\n\ndef $test_outside($backend):\n    assert $backend == 1"],
    ["import pytest\nclass $Shared:\n    @pytest.fixture(autouse=True)\n    def prepare(self):\n        $inner\n\n\nclass Test$Plain($Shared):\n    def prepare(self):\n        return 1\n\n"
     "    def $test_it(self):\n        pass\n\n\nclass Test$Still($Shared):\n    def $test_still(self):\n        pass"],
    ["import pytest\n@pytest.fixture\ndef $backend():\n    $inner\n    return 1\n\n\n@pytest.fixture\ndef $asked(request):\n    return request.getfixturevalue(\"$bare_backend\")\n\n\n"
     "def $test_it($asked):\n    assert $asked"],
    ["import pytest\n@pytest.fixture\ndef $backend():\n    $inner\n\n\n@pytest.mark.usefixtures(\"$bare_backend\")\nclass Test$Group:\n    def $test_it(self):\n        pass\n\n\n"
     "class Test$Marked:\n    pytestmark = [pytest.mark.usefixtures(\"$bare_backend\")]\n\n    def $test_marked(self):\n        pass"],
    ["import pytest\n@pytest.fixture(scope=\"class\")\ndef $backend(request):\n    $inner\n    request.cls.client = 1\n\n\n@pytest.mark.usefixtures(\"$bare_backend\")\nclass Test$Group:\n"
     "    def $test_it(self):\n        assert self.client"],
    ["def $work():\n    $inner\n    return 1", "import pytest\n@pytest.fixture\ndef $backend():\n    try:\n        $work()\n    except OSError:\n        pytest.skip(\"away\")\n\n\n"
     "def $test_it($backend):\n    pass"],
    ["import contextlib\n@contextlib.contextmanager\ndef $session():\n    $inner\n    yield 1", "import pytest\n@pytest.fixture\ndef $backend():\n    with $session() as opened:\n"
     "        yield opened\n\n\ndef $test_it($backend):\n    assert $backend"],
    ["import functools\ndef $connected(function):\n    @functools.wraps(function)\n    def inside(*args, **kwargs):\n        $inner\n        return function(*args, **kwargs)\n    return inside",
     "import pytest\n@pytest.fixture\n@$connected\ndef $backend():\n    return 1\n\n\ndef $test_it($backend):\n    assert $backend"],
    # ---- tests that are wrapped, marked, parametrized ----
    ["import functools\ndef $connected(function):\n    @functools.wraps(function)\n    def inside(*args, **kwargs):\n        $inner\n        return function(*args, **kwargs)\n    return inside",
     "@$connected\ndef $test_it():\n    pass"],
    ["import functools\nimport pytest\ndef $needing(function):\n    @functools.wraps(function)\n    def inside(*args, **kwargs):\n        try:\n            $inner\n        except OSError:\n"
     "            pytest.skip(\"away\")\n        return function(*args, **kwargs)\n    return inside", "@$needing\ndef $test_it():\n    pass"],
    ["def $up():\n    try:\n        $inner\n        return True\n    except OSError:\n        return False",
     "import pytest\n@pytest.mark.parametrize(\"n\", [pytest.param(1, marks=pytest.mark.skipif(not $up(), reason=\"away\")), 2])\ndef $test_it(n):\n    assert n"],
    ["import pytest\n@pytest.mark.xfail(reason=\"later\")\ndef $test_it():\n    $inner"],
    ["def $work():\n    $inner\n    return 1", "def $idle():\n    return 1", "import pytest\n@pytest.mark.parametrize(\"call\", [$work, $idle])\ndef $test_it(call):\n    assert call()"],
    ["import pytest\nimport socket\n@pytest.mark.parametrize(\"port\", [pytest.param($there, id=\"x\")])\n@pytest.mark.parametrize(\"host\", [$here])\nclass Test$Group:\n"
     "    def $test_it(self, host, port):\n        socket.create_connection((host, port)).close()"],
    ["def $up():\n    try:\n        $inner\n        return True\n    except OSError:\n        return False", "import pytest\n@pytest.mark.skipif(not $up(), reason=\"away\")\nclass $Gated:\n"
     "    pass\n\n\nclass $Mixin:\n    def ready(self):\n        return 1\n\n\nclass Test$Both($Mixin, $Gated):\n    def $test_it(self):\n        assert self.ready()"],
    # ---- setup ----
    ["def setup_function():\n    $inner\n\n\ndef $test_it():\n    pass\n\n\nclass Test$Group:\n    def $test_method(self):\n        pass"],
    ["def teardown_module():\n    pass\n\n\nclass Test$Group:\n    def teardown_method(self, method):\n        $inner\n\n    def $test_it(self):\n        pass"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1", "client = None\n\n\ndef setup_module():\n    global client\n    client = $Client()\n\n\ndef $test_it():\n"
     "    assert client.ping()\n\n\ndef $test_idle():\n    pass"],
    ["import unittest\ndef setUpModule():\n    $inner\n\n\nclass $Case(unittest.TestCase):\n    def $test_it(self):\n        pass"],
    ["class $Mixin:\n    def setUp(self):\n        super().setUp()\n        $inner", "import unittest\nclass $Case($Mixin, unittest.TestCase):\n    def $test_it(self):\n        pass"],
    ["class $Mixin:\n    @classmethod\n    def setUpClass(cls):\n        super().setUpClass()\n        $inner", "import unittest\nclass $Case($Mixin, unittest.TestCase):\n"
     "    def $test_it(self):\n        pass\n\n\nclass $Other(unittest.TestCase):\n    def $test_other(self):\n        pass"],
    ["import unittest\nclass $Case(unittest.TestCase):\n    def tearDown(self):\n        $inner\n\n    def $test_it(self):\n        pass"],
    ["def $work(n):\n    $inner", "import unittest\nclass $Case(unittest.TestCase):\n    def $test_it(self):\n        self.addCleanup($work, 1)\n\n    def $test_idle(self):\n        pass"],
    ["import socket\nimport unittest\nclass $Case(unittest.TestCase):\n    def $test_it(self):\n        for host, port in [($here, $there)]:\n            with self.subTest(host=host):\n"
     "                socket.create_connection((host, port)).close()"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1", "import unittest\nclass $Case(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls):\n        cls.client = $Client()\n\n"
     "    def $test_it(self):\n        self.assertTrue(self.client.ping())\n\n    def $test_idle(self):\n        self.assertTrue(self.client)"],
    ["import asyncio\nimport unittest\nclass $Case(unittest.IsolatedAsyncioTestCase):\n    async def asyncSetUp(self):\n        reader, writer = await asyncio.open_connection($host, $port)\n"
     "        writer.close()\n\n    async def $test_it(self):\n        pass"],
    ["import asyncio\nasync def $ping(host, port):\n    reader, writer = await asyncio.open_connection(host, port)\n    writer.close()\n    return 1",
     "import asyncio\nimport unittest\nclass $Case(unittest.IsolatedAsyncioTestCase):\n    async def $test_it(self):\n        assert await $ping($host, $port)\n\n"
     "    async def $test_both(self):\n        assert await asyncio.gather($ping($host, $port), asyncio.wait_for($ping($host, $port), 3))\n\n    async def $test_idle(self):\n        pass"],
    # ---- doubles ----
    ["def $fetch():\n    $inner\n    return 1", "from unittest import mock\n@mock.patch(\"$from_fetch.$bare_fetch\", autospec=True)\ndef $test_it(double):\n    import $from_fetch as module\n"
     "    assert module.$bare_fetch()"],
    ["def $fetch():\n    $inner\n    return 1", "from unittest import mock\nimport pytest\ndef $test_it():\n    import $from_fetch as module\n"
     "    with mock.patch.object(module, \"$bare_fetch\", side_effect=ValueError):\n        with pytest.raises(ValueError):\n            module.$bare_fetch()\n\n\n"
     "def $test_real():\n    import $from_fetch as module\n    assert module.$bare_fetch()"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1", "from unittest import mock\n@mock.patch.object($Client, \"ping\", return_value=2)\nclass Test$Group:\n"
     "    def $test_it(self, ping):\n        assert $Client().ping() == 2\n\n\ndef $test_real():\n    assert $Client().ping() == 1"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1", "import pytest\n@pytest.fixture(autouse=True)\ndef $away(monkeypatch):\n    monkeypatch.setattr($Client, \"ping\", lambda self: 2)\n\n\n"
     "def $test_it():\n    assert $Client().ping() == 2"],
    ["import os\nimport socket\ndef $open():\n    socket.create_connection((os.environ.get(\"ORACLE_HOST\", $here), $there)).close()",
     "def $test_it(monkeypatch):\n    monkeypatch.setenv(\"ORACLE_HOST\", \"127.0.0.1\")\n    $open()"],
    ["import os\nimport socket\ndef $open():\n    socket.create_connection((os.environ[\"ORACLE_HOST\"], $there)).close()",
     "import os\nfrom unittest import mock\n@mock.patch.dict(os.environ, {\"ORACLE_HOST\": $here})\ndef $test_it():\n    $open()"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1", "class $Service:\n    def __init__(self, client):\n        self.client = client\n\n    def load(self):\n        return self.client.ping()",
     "from unittest import mock\ndef $test_it():\n    assert $Service(mock.Mock()).load()\n\n\ndef $test_real():\n    assert $Service($Client()).load()"],
    ["class $Client:\n    def ping(self):\n        $inner\n        return 1\n\n    def load(self):\n        return self.ping()", "class $Silent($Client):\n    def ping(self):\n        return 2",
     "def $test_it():\n    assert $Silent().load() == 2\n\n\ndef $test_real():\n    assert $Client().load() == 1"],
]
