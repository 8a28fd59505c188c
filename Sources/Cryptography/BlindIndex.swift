/// Finds encrypted values without decrypting them all: a keyed hash of the value, cut short, stored beside the
/// ciphertext. The search gets the few rows that share the index, opens them and compares.
///
/// Cut short on purpose. Whoever has the store sees which rows share an index, and should the key leak as well could
/// try every number there is: with 24 bits, some 600 of the 10^10 mobile numbers and some 6,000 of the 10^11 identity
/// numbers fit every index, so that a row does not give its number away. A search among 16 million persons opens one
/// row too many on the average.
package struct BlindIndex: Sendable {
    package static let bitCount = 24

    /// What is searched for. The same text of two kinds has two indices.
    package enum Kind: String, Sendable, CaseIterable {
        case phone
        case email
        case residentID = "resident_id"
        case name
        case plate
    }

    private let key: SecretBytes

    /// - Parameter key: for this purpose alone.
    package init(key: SecretBytes) {
        self.key = key
    }

    /// 0 up to 2^24: an integer column.
    package func index(of text: String, _ kind: Kind) -> Int64 {
        let message = lengthPrefixed(["chexin/blind-index/1", kind.rawValue, kind.normalized(text)])
        let code = HMACSHA256.authenticate(message, key: key)
        return code.bytes.prefix(BlindIndex.bitCount / 8).reduce(0) { $0 << 8 | Int64($1) }
    }
}

extension BlindIndex.Kind {
    /// What is left of a value when every way of writing it has become one. Two values are the same person's where this
    /// is the same; what the index finds is compared by it, too.
    package func normalized(_ text: String) -> String {
        let narrow = text.unicodeScalars.lazy.filter { !$0.properties.isWhitespace }.map(narrowed)
        let folded = String(String.UnicodeScalarView(narrow))
        switch self {
        case .phone: return phoneDigits(folded)
        case .email: return folded.lowercased()
        case .residentID: return folded.uppercased()
        case .plate: return String(folded.uppercased().unicodeScalars.filter { !dots.contains($0) })
        case .name: return String(folded.lowercased().unicodeScalars.filter { !dots.contains($0) })
        }
    }

    /// Without punctuation, and a mainland number without its country code.
    private func phoneDigits(_ text: String) -> String {
        let digits = String(text.unicodeScalars.filter { ("0"..."9").contains($0) })
        for prefix in ["86", "0086"] where digits.hasPrefix(prefix) && digits.utf8.count == prefix.utf8.count + 11 {
            return String(digits.dropFirst(prefix.utf8.count))
        }
        return digits
    }

    /// A Chinese keyboard writes ASCII in full width, too, at a fixed distance.
    private func narrowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard ("\u{FF01}"..."\u{FF5E}").contains(scalar) else { return scalar }
        return Unicode.Scalar(UInt8(scalar.value - 0xFEE0))
    }

    /// Middle dot, bullet, katakana dot: between the parts of a plate, and of a name that is written in Chinese.
    private var dots: [Unicode.Scalar] { ["\u{B7}", "\u{2022}", "\u{30FB}"] }
}
