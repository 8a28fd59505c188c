package import Cryptography
package import Ledger

/// What the log signs with, and what cars get their names in it from.
package struct LogKeys: Sendable {
    /// Of the log: who signs, and the first line of every checkpoint.
    package let origin: String
    /// The key that signs, and while it is replaced, the one before it: readers know one of them.
    let signers: [NoteSigner]
    /// The same keys, under the name of the vehicle index.
    let indexSigners: [NoteSigner]
    package let vehicles: VRF.PrivateKey

    /// - Parameter signing: the newest first, at least one.
    /// - Returns: `nil` for an origin that no note can hold, or without a key.
    package init?(origin: String, signing: [Ed25519.PrivateKey], vehicles: VRF.PrivateKey) {
        let signers = signing.compactMap { NoteSigner(name: origin, key: $0) }
        let indexSigners = signing.compactMap { NoteSigner(name: origin + Checkpoint.vehiclesSuffix, key: $0) }
        guard !signing.isEmpty, signers.count == signing.count, indexSigners.count == signing.count else { return nil }
        self.origin = origin
        self.signers = signers
        self.indexSigners = indexSigners
        self.vehicles = vehicles
    }

    package var verifierKeys: [VerifierKey] { signers.map(\.verifierKey) }
    package var indexVerifierKeys: [VerifierKey] { indexSigners.map(\.verifierKey) }

    /// - Throws: where the root cannot be signed: a defect.
    func signed(size: Int64, root: Digest) throws -> SignedNote {
        try LogKeys.signed(origin, size, root, by: signers)
    }

    func signedIndex(size: Int64, root: Digest) throws -> SignedNote {
        try LogKeys.signed(origin + Checkpoint.vehiclesSuffix, size, root, by: indexSigners)
    }

    private static func signed(
        _ origin: String,
        _ size: Int64,
        _ root: Digest,
        by signers: [NoteSigner]
    ) throws -> SignedNote {
        guard let checkpoint = Checkpoint(origin: origin, size: size, root: root) else { throw NoteError.malformed }
        return try checkpoint.signed(by: signers)
    }
}
