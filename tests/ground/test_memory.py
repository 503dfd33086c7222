"""The embedded PostgreSQL takes of a machine's memory what its size allows."""

import pytest

from config.embedded.memory import MEGABYTE, available, cache_settings


@pytest.mark.parametrize(
    ("gigabytes", "own", "hoped_for"), [(1, "128MB", "512MB"), (4, "256MB", "1024MB"), (64, "1024MB", "4096MB")]
)
def test_its_cache_grows_with_the_machine_within_bounds(gigabytes, own, hoped_for):
    settings = cache_settings(gigabytes * 1024 * MEGABYTE)

    assert settings == {"shared_buffers": own, "effective_cache_size": hoped_for}


def test_a_container_has_what_it_is_allowed_to_have(tmp_path):
    unlimited, limited = tmp_path / "unlimited", tmp_path / "limited"
    unlimited.write_text("max\n")
    limited.write_text(f"{300 * MEGABYTE}\n")

    assert available(limited) == 300 * MEGABYTE
    assert available(unlimited) == available(tmp_path / "missing") > 300 * MEGABYTE
