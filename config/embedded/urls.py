"""Addresses of servers, in the forms in which the clients want them."""

from urllib.parse import parse_qs, quote, urlencode, urlsplit


def database_url(sockets: str) -> str:
    """The address of the embedded database, whose socket lies in the folder `sockets`."""
    return f"postgresql://pilotage@/pilotage?host={quote(sockets)}"


def redis_url(socket: str) -> str:
    """The address of the embedded Valkey, in the form that redis-py reads."""
    return f"unix://{quote(socket)}?db=0"


def broker_url(url: str) -> str:
    """`REDIS_URL` as kombu reads it: sockets are `redis+socket://` there, all else is the same."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    query["virtual_host"] = query.pop("db", "0")
    return f"redis+socket://{parts.netloc}{parts.path}?{urlencode(query)}"
