package import Cryptography
import Identity

/// The secret part of a link that is sent to somebody. Found by its keyed hash alone, used once.
package struct LinkToken: Sendable {
    /// The whole text: given to the person once, never stored in clear or logged.
    package let secret: String

    private static let secretLength = 43
    private static let length = secretLength + Base62.checksumLength

    package static func random() -> LinkToken {
        let body = Base62.random(secretLength)
        return LinkToken(secret: String(decoding: body + Base62.checksum(of: body), as: UTF8.self))
    }

    private init(secret: String) {
        self.secret = secret
    }

    /// `nil` for whatever is no token: another length, or a checksum that does not fit.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == LinkToken.length, bytes.allSatisfy(Base62.isDigit), Base62.isChecked(bytes) else {
            return nil
        }
        secret = text
    }

    /// - Parameter purpose: goes into it, so that a link for one thing does not do another.
    package func code(_ purpose: String, pepper: SecretBytes) -> Digest {
        HMACSHA256.authenticate(Array("chexin/link/1\n\(purpose)\n\(secret)".utf8), key: pepper)
    }
}

extension LinkToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
