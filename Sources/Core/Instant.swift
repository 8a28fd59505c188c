#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A point in time: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Texts are RFC 3339 in UTC with milliseconds and `Z`; local rules (a working day, "today") use Asia/Shanghai,
/// which has been UTC+8 without daylight saving since 1992.
package struct Instant: Sendable, Hashable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package init(milliseconds: Int64) {
        self.microseconds = milliseconds * 1000
    }

    /// Milliseconds since the epoch, rounded down.
    package var milliseconds: Int64 { microseconds.floorDivided(by: 1000) }

    /// The same instant with everything below a millisecond cut off: what the ledger and the API can express.
    package var truncatedToMilliseconds: Instant { Instant(milliseconds: milliseconds) }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    package func adding(seconds: Int64) -> Instant {
        Instant(microseconds: microseconds + seconds * 1_000_000)
    }

    package func adding(milliseconds: Int64) -> Instant {
        Instant(microseconds: microseconds + milliseconds * 1000)
    }

    /// Whole seconds from `earlier` to `self`, rounded down.
    package func seconds(since earlier: Instant) -> Int64 {
        (microseconds - earlier.microseconds).floorDivided(by: 1_000_000)
    }

    /// The date at this instant in China.
    package var dateInChina: CalendarDate {
        let local = microseconds.floorDivided(by: 1_000_000) + Instant.chinaOffsetSeconds
        return CalendarDate(daysSinceEpoch: Int(local.floorDivided(by: 86_400)))
    }

    /// Asia/Shanghai against UTC, in seconds.
    package static let chinaOffsetSeconds: Int64 = 8 * 3600
}

// MARK: - RFC 3339

extension Instant {
    /// Reads an RFC 3339 date-time. An offset is required; digits below a microsecond are cut off; a leap second, which
    /// only the end of a UTC month can have, becomes the last microsecond before it, as this clock has none.
    ///
    /// Returns `nil` for anything else: a local time without offset, a year that in UTC is not one of four digits.
    package init?(rfc3339 text: String) {
        var reader = DigitReader(text)
        guard
            let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2), reader.skip("T", or: "t"),
            let hour = reader.number(digits: 2), reader.skip(":"),
            let minute = reader.number(digits: 2), reader.skip(":"),
            let second = reader.number(digits: 2),
            let date = CalendarDate(year: year, month: month, day: day),
            hour < 24, minute < 60, second <= 60,
            let fraction = reader.optionalFractionInMicroseconds(),
            let offset = reader.offsetInSeconds(), reader.isAtEnd
        else { return nil }
        let isLeapSecond = second == 60
        let clock = Int64(hour * 3600 + minute * 60 + (isLeapSecond ? 59 : second))
        let seconds = Int64(date.daysSinceEpoch) * 86_400 + clock - Int64(offset)
        self.init(microseconds: seconds * 1_000_000 + (isLeapSecond ? 999_999 : Int64(fraction)))
        guard CalendarDate.writable.contains(dateInUTC), !isLeapSecond || isLastSecondOfMonthInUTC else { return nil }
    }

    private var dateInUTC: CalendarDate {
        CalendarDate(daysSinceEpoch: Int(microseconds.floorDivided(by: 86_400_000_000)))
    }

    private var isLastSecondOfMonthInUTC: Bool {
        (microseconds + 1) % 86_400_000_000 == 0 && dateInUTC.adding(days: 1).components.day == 1
    }

    /// RFC 3339 in UTC with milliseconds and `Z`, always 24 characters. Where arithmetic has left the years 0000 to
    /// 9999, the nearest date inside is written.
    package var rfc3339: String {
        let date = dateInUTC
        let rest = Int(milliseconds - Int64(date.daysSinceEpoch) * 86_400_000)
        return String(unsafeUninitializedCapacity: 24) { buffer in
            date.write(into: buffer, at: 0)
            buffer[10] = UInt8(ascii: "T")
            writeDigits(rest / 3_600_000, count: 2, into: buffer, at: 11)
            buffer[13] = UInt8(ascii: ":")
            writeDigits(rest / 60_000 % 60, count: 2, into: buffer, at: 14)
            buffer[16] = UInt8(ascii: ":")
            writeDigits(rest / 1000 % 60, count: 2, into: buffer, at: 17)
            buffer[19] = UInt8(ascii: ".")
            writeDigits(rest % 1000, count: 3, into: buffer, at: 20)
            buffer[23] = UInt8(ascii: "Z")
            return 24
        }
    }
}

extension Instant: CustomStringConvertible {
    package var description: String { rfc3339 }
}

// MARK: - Clock

/// Where the time comes from. Every transaction asks it once.
package protocol WallClock: Sendable {
    func now() -> Instant
}

/// The machine's real-time clock.
package struct SystemClock: WallClock {
    package init() {}

    package func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

// MARK: - Small arithmetic

extension Int64 {
    /// Division that rounds towards minus infinity. `divisor` must be positive.
    package func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

/// Writes `value` as exactly `count` decimal digits.
func writeDigits(_ value: Int, count: Int, into buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int) {
    var rest = value
    for index in stride(from: offset + count - 1, through: offset, by: -1) {
        buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
    }
}

/// Reads fixed-width ASCII numbers off a text.
struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            rest.removeFirst()
        }
        return value
    }

    mutating func skip(_ character: Unicode.Scalar, or other: Unicode.Scalar? = nil) -> Bool {
        guard let byte = rest.first else { return false }
        guard byte == UInt8(ascii: character) || other.map({ byte == UInt8(ascii: $0) }) == true else { return false }
        rest.removeFirst()
        return true
    }

    /// `.` and digits, or nothing. `nil` where a `.` has no digit behind it.
    mutating func optionalFractionInMicroseconds() -> Int? {
        guard skip(".") else { return 0 }
        var value = 0
        var count = 0
        while let digit = number(digits: 1) {
            if count < 6 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }

    /// `Z` or `±hh:mm`.
    mutating func offsetInSeconds() -> Int? {
        if skip("Z", or: "z") { return 0 }
        let sign: Int
        if skip("+") {
            sign = 1
        } else if skip("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = number(digits: 2), skip(":"), let minutes = number(digits: 2), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
