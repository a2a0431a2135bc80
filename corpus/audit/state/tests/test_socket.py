import socket


def test_bind():
    with socket.socket() as listener:
        listener.bind(("", 8765))  #: LW503


def test_bind_another():
    with socket.socket() as listener:
        listener.bind(("", 8766))
