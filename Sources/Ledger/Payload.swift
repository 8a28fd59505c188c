package import Core
package import Cryptography

/// 16 random bytes that keep the digest of a short payload from being guessed once the payload is erased.
package struct Salt: Sendable, Hashable {
    package static let byteCount = 16

    package let bytes: [UInt8]

    /// `nil` unless there are exactly 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Salt.byteCount else { return nil }
        self.bytes = bytes
    }

    init?(hex: String) {
        guard let bytes = [UInt8](lowercaseHex: hex) else { return nil }
        self.init(bytes: bytes)
    }

    private init(verified bytes: [UInt8]) {
        self.bytes = bytes
    }

    package static func random() -> Salt {
        Salt(verified: SecureRandom.bytes(byteCount))
    }
}

/// What an entry says. The envelope holds only its digest, so that it can be erased without breaking the chain.
package struct Payload: Sendable, Hashable {
    package let data: JSON
    package let salt: Salt

    package init(data: JSON, salt: Salt) {
        self.data = data
        self.salt = salt
    }

    /// Accepts only the bytes that `canonicalBytes` would give.
    package static func parse(_ bytes: [UInt8]) throws(PayloadError) -> Payload {
        // What was hashed is verified as it is; what may come in is decided where it comes in.
        let read = try? JSONParser.parse(bytes, maximumDepth: JSONParser.ledgerDepth, allowsNull: true)
        guard let json = read else { throw .notJSON }
        guard json.members?.count == 2, let data = json["data"], let salt = json["salt"]?.stringValue else {
            throw .wrongMembers
        }
        guard data.members != nil else { throw .dataIsNoObject }
        guard let salt = Salt(hex: salt) else { throw .wrongSalt }
        let payload = Payload(data: data, salt: salt)
        guard payload.canonicalBytes == bytes else { throw .notCanonical }
        return payload
    }

    package var canonicalBytes: [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.raw(#"{"data":"#)
        writer.writeCanonical(data)
        writer.raw(#","salt":"#)
        writer.string(salt.bytes.hex)
        writer.raw("}")
        return writer.bytes
    }

    package var digest: Digest { SHA256.hash(canonicalBytes) }
}

package enum PayloadError: Error, Sendable, Hashable {
    /// No JSON, or JSON that the ledger does not allow: fractions, duplicate members, more than 8 levels.
    case notJSON
    /// There is something else than exactly `data` and `salt`.
    case wrongMembers
    case dataIsNoObject
    /// `salt` is not 32 lower-case hexadecimal digits.
    case wrongSalt
    /// The same content, written in another way.
    case notCanonical
}
