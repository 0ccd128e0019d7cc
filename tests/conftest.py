"""What all tests share: assembled models, a private cache of generated code, and no windows."""

import os
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("Agg")

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory):
    """Generated code goes into a folder of this session, so that no run depends on an earlier one."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("MITOCHEM_CACHE")
    os.environ["MITOCHEM_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["MITOCHEM_CACHE"]
    else:
        os.environ["MITOCHEM_CACHE"] = before


@pytest.fixture(scope="session")
def shared_folder():
    """The folder of reference material beside the checkout; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("no folder of reference material beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def mitochondria():
    """L1 respiring on NADH-linked substrate."""
    from mitochem import models

    return models.isolated_mitochondria()


@pytest.fixture(scope="session")
def succinate():
    """L1 respiring on succinate."""
    from mitochem import models

    return models.isolated_mitochondria("succinate")


@pytest.fixture(scope="session")
def minimal():
    """L0: the proton-motive force alone."""
    from mitochem import models

    return models.minimal()
