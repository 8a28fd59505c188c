import Core
package import Cryptography

/// What a line of a signed note is signed with.
package enum NoteAlgorithm: UInt8, Sendable, Hashable {
    /// Ed25519 over the note's text: how a log signs.
    case ed25519 = 0x01
    /// Ed25519 over the note's text and a time (C2SP *tlog-cosignature*): how a witness signs.
    case cosignature = 0x04
}

/// Name, algorithm and public key of somebody who signs notes, written `name+84e3fbca+BASE64`.
package struct VerifierKey: Sendable, Hashable {
    package let name: String
    package let algorithm: NoteAlgorithm
    package let publicKey: Ed25519.PublicKey
    /// Tells the lines of a note apart, together with the name. It is no proof of anything.
    package let id: UInt32

    /// `nil` for a name that no note could hold.
    package init?(name: String, algorithm: NoteAlgorithm, publicKey: Ed25519.PublicKey) {
        guard NoteName.isValid(name) else { return nil }
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
        let hash = SHA256.hash(Array(name.utf8) + [0x0A, algorithm.rawValue] + publicKey.bytes)
        id = UInt32(truncatingIfNeeded: bigEndianInteger(hash.bytes.prefix(4)))
    }

    /// `nil` for another algorithm, and for a key whose written id is not its own.
    package init?(parsing text: some StringProtocol) {
        // The Base64 may hold a plus sign, too.
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decode(parts[2]),
            let algorithm = bytes.first.flatMap({ NoteAlgorithm(rawValue: $0) }),
            let publicKey = try? Ed25519.PublicKey(bytes: bytes.dropFirst())
        else { return nil }
        self.init(name: String(parts[0]), algorithm: algorithm, publicKey: publicKey)
        guard parts[1] == idText else { return nil }
    }

    package var text: String {
        "\(name)+\(idText)+\(Base64.encode([algorithm.rawValue] + publicKey.bytes))"
    }

    private var idText: String { bigEndianBytes(UInt64(id)).suffix(4).hex }
}

extension VerifierKey: CustomStringConvertible {
    package var description: String { text }
}

enum NoteName {
    static let maximumByteCount = 256

    /// Something, without white space, a plus sign or a control: any of them would end it early.
    static func isValid(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= maximumByteCount else { return false }
        return name.unicodeScalars.allSatisfy {
            !$0.properties.isWhitespace && $0 != "+" && $0.properties.generalCategory != .control
        }
    }
}
