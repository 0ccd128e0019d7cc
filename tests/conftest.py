"""What all tests share: assembled models, a private cache of generated code, and no windows."""

import os
import shutil
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("Agg")
pytest.register_assert_rewrite("contract", "readings")  # they assert, and are no test modules

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


@pytest.fixture
def copies(tmp_path):
    """A folder of the shipped data sets that a test may damage."""
    for path in (REPOSITORY / "data").iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path


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


@pytest.fixture(scope="session")
def qamas():
    """A published model in SI units and seconds: isolated mitochondria."""
    from mitochem.models import qamas_in_vitro

    return qamas_in_vitro()


@pytest.fixture(scope="session")
def heart():
    """A published model in µM and minutes: heart."""
    from mitochem.models import korzeniewski_heart

    return korzeniewski_heart()
