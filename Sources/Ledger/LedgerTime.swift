import Core

/// The one form of a time in an envelope: `2026-03-01T08:00:00.000Z`. As text it sorts as the times do.
enum LedgerTime {
    static let byteCount = 24

    // Place by place, the least and the greatest character, as `Lanes` has them: the first is the lowest byte.
    // Numbers, so that they stand in the code and need no initialisation.
    /// `0000-00-` and `9999-19-`.
    private static let first: (UInt64, UInt64) = (0x2D30_302D_3030_3030, 0x2D39_312D_3939_3939)
    /// `00T00:00` and `39T29:59`.
    private static let second: (UInt64, UInt64) = (0x3030_3A30_3054_3030, 0x3935_3A39_3254_3933)
    /// `:00.000Z` and `:59.999Z`.
    private static let third: (UInt64, UInt64) = (0x5A30_3030_2E30_303A, 0x5A39_3939_2E39_353A)

    static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count == byteCount, let address = text.baseAddress,
            Lanes(address).areWithin(first.0, first.1),
            Lanes(address + 8).areWithin(second.0, second.1),
            Lanes(address + 16).areWithin(third.0, third.1)
        else { return false }
        let (month, day, hour) = (twoDigits(address + 5), twoDigits(address + 8), twoDigits(address + 11))
        guard (1...12).contains(month), day >= 1, hour < 24 else { return false }
        return day <= 28 || day <= CalendarDate.daysIn(month: month, year: year(address))
    }

    private static func year(_ address: UnsafeRawPointer) -> Int {
        twoDigits(address) * 100 + twoDigits(address + 2)
    }

    /// The value of two bytes that are known to be digits.
    @inline(__always)
    private static func twoDigits(_ address: UnsafeRawPointer) -> Int {
        let (tens, ones) = address.loadUnaligned(as: (UInt8, UInt8).self)
        return Int(tens &- UInt8(ascii: "0")) &* 10 &+ Int(ones &- UInt8(ascii: "0"))
    }
}

/// A time's text as three numbers that compare as the text does.
struct TimeWords {
    private let words: (UInt64, UInt64, UInt64)

    static let earliest = TimeWords(words: (0, 0, 0))

    /// - Parameter text: 24 bytes, as `LedgerTime.isValid` accepts them.
    init(_ text: UnsafeRawBufferPointer) {
        func word(_ offset: Int) -> UInt64 {
            UInt64(bigEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        words = (word(0), word(8), word(16))
    }

    private init(words: (UInt64, UInt64, UInt64)) {
        self.words = words
    }

    static func < (left: TimeWords, right: TimeWords) -> Bool {
        left.words < right.words
    }
}
