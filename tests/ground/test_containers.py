"""The compose file and the image, read as data: no engine is needed to hold them to their rules."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from scripts.lint import PRODUCTION, ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_all_parts_are_there():
    assert sorted(SERVICES) == ["beat", "migrate", "postgres", "redis", "web", "worker"]


@pytest.mark.parametrize("name", OURS)
def test_our_parts_have_all_that_production_asks_for(name):
    environment = SERVICES[name]["environment"]
    assert set(PRODUCTION) <= set(environment)
    assert environment["DJANGO_SETTINGS_MODULE"] == "config.settings.production"


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_every_standing_part_says_whether_it_is_well_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_tables_come_before_those_who_use_them(name):
    assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_only_the_web_server_is_open_to_the_machine_and_to_it_alone():
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["web"]
    assert all(port.startswith(("127.0.0.1:", "${PILOTAGE_BIND:-127.0.0.1:")) for port in SERVICES["web"]["ports"])


def test_no_secret_stands_in_the_file():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("PILOTAGE_SECRET_KEY", "POSTGRES_PASSWORD"):
        for line in re.findall(rf"^.*{name}:.*$", text, re.MULTILINE):
            assert f"${{{name}:?" in line, line


def test_what_must_outlive_a_container_lies_in_a_volume():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])
    assert all(any("data:" in volume for volume in SERVICES[name]["volumes"]) for name in ("postgres", "redis", "web"))


def test_the_image_runs_as_nobody_in_particular_and_installs_by_hash():
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1] not in {"root", "0"}
    assert all("--require-hashes" in line for line in DOCKERFILE.splitlines() if "pip install" in line)
    assert "development.txt" not in DOCKERFILE
    assert "trial.txt" not in DOCKERFILE


def test_what_is_copied_into_the_image_exists():
    for line in re.findall(r"^COPY (?!--from)(?:--\S+ )*(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, _ = line.split()
        assert all((ROOT / source).exists() or source == "." for source in sources), line


@pytest.mark.processes
def test_the_client_reads_the_compose_file_as_we_do(tmp_path: Path):
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("no docker compose here")
    settings = tmp_path / "environment"
    settings.write_text("".join(f"{name}=x\n" for name in [*PRODUCTION, "POSTGRES_PASSWORD"]))
    done = subprocess.run(
        [docker, "compose", "--env-file", settings, "config", "--quiet"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
