"""Reading addresses of servers from the environment."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import ProgrammingError


@dataclass(frozen=True)
class MailTransport:
    """How mail leaves: by SMTP to `host`, or, when `host` is empty, into the product's own mailbox."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    timeout: float = 20


def database(url: str, *, pooled: bool, statement_timeout: timedelta, lock_timeout: timedelta) -> dict[str, Any]:
    """Return Django's description of the PostgreSQL that `url` names (a libpq connection URI)."""
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    known = {key: parts.pop(key, "") for key in ("dbname", "user", "password", "host", "port")}
    milliseconds = {
        "statement_timeout": int(statement_timeout.total_seconds() * 1000),
        "lock_timeout": int(lock_timeout.total_seconds() * 1000),
        "idle_in_transaction_session_timeout": 60_000,
    }
    options: dict[str, Any] = {
        **parts,
        "options": " ".join(f"-c {name}={value}" for name, value in milliseconds.items()),
    }
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": 12, "timeout": 10, "max_lifetime": 1800}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known["dbname"] or "pilotage",
        "USER": known["user"],
        "PASSWORD": known["password"],
        "HOST": known["host"],
        "PORT": known["port"],
        "CONN_MAX_AGE": 0 if pooled else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        "TEST": {"TEMPLATE": "template0"},
    }


def email_transport(url: str) -> MailTransport:
    """Return the transport that `smtp://user:password@host:port?starttls=1` or `smtps://...` names."""
    if not url:
        return MailTransport()
    split = urlsplit(url)
    if split.scheme not in {"smtp", "smtps"} or not split.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp://user:password@mail.example.org:587?starttls=1 or smtps://..."
        )
    tls = split.scheme == "smtps"
    query = parse_qs(split.query)
    return MailTransport(
        host=split.hostname,
        port=split.port or (465 if tls else 25),
        user=unquote(split.username or ""),
        password=unquote(split.password or ""),
        starttls=query.get("starttls", ["0"])[-1] in {"1", "true", "yes"},
        tls=tls,
        timeout=float(query.get("timeout", ["20"])[-1]),
    )


def file_store(url: str) -> dict[str, Any]:
    """Return Django's description of the store that `s3://bucket/folder?endpoint=...&region=...` names; else a folder.

    Keys of access come from where the S3 library looks for them: the environment, or the machine's role.
    """
    if not url:
        return {"BACKEND": "gates.filing.PrivateFolder"}
    split = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(split.query).items()}
    if split.scheme != "s3" or not split.netloc or query.keys() - {"endpoint", "region"}:
        raise ImproperlyConfigured(
            "PILOTAGE_FILES must look like s3://bucket/folder?endpoint=https://s3.example.org&region=eu-west-1"
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": split.netloc,
            "location": split.path.strip("/"),
            "endpoint_url": query.get("endpoint"),
            "region_name": query.get("region"),
            "default_acl": "private",
            "querystring_auth": True,
            "file_overwrite": True,
        },
    }
