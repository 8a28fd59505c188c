package import Cryptography

/// The text of a session's token: `chx_ses_<43 secret><6 checksum>`.
///
/// It says nothing and is found by its hash: 256 bits cannot be guessed, so that the store needs no other name for it.
package struct SessionToken: Sendable {
    package static let prefix = "chx_ses_"
    /// 43 characters of base62 are 256 bits.
    package static let secretLength = 43
    package static let length = prefix.utf8.count + secretLength + Base62.checksumLength

    /// The whole text: given to the client once, never stored or logged.
    package let secret: String

    /// `nil` for whatever is no token: another form, or a checksum that does not fit.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == SessionToken.length, bytes.starts(with: SessionToken.prefix.utf8) else { return nil }
        guard bytes.dropFirst(SessionToken.prefix.utf8.count).allSatisfy(Base62.isDigit) else { return nil }
        guard Base62.isChecked(bytes) else { return nil }
        secret = text
    }

    private init(secret: String) {
        self.secret = secret
    }

    package static func random() -> SessionToken {
        let body = Array(prefix.utf8) + Base62.random(secretLength)
        return SessionToken(secret: String(decoding: body + Base62.checksum(of: body), as: UTF8.self))
    }

    /// What the store keeps in place of the token.
    package func authenticationCode(pepper: SecretBytes) -> Digest {
        HMACSHA256.authenticate(Array(secret.utf8), key: pepper)
    }
}

extension SessionToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(SessionToken.prefix)<redacted>" }
    package var debugDescription: String { description }
    /// `dump` and the printing of an enclosing value go by the mirror.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
