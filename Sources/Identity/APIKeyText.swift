package import Cryptography

/// The text of an API key: `chx_live_<10 public>_<32 secret><6 checksum>`.
///
/// The public part finds the key's row, the 32 characters of base62 are 190 bits of secret, and the checksum refuses a
/// typing error before anything is looked up. Scanners for leaked secrets recognise it by prefix and checksum.
package struct APIKeyText: Sendable {
    package static let prefix = "chx_live_"
    package static let publicLength = 10
    package static let secretLength = 32
    package static let checksumLength = Base62.checksumLength
    package static let length = prefix.utf8.count + publicLength + 1 + secretLength + checksumLength

    /// What the store finds the key by. Not a secret.
    package let publicID: String
    /// The whole text: shown once, never stored or logged.
    package let secret: String

    /// `nil` for whatever is no key: another form, or a checksum that does not fit.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == APIKeyText.length, bytes.starts(with: APIKeyText.prefix.utf8) else { return nil }
        let parts = bytes.dropFirst(APIKeyText.prefix.utf8.count)
        let rest = parts.dropFirst(APIKeyText.publicLength)
        guard rest.first == underscore else { return nil }
        let digits = parts.prefix(APIKeyText.publicLength) + rest.dropFirst()
        guard digits.allSatisfy(Base62.isDigit) else { return nil }
        guard Base62.isChecked(bytes) else { return nil }
        publicID = String(decoding: parts.prefix(APIKeyText.publicLength), as: UTF8.self)
        secret = text
    }

    private init(publicID: String, secret: String) {
        self.publicID = publicID
        self.secret = secret
    }

    package static func random() -> APIKeyText {
        let publicID = String(decoding: Base62.random(publicLength), as: UTF8.self)
        let body = Array("\(prefix)\(publicID)_".utf8) + Base62.random(secretLength)
        return APIKeyText(publicID: publicID, secret: String(decoding: body + Base62.checksum(of: body), as: UTF8.self))
    }

    /// What the store keeps in place of the secret.
    package func authenticationCode(pepper: SecretBytes) -> Digest {
        HMACSHA256.authenticate(Array(secret.utf8), key: pepper)
    }
}

extension APIKeyText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(APIKeyText.prefix)\(publicID)_<redacted>" }
    package var debugDescription: String { description }
    /// `dump` and the printing of an enclosing value go by the mirror.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

private let underscore = UInt8(ascii: "_")
