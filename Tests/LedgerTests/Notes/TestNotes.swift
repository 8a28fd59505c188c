import Core
import Cryptography

@testable import Ledger

/// Log and witness with the keys of the Go tools' samples.
enum TestNotes {
    static let origin = "log.chexin.example/history"
    static let log = signer(origin, .ed25519, 1)
    static let witness = signer("witness.chexin.example/w1", .cosignature, 2)
    static let logKey = "log.chexin.example/history+84e3fbca+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
    static let witnessKey = "witness.chexin.example/w1+9b6ed147+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
    static let policy = "log \(logKey)\nwitness w1 \(witnessKey)\nquorum w1\n"

    /// What x/mod and torchwood wrote, cosigned at 1750000000.
    static let cosigned = """
        log.chexin.example/history
        70000
        2gUy/3su5W9AZxEPyWTp8ntZWflSe//z+lAap1hN6vM=

        — log.chexin.example/history \
        hOP7yhcQLTfbGh3oCbEjd904aVJZQbhZvCjKrEJ7RGSgEzWM574H/FwcCvhFktSqNGA5giY/OsInq3BKoM9DNu5yNAI=
        — witness.chexin.example/w1 \
        m27RRwAAAABoTuGA7rO6Mc9uzCvfdFBcZg6jd4M3yo4MYI+P3FFwtfo6M0qjOPfzK9smB9JE4diSJQjnpjYRziNxY33JwS7pBHkxDg==

        """

    static func signer(_ name: String, _ algorithm: NoteAlgorithm, _ seed: UInt8) -> NoteSigner {
        let key = try! Ed25519.PrivateKey(seed: SecretBytes([UInt8](repeating: seed, count: 32)))
        return NoteSigner(name: name, algorithm: algorithm, key: key)!
    }

    static func note(_ text: String) throws(NoteError) -> SignedNote { try SignedNote(parsing: Array(text.utf8)) }
}
