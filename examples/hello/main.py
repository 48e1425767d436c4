"""The smallest worker."""

from urllib.parse import parse_qs, urlsplit

from workers import Request, Response, WorkerEntrypoint


class Default(WorkerEntrypoint):
    """Greets whoever is named in the query."""

    async def fetch(self, request: Request) -> Response:
        """Answer a request."""
        query = parse_qs(urlsplit(request.url).query)
        name = query.get("name", ["world"])[0]
        return Response(f"{self.env.GREETING}, {name}!\n")
