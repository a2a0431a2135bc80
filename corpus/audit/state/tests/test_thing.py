def test_thing(thing):
    thing.with_name("copy")
