package import Core
package import Cryptography

package enum SigningKeyTag: IDTag {
    package static let prefix = "sgk"
}

package typealias SigningKeyID = ID<SigningKeyTag>

/// A public key that a source signs its events with. The private half never comes here: so nobody, the platform
/// included, can report in the source's name.
package struct SigningKey: Sendable, Hashable {
    package let id: SigningKeyID
    package let organization: OrganizationID
    package let publicKey: Ed25519.PublicKey
    package let name: String
    package let createdAt: Instant
    /// From when on it signs nothing any more. What it signed before goes on being verified with it.
    package var revokedAt: Instant?
    package var version: Int64

    package static let nameLength = 1...100
    /// Working keys that an organisation may have at a time.
    package static let activeMaximum: Int64 = 20
}

extension SigningKey {
    package var json: JSON {
        [
            "id": JSON(id),
            "name": JSON(name),
            "algorithm": "ed25519",
            "public_key": JSON(Base64.encode(publicKey.bytes)),
            "created_at": JSON(createdAt),
            "revoked_at": .optional(revokedAt) { JSON($0) },
        ]
    }

    package var entityTag: String { Identity.entityTag(version: version, json) }

    package struct Draft: Sendable, Hashable {
        package let name: String
        package let publicKey: Ed25519.PublicKey

        package init(name: String, publicKey: Ed25519.PublicKey) {
            self.name = name
            self.publicKey = publicKey
        }

        package init(reading json: JSON) throws {
            var reader = try ObjectReader(json)
            let name = reader.line("name", length: SigningKey.nameLength)
            let text = reader.value("public_key", as: PublicKeyText.self)
            reader.refuseUnknownMembers()
            try reader.faults.throwIfAny()
            guard let name, let text else { throw Failure(.invalidRequest) }
            self.init(name: name, publicKey: text.publicKey)
        }
    }
}

/// An Ed25519 public key in base64, refused where no signature under it would mean anything.
package struct PublicKeyText: TextValue {
    package let publicKey: Ed25519.PublicKey

    package var text: String { Base64.encode(publicKey.bytes) }

    /// - Throws: `base64`, `length`, `not_canonical` or `weak_key`, the first that applies.
    package init(parsing text: String) throws(TextFault) {
        guard let bytes = Base64.decode(text) else { throw PublicKeyText.base64Fault }
        guard let publicKey = try? Ed25519.PublicKey(bytes: bytes) else { throw PublicKeyText.lengthFault }
        let coordinate = PublicKeyText.yCoordinate(of: bytes)
        guard PublicKeyText.isBelowPrime(coordinate) else { throw PublicKeyText.canonicalFault }
        guard !PublicKeyText.smallOrder.contains(coordinate.hex) else { throw PublicKeyText.weakFault }
        self.publicKey = publicKey
    }

    /// The encoding without its highest bit, which is the sign of x (RFC 8032, section 5.1.2).
    private static func yCoordinate(of bytes: [UInt8]) -> [UInt8] {
        bytes.dropLast() + bytes.suffix(1).map { $0 & 0x7F }
    }

    /// Whether the little-endian number is less than p = 2^255 − 19: only then is it the one text of its point.
    private static func isBelowPrime(_ coordinate: [UInt8]) -> Bool {
        coordinate.last != 0x7F || coordinate.dropFirst().dropLast().contains { $0 != 0xFF }
            || coordinate.first.map { $0 < 0xED } == true
    }

    /// The y coordinates of the eight points whose order divides 8. Under such a key one signature fits many messages.
    private static let smallOrder: Set<String> = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ]

    private static let base64Fault = TextFault(
        "base64",
        zh: "须为标准 Base64（含补位），不含空白",
        en: "Must be standard base64 with padding and without white space"
    )
    private static let lengthFault = TextFault(
        "length",
        zh: "Ed25519 公钥须为 32 字节",
        en: "An Ed25519 public key has 32 bytes"
    )
    private static let canonicalFault = TextFault(
        "not_canonical",
        zh: "公钥编码不规范",
        en: "The public key is not canonically encoded"
    )
    private static let weakFault = TextFault(
        "weak_key",
        zh: "该公钥不安全：其签名可被用于多份内容",
        en: "The public key is of small order: one signature would fit many messages"
    )
}
