"""Writes two TUF repositories with python-tuf, for a client of another make to read.

usage: make.py FOLDER    (python-tuf and securesystemslib on PYTHONPATH)
"""

import os
import sys
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

EXPIRES = datetime(2100, 1, 1, tzinfo=timezone.utc)
BINS = 4


class Repository:
    """Keys, roles and files of one repository."""

    def __init__(self, folder: Path, consistent: bool):
        self.folder = folder
        self.consistent = consistent
        self.roles = {}
        self.signers = {}
        self.snapshot = Snapshot(expires=EXPIRES)
        os.makedirs(folder / "metadata")
        os.makedirs(folder / "targets")

    def write(self, role: str, signed, versioned: bool, compact: bool = False) -> bytes:
        metadata = Metadata(signed)
        for signer in self.signers[role]:
            metadata.sign(signer, append=True)
        data = metadata.to_bytes(JSONSerializer(compact=compact))
        name = f"{signed.version}.{role}.json" if versioned else f"{role}.json"
        (self.folder / "metadata" / name).write_bytes(data)
        return data

    def write_targets(self, role: str, stated: str) -> None:
        """stated: what snapshot says of it: version, or also length and hashes."""
        signed = self.roles[role]
        data = self.write(role, signed, self.consistent)
        if stated == "version":
            meta = MetaFile(signed.version)
        else:
            meta = MetaFile.from_data(signed.version, data, stated.split(","))
        self.snapshot.meta[f"{role}.json"] = meta

    def add_target(self, role: str, path: str, algorithms=("sha256",)) -> None:
        content = f"{path} by {role}\n".encode()
        target = TargetFile.from_data(path, content, list(algorithms))
        target.unrecognized_fields["x-vendor"] = {"β": [1, None, True]}
        self.roles[role].targets[path] = target
        folder, _, name = path.rpartition("/")
        for prefix in [f"{h}." for h in target.hashes.values()] if self.consistent else [""]:
            file = self.folder / "targets" / folder / f"{prefix}{name}"
            os.makedirs(file.parent, exist_ok=True)
            if not file.exists():  # the first of two roles that name it
                file.write_bytes(content)

    def delegate(self, parent: str, name: str, signers, threshold=1, **rule) -> None:
        terminating = rule.pop("terminating", False)
        role = DelegatedRole(name, [], threshold, terminating, **rule)
        delegations = self.roles[parent].delegations
        if delegations is None:
            delegations = self.roles[parent].delegations = Delegations({}, {})
        delegations.roles[name] = role
        self.roles.setdefault(name, Targets(expires=EXPIRES))
        self.signers[name] = signers
        for signer in signers:
            self.roles[parent].add_key(signer.public_key, name)


def build(folder: Path, consistent: bool) -> None:
    repository = Repository(folder, consistent)
    ed, ec, rsa = (
        CryptoSigner.generate_ed25519,
        CryptoSigner.generate_ecdsa,
        CryptoSigner.generate_rsa,
    )
    root = Root(expires=EXPIRES, consistent_snapshot=consistent)
    root.unrecognized_fields["x-note"] = 'raw " \\ and é \U0001f512'
    repository.roles["targets"] = Targets(expires=EXPIRES)
    roles = {
        "root": [rsa(), ed()],
        "timestamp": [ec()],
        "snapshot": [rsa()],
        "targets": [ed(), ec()],
    }
    for role, signers in roles.items():
        repository.signers[role] = signers
        root.roles[role].threshold = len(signers)
        for signer in signers:
            root.add_key(signer.public_key, role)
    repository.write("root", root, True)

    # Version 2: another root key; version 3: another timestamp key.
    old, new = repository.signers["root"], [repository.signers["root"][1], ec()]
    root.version = 2
    root.revoke_key(old[0].public_key.keyid, "root")
    root.add_key(new[1].public_key, "root")
    repository.signers["root"] = old + [new[1]]
    repository.write("root", root, True)
    repository.signers["root"] = new
    root.version = 3
    root.revoke_key(repository.signers["timestamp"][0].public_key.keyid, "timestamp")
    repository.signers["timestamp"] = [ed()]
    root.add_key(repository.signers["timestamp"][0].public_key, "timestamp")
    repository.write("root", root, True)

    shared = [ed(), ec()]
    repository.delegate("targets", "advisories", [ed()], paths=["advisories/*"], terminating=True)
    repository.delegate("targets", "late", [ed()], paths=["advisories/*", "models/*/*"])
    repository.delegate("targets", "models", shared, 2, paths=["models/*/*"])
    repository.delegate("models", "vision", [rsa()], paths=["models/vision/*"])
    repository.delegate("vision", "models", shared, 2, paths=["models/*/*"])  # a cycle
    bins = ed()
    for i in range(BINS):
        prefixes = [f"{n:02x}" for n in range(256) if n % BINS == i]
        repository.delegate("targets", f"bin-{i}", [bins], path_hash_prefixes=prefixes)

    repository.add_target("targets", "README.txt")
    repository.add_target("advisories", "advisories/2026-001.json", ["sha512"])
    repository.add_target("advisories", "models/text/stolen.onnx")  # nobody delegated it
    repository.add_target("late", "advisories/2026-002.json")  # behind a terminating role
    repository.add_target("late", "models/text/a.onnx", ["sha256", "sha512"])
    repository.add_target("models", "models/text/a.onnx")  # "late" comes first
    repository.add_target("models", "models/text/b.onnx")
    repository.add_target("vision", "models/vision/c.onnx")
    repository.add_target("vision", "models/text/d.onnx")  # beyond what models delegates
    for i in range(6):
        path = f"file-{i}.bin"
        repository.add_target(f"bin-{sha256(path.encode()).digest()[0] % BINS}", path)

    stated = {"targets": "sha256", "models": "sha256,sha512", "vision": "version"}
    for role in repository.roles:
        repository.write_targets(role, stated.get(role, "version"))
    data = repository.write("snapshot", repository.snapshot, consistent)
    timestamp = Timestamp(expires=EXPIRES)
    timestamp.snapshot_meta = MetaFile.from_data(1, data, ["sha256"]) if consistent else MetaFile(1)
    repository.write("timestamp", timestamp, False, compact=True)


if __name__ == "__main__":
    for name, consistent in (("consistent", True), ("plain", False)):
        build(Path(sys.argv[1]) / name, consistent)
