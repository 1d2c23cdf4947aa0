import pytest

from tests.shop.workspace.scene import Scene, lans_shop


@pytest.fixture
def lan(db: None) -> Scene:
    return lans_shop()
