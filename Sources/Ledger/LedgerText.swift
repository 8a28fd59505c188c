/// What a free text of an envelope may be (`log`, `ref`, `source`, `key`): 1 to 128 characters that can be seen.
///
/// The rule is part of the format, so it is spelled out in code points: the categories of Unicode change with its
/// versions, and an entry has to verify for ever.
enum LedgerText {
    static let lengthInScalars = 1...128

    static func isValid(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        // Counting a text of megabytes only to refuse it would be a gift to whoever sends it.
        guard text.utf8.count <= lengthInScalars.upperBound * 4, lengthInScalars.contains(scalars.count) else {
            return false
        }
        return scalars.allSatisfy(isVisible) && scalars.first != " " && scalars.last != " "
    }

    /// The same for bytes that are known to be printable ASCII.
    static func isValid(plain utf8: UnsafeRawBufferPointer) -> Bool {
        lengthInScalars.contains(utf8.count) && utf8.first != UInt8(ascii: " ") && utf8.last != UInt8(ascii: " ")
    }

    /// The text that stands between the quotes of a canonical JSON string. `nil` where it is not UTF-8, or has another
    /// escape than those of quote and backslash: no other character that may occur is ever escaped.
    static func unescaped(_ utf8: UnsafeRawBufferPointer) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var rest = utf8[...]
        while var byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\") {
                guard let escaped = rest.popFirst(), isEscapable(escaped) else { return nil }
                byte = escaped
            } else if byte == UInt8(ascii: "\"") {
                return nil
            }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isEscapable(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Printable ASCII and space, and beyond ASCII everything but controls, line separators and marks that show nothing
    /// or turn the direction of reading: two references must not look the same.
    static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: true
        case 0...0x9F: false
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: false
        default: true
        }
    }
}

/// A VIN as the format demands it: 17 characters of the ISO 3779 alphabet. Nothing more: whether the check digit is
/// right is asked when an event is taken, by rules that may change.
enum LedgerVIN {
    static let byteCount = 17

    static func isValid(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isValid(UnsafeRawBufferPointer($0)) }
    }

    static func isValid(_ utf8: UnsafeRawBufferPointer) -> Bool {
        utf8.count == byteCount && utf8.allSatisfy(isInAlphabet)
    }

    /// A bit for every character of ASCII beyond the control characters: 0 to 9, A to Z, without I, O and Q.
    private static let alphabet: (low: UInt64, high: UInt64) = (0x03FF_0000_0000_0000, 0x0000_0000_07FD_7DFE)

    @inline(__always)
    private static func isInAlphabet(_ byte: UInt8) -> Bool {
        let bits = byte & 64 == 0 ? alphabet.low : alphabet.high
        return byte < 128 && bits >> UInt64(byte & 63) & 1 == 1
    }
}
