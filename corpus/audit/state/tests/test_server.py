from http.server import BaseHTTPRequestHandler, HTTPServer


def test_answers():
    server = HTTPServer(("127.0.0.1", 8765), BaseHTTPRequestHandler)
    server.server_close()


def test_any_port():
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
