import asyncio
from pathlib import Path

import pytest

from rehearsal.drill.plane import Plane, PlaneError
from tests.rehearsal.drill.fake import FakePlane


def test_a_call_is_answered(tmp_path: Path) -> None:
    async def main() -> None:
        async with FakePlane(tmp_path):
            plane = Plane(tmp_path)
            assert (await plane.do("fault", what="kill-server", region="x"))["target"] == "i-1"
            assert (await plane.do("settled"))["settled"] is True
            await plane.aclose()

    asyncio.run(main())


def test_a_refusal_and_an_absent_plane_have_one_line(tmp_path: Path) -> None:
    async def main() -> None:
        async with FakePlane(tmp_path):
            plane = Plane(tmp_path)
            with pytest.raises(PlaneError, match="refused 'fault leak-server': nothing leaks"):
                await plane.do("fault", what="leak-server")
            await plane.aclose()
        with pytest.raises(PlaneError, match="is `make live` up"):
            await Plane(tmp_path / "nowhere").do("settled")

    asyncio.run(main())
