/// What an identifier identifies. The prefix is part of the API's contract.
package protocol IDTag {
    static var prefix: String { get }
}

/// A type prefix and a UUIDv7 in 26 characters of Crockford base32: `org_01jd3v9x…`. Sorts by time of creation.
package struct ID<Tag: IDTag>: Sendable, Hashable, Comparable {
    package let text: String

    /// - Parameter random: 74 bits of it are used. Tests inject a seeded one.
    package init(at instant: Instant, using random: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(truncatingIfNeeded: instant.milliseconds) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xFFF, using: &random)
        let low = 1 << 63 | UInt64.random(in: 0...(UInt64.max >> 2), using: &random)
        text = "\(Tag.prefix)_" + crockford(high: high, low: low)
    }

    package init(at instant: Instant) {
        var random = SystemRandomNumberGenerator()
        self.init(at: instant, using: &random)
    }

    /// Reads an identifier of this type. `nil` where prefix, length or alphabet is another.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        let prefix = Array("\(Tag.prefix)_".utf8)
        guard bytes.count == prefix.count + 26, bytes.starts(with: prefix) else { return nil }
        let digits = bytes[prefix.count...]
        // 26 characters hold 130 bits; the first may only carry the 3 that a UUID has left.
        guard let first = digits.first, first <= UInt8(ascii: "7") else { return nil }
        guard digits.allSatisfy(crockfordAlphabet.contains) else { return nil }
        self.text = text
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.text < right.text
    }
}

extension ID {
    /// The identifier without its prefix; sorts as the text does.
    package typealias Number = UInt128

    package var number: Number {
        text.utf8.suffix(26).reduce(0) { $0 << 5 | Number(crockfordValues[Int($1)]) }
    }

    package init(number: Number) {
        let high = UInt64(truncatingIfNeeded: number >> 64)
        text = "\(Tag.prefix)_" + crockford(high: high, low: UInt64(truncatingIfNeeded: number))
    }
}

extension ID: CustomStringConvertible {
    package var description: String { text }
}

private let crockfordAlphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

/// By character; what is none of the alphabet is 0.
private let crockfordValues: [UInt8] = {
    var values = [UInt8](repeating: 0, count: 256)
    for (value, character) in crockfordAlphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
}()

private func crockford(high: UInt64, low: UInt64) -> String {
    String(unsafeUninitializedCapacity: 26) { buffer in
        var (high, low) = (high, low)
        for index in stride(from: 25, through: 0, by: -1) {
            buffer[index] = crockfordAlphabet[Int(low & 31)]
            low = low >> 5 | high << 59
            high >>= 5
        }
        return 26
    }
}
