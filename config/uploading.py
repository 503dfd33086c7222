"""Taking uploads off the wire: a disk that is full while one arrives is told in the form, not by a page of errors."""

import io
from collections.abc import Iterator
from typing import Any, NoReturn

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class LostFile(UploadedFile):  # type: ignore[type-arg]  # it takes none when it runs
    """An upload that could not be kept; reading it raises why."""

    def __init__(self, name: str, error: OSError) -> None:
        super().__init__(file=io.BytesIO(), name=name, size=1)
        self._error = error

    def chunks(self, _chunk_size: int | None = None) -> Iterator[bytes]:
        self.read()

    def read(self, *_: Any) -> NoReturn:
        raise self._error


class PatientUploadHandler(TemporaryFileUploadHandler):
    """As its base, on the disk; where that fails the rest of the file is let go, and the form is still read."""

    _error: OSError | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self._error = None
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._error = error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._error is None:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._error = error
                self.file.close()

    def file_complete(self, file_size: int) -> Any:
        if self._error is None:
            try:
                return super().file_complete(file_size)
            except OSError as error:
                self._error = error
        return LostFile(self.file_name or "", self._error)
