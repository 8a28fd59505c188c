package import Core

/// A date as it stands in a table. Many registration dates say no day.
package struct WrittenDate: Sendable, Hashable {
    /// The first of the month where the day is not said.
    package let date: CalendarDate
    package let hasDay: Bool

    package init(_ date: CalendarDate, hasDay: Bool = true) {
        self.date = date
        self.hasDay = hasDay
    }

    /// No car in trade is older, and no permit ends later: what is outside is a slip. A limit of this product.
    package static let years = 1900...2199
    /// 9999-12-31, the last day that Excel knows.
    private static let maximumSerial = 2_958_465

    /// A day in Excel's 1900 system, which counts from 1 for 1900-01-01. It has the error of its forerunners that 1900
    /// was a leap year: 60 is the 29 February that never was, and everything from 61 (1900-03-01) on is one higher than
    /// the days that passed. `nil` for 60, and for what Excel does not have. Files of the 1904 system, which old
    /// Macintosh versions made, read four years and a day too early; nothing in a number tells the two apart.
    package static func excelDay(_ serial: Int) -> CalendarDate? {
        guard (1...maximumSerial).contains(serial), serial != 60 else { return nil }
        let dayZero = CalendarDate(year: 1899, month: 12, day: serial < 60 ? 31 : 30)
        return dayZero?.adding(days: serial)
    }

    /// Reads 2021-03-05, 2021/3/5, 2021.3.5, 2021年3月5日, 20210305, the same without a day, each also with a time of
    /// day, which is dropped; and five digits as a day of Excel (1927-05-18 to 2173-10-13), also with a fraction.
    ///
    /// Two digits for a year, and the year at the end, are refused: whether 3/5/21 is in March or in May nobody knows.
    package init?(_ text: String) {
        var reader = DateReader(Folding.folded(Folding.trimmed(text)))
        guard let first = reader.digits(1...8) else { return nil }
        switch first.count {
        case 4: self.init(year: first.value, &reader)
        case 5: self.init(serial: first.value, &reader)
        case 6: self.init(packed: (first.value / 100, first.value % 100, nil), &reader)
        case 8: self.init(packed: (first.value / 10_000, first.value / 100 % 100, first.value % 100), &reader)
        default: return nil
        }
    }

    private init?(year: Int, _ reader: inout DateReader) {
        guard let separator = reader.next(of: ["-", "/", ".", "年"]), let month = reader.digits(1...2) else {
            return nil
        }
        let isChinese = separator == "年"
        guard reader.skip(isChinese ? "月" : separator) else {
            self.init(year, month.value, nil, &reader)
            return
        }
        guard let day = reader.digits(1...2) else {
            guard isChinese else { return nil }
            self.init(year, month.value, nil, &reader)
            return
        }
        if isChinese { _ = reader.next(of: ["日", "号"]) }
        self.init(year, month.value, day.value, &reader)
    }

    private init?(packed: (year: Int, month: Int, day: Int?), _ reader: inout DateReader) {
        self.init(packed.year, packed.month, packed.day, &reader)
    }

    private init?(serial: Int, _ reader: inout DateReader) {
        if reader.skip(".") { guard reader.digits(1...18) != nil else { return nil } }
        guard reader.isAtEnd, let date = WrittenDate.excelDay(serial) else { return nil }
        self.init(date)
    }

    private init?(_ year: Int, _ month: Int, _ day: Int?, _ reader: inout DateReader) {
        guard WrittenDate.years.contains(year), let date = CalendarDate(year: year, month: month, day: day ?? 1) else {
            return nil
        }
        guard reader.isAtEnd || (day != nil && reader.skipTime() && reader.isAtEnd) else { return nil }
        self.init(date, hasDay: day != nil)
    }
}

private struct DateReader {
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) {
        rest = Substring(text).unicodeScalars
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func digits(_ count: ClosedRange<Int>) -> (value: Int, count: Int)? {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        guard count.contains(digits.count), let value = Int(String(digits)) else { return nil }
        rest = rest.dropFirst(digits.count)
        return (value, digits.count)
    }

    mutating func next(of scalars: [Unicode.Scalar]) -> Unicode.Scalar? {
        guard let first = rest.first, scalars.contains(first) else { return nil }
        rest = rest.dropFirst()
        return first
    }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        next(of: [scalar]) != nil
    }

    /// ` 08:30`, ` 08:30:00`, `t08:30:00.000z`: only the form is checked, as the time is not used.
    mutating func skipTime() -> Bool {
        guard next(of: [" ", "t"]) != nil, digits(1...2) != nil, skip(":"), digits(2...2) != nil else { return false }
        if skip(":") { guard digits(2...2) != nil else { return false } }
        if skip(".") { guard digits(1...9) != nil else { return false } }
        _ = skip("z")
        return true
    }
}
