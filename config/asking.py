"""Ask the product's own web server whether it is well: `python -m config.asking 8000 /healthz`.

For health checks inside a container, where the server listens at another address than the one it answers to.
"""

import http.client
import os
import sys


def main() -> int:
    """Exit status 0 when the page answers 200."""
    port, path = sys.argv[1:]
    host = os.environ.get("PILOTAGE_HOSTS", "127.0.0.1").split(",")[0].lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        connection.close()
    return 0 if status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
