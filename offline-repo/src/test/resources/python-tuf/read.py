"""Reads a medium with python-tuf's own client, and prints what it trusts, a line for each.

usage: read.py MEDIUM ROOT NAME...    (python-tuf and securesystemslib on PYTHONPATH)
ROOT is the trusted root; each NAME is a target to look for.
"""

import json
import sys
import tempfile
from pathlib import Path
from shutil import copy
from urllib.parse import unquote, urlsplit

from securesystemslib.signer import KEY_FOR_TYPE_AND_SCHEME, SSlibKey
from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface, Updater

# Without this line python-tuf refuses any metadata that names a key of a kind it has not heard of;
# with it, such a key counts for nothing.
KEY_FOR_TYPE_AND_SCHEME["ml-dsa-87", "ml-dsa-87"] = SSlibKey


class Files(FetcherInterface):
    """Reads file: addresses, as a server would send them."""

    def _fetch(self, url: str):
        path = Path(urlsplit(url).path)
        if not path.exists():
            raise DownloadHTTPError(f"no {path.name}", 404)
        return iter([path.read_bytes()])


def main(medium: Path, root: Path, names: list) -> None:
    with tempfile.TemporaryDirectory() as state, tempfile.TemporaryDirectory() as targets:
        copy(root, Path(state) / "root.json")
        updater = Updater(
            metadata_dir=state,
            metadata_base_url=(medium / "metadata").as_uri(),
            target_dir=targets,
            target_base_url=(medium / "targets").as_uri(),
            fetcher=Files(),
        )
        updater.refresh()
        for name in names:
            target = updater.get_targetinfo(name)
            if target:
                content = Path(updater.download_target(target)).read_bytes()
                print(f"{name} {target.hashes['sha256']} {len(content)}")
            else:
                print(f"{name} is no target")
        for trusted in sorted(Path(state).glob("*.json")):
            if not trusted.is_symlink():
                version = json.loads(trusted.read_bytes())["signed"]["version"]
                print(f"{unquote(trusted.stem)} version {version}")


main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]), sys.argv[3:])
