"""Verifies a clearance with another implementation: DSSE and Ed25519 by the Python package `cryptography`.

    python3 tests/tools/verify_clearance.py CLEARANCE PACKAGE gate.key.pub

Prints what differs; exits 0 only where the signature holds and every file is, byte for byte, the one that was cleared.
"""

import base64
import hashlib
import json
import pathlib
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def main():
    clearance, package, key = map(pathlib.Path, sys.argv[1:4])
    envelope = json.loads(clearance.read_text())
    kind, payload = envelope["payloadType"], base64.b64decode(envelope["payload"])
    signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
    public = load_pem_public_key(key.read_bytes())
    try:
        public.verify(base64.b64decode(envelope["signatures"][0]["sig"]), signed)
    except InvalidSignature:
        print("the signature does not hold")
        return 2
    statement = json.loads(payload)
    assert statement["_type"] == "https://in-toto.io/Statement/v1", statement["_type"]
    cleared = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    judged = statement["predicate"]
    if judged["manifest_in_package"]:
        cleared["release.yaml"] = judged["inputs"]["manifest"].removeprefix("sha256:")
    files = (path for path in package.rglob("*") if path.is_file())
    found = {
        path.relative_to(package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
    names = cleared.keys() | found.keys()
    differing = sorted(name for name in names if cleared.get(name) != found.get(name))
    for name in differing:
        print(f"{name}: not as cleared")
    print(f"signature holds; {len(cleared)} files cleared, {len(differing)} differ; verdict {judged['verdict']}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
