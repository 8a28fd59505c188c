/// What lets its holder in once when the authenticator is lost: `7K2M-QXR9-04TB-ZWNE`.
///
/// Crockford's base32 has no letter that looks like a digit; on the way in, the letters that do are read as the digits.
package struct RecoveryCode: Sendable {
    /// 80 bits: even whoever has the codes' hashes and the pepper cannot try them all.
    package static let byteCount = 10
    package static let length = 16
    /// How many are given out at a time.
    package static let setCount = 10
    private static let groupLength = 4
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private let digits: [UInt8]

    /// To be shown once, never stored or logged.
    package var text: String {
        let groups = stride(from: 0, to: digits.count, by: RecoveryCode.groupLength).map { start in
            String(decoding: digits[start..<start + RecoveryCode.groupLength], as: UTF8.self)
        }
        return groups.joined(separator: "-")
    }

    /// Takes small letters, full-width characters, blanks and dashes in its stride. `nil` for what can be no code.
    package init?(entered text: String) {
        guard text.utf8.count <= 128 else { return nil }
        var digits: [UInt8] = []
        for scalar in text.unicodeScalars where !RecoveryCode.isFiller(scalar) {
            guard let digit = RecoveryCode.digit(scalar) else { return nil }
            digits.append(digit)
        }
        guard digits.count == RecoveryCode.length else { return nil }
        self.digits = digits
    }

    private init(digits: [UInt8]) {
        self.digits = digits
    }

    package static func random() -> RecoveryCode {
        let quintets = Base32.quintets(of: SecureRandom.bytes(byteCount))
        return RecoveryCode(digits: quintets.map { alphabet[Int($0)] })
    }

    /// A set to give out. No two of 2^80 are expected to be the same.
    package static func randomSet() -> [RecoveryCode] {
        (0..<setCount).map { _ in random() }
    }

    private static func isFiller(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .dashPunctuation: true
        default: false
        }
    }

    private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        let isFullWidth = ("\u{FF01}"..."\u{FF5E}").contains(scalar)
        guard var byte = UInt8(exactly: isFullWidth ? scalar.value - 0xFEE0 : scalar.value) else { return nil }
        if (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) { byte -= 32 }
        switch byte {
        case UInt8(ascii: "O"): return UInt8(ascii: "0")
        case UInt8(ascii: "I"), UInt8(ascii: "L"): return UInt8(ascii: "1")
        default: return alphabet.contains(byte) ? byte : nil
        }
    }
}

extension RecoveryCode {
    /// What the store keeps in place of the code.
    /// - Parameter account: goes into it, so that a hash that is copied to another account opens nothing there.
    package func authenticationCode(pepper: SecretBytes, account: String) -> Digest {
        let message = lengthPrefixed(["chexin/recovery-code/1", account]) + digits
        return HMACSHA256.authenticate(message, key: pepper)
    }

    /// All are compared, so that the time does not tell which one it was.
    /// - Parameter stored: what is left of the account's set.
    /// - Returns: the place of the code that was used, which the caller takes out of the store.
    package func find(in stored: [Digest], pepper: SecretBytes, account: String) -> Int? {
        let code = authenticationCode(pepper: pepper, account: account)
        return stored.indices.reduce(nil) { found, index in
            ConstantTime.equal(stored[index], code) ? index : found
        }
    }
}

extension RecoveryCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
