"""An ASGI application with pydantic models."""

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

app = FastAPI(title="Tea")


class Tea(BaseModel):
    """A tea and how to make it."""

    name: str = Field(min_length=1)
    minutes: float = Field(gt=0, le=10)


_TEAS: dict[str, Tea] = {"assam": Tea(name="assam", minutes=4)}


@app.get("/")
async def index() -> dict[str, list[str]]:
    """List the teas."""
    return {"teas": sorted(_TEAS)}


@app.get("/teas/{name}")
async def get(name: str) -> Tea:
    """Return one tea."""
    if name not in _TEAS:
        raise HTTPException(404, f"no tea is called {name}")
    return _TEAS[name]


@app.post("/teas", status_code=201)
async def add(tea: Tea) -> Tea:
    """Add a tea; the model checks it."""
    _TEAS[tea.name] = tea
    return tea
