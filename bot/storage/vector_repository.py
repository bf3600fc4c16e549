"""Where dual encoders put pictures: two bytes a number, for a gallery of thousands is read at every search."""

import struct
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select

from bot.storage.connection import PatientConnection
from bot.storage.statements import insert_if_new
from bot.storage.tables import vectors

_OF = select(vectors.c.artifact_id, vectors.c.vector).where(
    vectors.c.artifact_id.in_(bindparam("ids", expanding=True)), vectors.c.model == bindparam("its_model")
)


class SqlVectors:
    """Vectors in the database."""

    def __init__(self, connection: PatientConnection) -> None:
        self._connection = connection

    async def of(self, artifact_ids: Sequence[str], model: str) -> dict[str, tuple[float, ...]]:
        """The vectors of those pictures that have one, by id."""
        if not artifact_ids:
            return {}
        rows = await self._connection.execute(_OF, {"ids": list(artifact_ids), "its_model": model})
        return {row.artifact_id: struct.unpack(f"<{len(row.vector) // 2}e", row.vector) for row in rows}

    async def put(self, places: Mapping[str, Sequence[float]], model: str) -> None:
        """Remember vectors by their pictures' ids; one that is there stays."""
        for artifact_id, vector in places.items():
            row = {"artifact_id": artifact_id, "model": model, "vector": struct.pack(f"<{len(vector)}e", *vector)}
            await insert_if_new(self._connection, vectors, row)
