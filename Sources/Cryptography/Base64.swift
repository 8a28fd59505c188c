/// Base64 with the standard alphabet and padding (RFC 4648, section 4).
package enum Base64 {
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        let length = (bytes.count + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: length) { output in
            var offset = 0
            var group: UInt32 = 0
            var groupCount = 0
            func flush() {
                for digit in 0..<4 {
                    let isPadding = digit > groupCount
                    let sextet = Int(group >> (18 - 6 * UInt32(digit)) & 63)
                    output[offset + digit] = isPadding ? padding : alphabet[sextet]
                }
                offset += 4
                group = 0
                groupCount = 0
            }
            for byte in bytes {
                group |= UInt32(byte) << (16 - 8 * UInt32(groupCount))
                groupCount += 1
                if groupCount == 3 { flush() }
            }
            if groupCount > 0 { flush() }
            return offset
        }
    }

    /// `nil` for anything that `encode` would not have written: white space, missing padding, or bits set behind the
    /// last byte. So one value has one text, and a signed text cannot be varied.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        decode(utf8: Array(text.utf8))
    }

    package static func decode(utf8 digits: some RandomAccessCollection<UInt8>) -> [UInt8]? {
        guard digits.count.isMultiple(of: 4) else { return nil }
        let paddingCount = digits.suffix(2).reversed().prefix { $0 == padding }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3)
        var group: UInt32 = 0
        var bitCount: UInt32 = 0
        for digit in digits.dropLast(paddingCount) {
            guard let sextet = value(of: digit) else { return nil }
            group = group << 6 | sextet
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            bytes.append(UInt8(truncatingIfNeeded: group >> bitCount))
            group &= (1 << bitCount) - 1
        }
        // What is left over is 0, 4 or 2 bits, by the padding; a longer rest means that the padding was wrong.
        guard group == 0, bitCount == UInt32(paddingCount) * 2 else { return nil }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static let padding = UInt8(ascii: "=")
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
