"""A WSGI application."""

from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/")
def index() -> str:
    """Greet, with a template."""
    return render_template_string("Hello, {{ name }}!\n", name=request.args.get("name", "world"))


@app.post("/echo")
def echo() -> tuple[bytes, int, dict[str, str]]:
    """Send the body back."""
    return request.get_data(), 200, {"content-type": "application/octet-stream"}
