import Core
package import Cryptography

/// Signs notes: a log, or a witness.
package struct NoteSigner: Sendable {
    package let verifierKey: VerifierKey
    private let key: Ed25519.PrivateKey

    /// `nil` for a name that no note could hold.
    package init?(name: String, algorithm: NoteAlgorithm = .ed25519, key: Ed25519.PrivateKey) {
        guard let verifierKey = VerifierKey(name: name, algorithm: algorithm, publicKey: key.publicKey) else {
            return nil
        }
        self.verifierKey = verifierKey
        self.key = key
    }

    private static let prefix = "PRIVATE+KEY+"

    /// Reads what `encodedSecret` gives. `nil` where it is something else, or the id is not the key's.
    package init?(encodedSecret text: some StringProtocol) {
        guard text.hasPrefix(NoteSigner.prefix) else { return nil }
        let parts = text.dropFirst(NoteSigner.prefix.count)
            .split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decode(parts[2]),
            let algorithm = bytes.first.flatMap({ NoteAlgorithm(rawValue: $0) }),
            let key = try? Ed25519.PrivateKey(seed: SecretBytes(bytes.dropFirst()))
        else { return nil }
        self.init(name: String(parts[0]), algorithm: algorithm, key: key)
        guard verifierKey.text.hasPrefix("\(parts[0])+\(parts[1])+") else { return nil }
    }

    /// The key as it is kept in a file of mode 0600: `PRIVATE+KEY+name+id+BASE64`.
    package var encodedSecret: String {
        let bytes = [verifierKey.algorithm.rawValue] + key.seed.withUnsafeBytes { Array($0) }
        let id = bigEndianBytes(UInt64(verifierKey.id)).suffix(4).hex
        return "\(NoteSigner.prefix)\(verifierKey.name)+\(id)+\(Base64.encode(bytes))"
    }

    /// - Parameter seconds: since 1970, for a cosignature; a log's signature has no time.
    package func sign(_ text: String, atSeconds seconds: Int64 = 0) throws(CryptographyError) -> NoteSignature {
        switch verifierKey.algorithm {
        case .ed25519:
            return NoteSignature(key: verifierKey, bytes: try key.sign(Array(text.utf8)))
        case .cosignature:
            let time = max(0, seconds)
            let signature = try key.sign(Cosignature.message(text, seconds: time))
            return NoteSignature(key: verifierKey, bytes: bigEndianBytes(UInt64(time)) + signature)
        }
    }
}

extension NoteSigner: CustomStringConvertible, CustomReflectable {
    package var description: String { "signer of \(verifierKey.text)" }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

/// What a witness signs, and when: that at that time no larger tree of this log was known to it, and that this one
/// extends all that it signed before.
package enum Cosignature {
    package static let byteCount = 8 + Ed25519.signatureByteCount

    static func message(_ text: String, seconds: Int64) -> [UInt8] {
        Array("cosignature/v1\ntime \(seconds)\n\(text)".utf8)
    }

    /// - Returns: the time that was signed; `nil` where the signature is not valid.
    static func seconds(_ bytes: [UInt8], on text: String, by key: Ed25519.PublicKey) -> Int64? {
        guard bytes.count == byteCount, let seconds = Int64(exactly: bigEndianInteger(bytes.prefix(8))),
            key.isValid(signature: bytes.dropFirst(8), for: message(text, seconds: seconds))
        else { return nil }
        return seconds
    }
}
