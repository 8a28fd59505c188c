import Cryptography

/// What the texts of keys and tokens are made of: digits and letters, and six of them behind the text that check it. A
/// typing error is refused before anything is looked up, and scanners for leaked secrets know one by it.
package enum Base62 {
    /// Six digits hold 32 bits.
    package static let checksumLength = 6
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    package static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    package static func random(_ count: Int) -> [UInt8] {
        var drawn: [UInt8] = []
        while drawn.count < count {
            // Bytes from 248 up are drawn again: taken modulo 62, they would make the first eight digits likelier.
            let usable = SecureRandom.bytes(count).filter { $0 < 248 }
            drawn += usable.prefix(count - drawn.count).map { digits[Int($0) % 62] }
        }
        return drawn
    }

    /// CRC-32, highest digit first.
    package static func checksum(of bytes: some Collection<UInt8>) -> [UInt8] {
        var rest = crc32(bytes)
        var checksum = [UInt8](repeating: digits[0], count: checksumLength)
        for index in checksum.indices.reversed() {
            checksum[index] = digits[Int(rest % 62)]
            rest /= 62
        }
        return checksum
    }

    /// Whether a text ends with the checksum of what stands before. It is a function of the text itself, so that
    /// comparing it takes no care.
    package static func isChecked(_ text: [UInt8]) -> Bool {
        text.suffix(checksumLength).elementsEqual(checksum(of: text.dropLast(checksumLength)))
    }
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
