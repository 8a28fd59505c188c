package import Cryptography

/// The text of an API key: `chx_live_<10 public>_<32 secret><6 checksum>`.
///
/// The public part finds the key's row, the 32 characters of base62 are 190 bits of secret, and the checksum refuses a
/// typing error before anything is looked up. Scanners for leaked secrets recognise it by prefix and checksum.
package struct APIKeyText: Sendable {
    package static let prefix = "chx_live_"
    package static let publicLength = 10
    package static let secretLength = 32
    package static let checksumLength = 6
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
        guard digits.allSatisfy(isBase62) else { return nil }
        // A function of the text itself, so that comparing it takes no care.
        let body = bytes.dropLast(APIKeyText.checksumLength)
        guard bytes.suffix(APIKeyText.checksumLength).elementsEqual(checksum(of: body)) else { return nil }
        publicID = String(decoding: parts.prefix(APIKeyText.publicLength), as: UTF8.self)
        secret = text
    }

    private init(publicID: String, secret: String) {
        self.publicID = publicID
        self.secret = secret
    }

    package static func random() -> APIKeyText {
        let publicID = String(decoding: randomBase62(publicLength), as: UTF8.self)
        let body = Array("\(prefix)\(publicID)_".utf8) + randomBase62(secretLength)
        return APIKeyText(publicID: publicID, secret: String(decoding: body + checksum(of: body), as: UTF8.self))
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
private let base62 = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

private func isBase62(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        true
    default: false
    }
}

private func randomBase62(_ count: Int) -> [UInt8] {
    var digits: [UInt8] = []
    while digits.count < count {
        // Bytes from 248 up are drawn again: taken modulo 62, they would make the first eight digits likelier.
        let usable = SecureRandom.bytes(count).filter { $0 < 248 }
        digits += usable.prefix(count - digits.count).map { base62[Int($0) % 62] }
    }
    return digits
}

/// CRC-32 in base62, highest digit first: six digits hold 32 bits.
private func checksum(of bytes: some Collection<UInt8>) -> [UInt8] {
    var rest = crc32(bytes)
    var digits = [UInt8](repeating: base62[0], count: APIKeyText.checksumLength)
    for index in digits.indices.reversed() {
        digits[index] = base62[Int(rest % 62)]
        rest /= 62
    }
    return digits
}

/// CRC-32 of ISO 3309, four bits at a time.
func crc32(_ bytes: some Collection<UInt8>) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes {
        remainder ^= UInt32(byte)
        remainder = remainder >> 4 ^ crcOfNibble[Int(remainder & 15)]
        remainder = remainder >> 4 ^ crcOfNibble[Int(remainder & 15)]
    }
    return ~remainder
}

private let crcOfNibble: [UInt32] = (0..<16).map { nibble in
    (0..<4).reduce(UInt32(nibble)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
}
