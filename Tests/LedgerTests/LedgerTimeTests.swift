import Core
import Cryptography
import Testing

@testable import Ledger

struct LedgerTimeTests {
    static func isValid(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBytes { LedgerTime.isValid($0) }
    }

    @Test(arguments: [
        "2026-03-01T08:00:00.000Z", "0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "2024-02-29T12:34:56.789Z",
        "2000-02-29T00:00:00.000Z", "2026-01-31T00:00:00.000Z", "2026-04-30T00:00:00.000Z", "2026-11-19T19:29:39.009Z",
    ])
    func `accepts times that exist`(text: String) {
        #expect(Self.isValid(text))
    }

    @Test(arguments: [
        "2026-02-29T00:00:00.000Z", "1900-02-29T00:00:00.000Z", "2026-04-31T00:00:00.000Z", "2026-00-01T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z", "2026-19-01T00:00:00.000Z", "2026-01-00T00:00:00.000Z", "2026-01-32T00:00:00.000Z",
        "2026-01-01T24:00:00.000Z", "2026-01-01T29:00:00.000Z", "2026-01-01T00:60:00.000Z", "2026-01-01T00:00:60.000Z",
        "2026-01-01t00:00:00.000Z", "2026-01-01T00:00:00.000z", "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00,000Z",
        "2026-01-01T00:00:00.00Z", "2026-01-01T00:00:00.0000Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000+",
        "2026/01/01T00:00:00.000Z", "-026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.00车", "", "Z",
    ])
    func `refuses other forms and times that do not exist`(text: String) {
        #expect(!Self.isValid(text))
    }

    @Test func `agrees with the calendar for every byte in every place`() {
        let text = Array("2024-02-29T19:45:30.129Z".utf8)
        for place in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[place] = byte
                let string = String(validating: changed, as: UTF8.self)
                let isCanonical = string.map { Instant(rfc3339: $0)?.rfc3339 == $0 } ?? false
                #expect(changed.withUnsafeBytes { LedgerTime.isValid($0) } == isCanonical, "\(place) \(byte)")
            }
        }
    }

    @Test func `agrees with the calendar about every day of leap and common years`() {
        for year in ["1900", "2000", "2023", "2024"] {
            for month in 0...13 {
                for day in 0...32 {
                    let (month, day) = (month < 10 ? "0\(month)" : "\(month)", day < 10 ? "0\(day)" : "\(day)")
                    let text = "\(year)-\(month)-\(day)T00:00:00.000Z"
                    #expect(Self.isValid(text) == (Instant(rfc3339: text) != nil), "\(text)")
                }
            }
        }
    }

    @Test func `texts compare as the times do`() {
        let texts = [
            "0000-01-01T00:00:00.000Z", "1999-12-31T23:59:59.999Z", "2026-03-01T08:00:00.000Z",
            "2026-03-01T08:00:00.001Z",
            "2026-03-01T08:00:01.000Z", "2026-03-01T09:00:00.000Z", "2026-03-02T00:00:00.000Z",
            "2026-10-01T00:00:00.000Z",
        ]
        let words = texts.map { text in Array(text.utf8).withUnsafeBytes { TimeWords($0) } }
        for left in words.indices {
            #expect(!(words[left] < TimeWords.earliest))
            for right in words.indices { #expect((words[left] < words[right]) == (left < right)) }
        }
    }
}

struct LanesTests {
    @Test func `finds the first byte that does not stand for itself, wherever it is`() {
        let plain = Array("abcdefgh".utf8)
        #expect(plain.withUnsafeBytes { Lanes($0.baseAddress!).plainPrefixCount } == 8)
        for place in 0..<8 {
            for byte in UInt8.min...UInt8.max {
                var bytes = plain
                bytes[place] = byte
                let isPlain = (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
                let count = bytes.withUnsafeBytes { Lanes($0.baseAddress!).plainPrefixCount }
                #expect(count == (isPlain ? 8 : place), "\(byte) at \(place)")
            }
        }
    }

    @Test func `finds the first of two, whatever stands behind it`() {
        for first in 0..<7 {
            for behind in UInt8.min...UInt8.max {
                var bytes = [UInt8](repeating: 0x7E, count: 8)
                bytes[first] = UInt8(ascii: "\"")
                bytes[first + 1] = behind
                #expect(bytes.withUnsafeBytes { Lanes($0.baseAddress!).plainPrefixCount } == first)
            }
        }
    }

    @Test func `tells a byte outside its bounds in every place`() {
        let minimum: UInt64 = 0x3030_3030_3030_3030
        let maximum: UInt64 = 0x3939_3939_3939_3939
        for place in 0..<8 {
            for byte in UInt8.min...UInt8.max {
                var bytes = Array("05914827".utf8)
                bytes[place] = byte
                let isWithin = bytes.withUnsafeBytes { Lanes($0.baseAddress!).areWithin(minimum, maximum) }
                #expect(isWithin == (0x30...0x39).contains(byte), "\(byte) at \(place)")
            }
        }
    }
}
