package import Core

/// Figures as a reader expects them, the same in both languages.
package enum PlainNumbers {
    /// `1,234,567`
    package static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        let groups = stride(from: digits.count, to: 0, by: -3).map { end in
            String(digits[max(0, end - 3)..<end])
        }
        return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }

    /// `¥1,234.56`
    package static func yuan(_ money: Money) -> String {
        let (yuan, fen) = money.fen.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = money.fen < 0 ? "-" : ""
        return "\(sign)¥\(grouped(Int64(yuan))).\(fen < 10 ? "0" : "")\(fen)"
    }

    /// `12,345 公里`, `12,345 km`
    package static func kilometres(_ km: Int64) -> LocalizedText {
        LocalizedText(zh: "\(grouped(km)) 公里", en: "\(grouped(km)) km")
    }

    /// A number of basis points as per cent: `91.5%`.
    package static func percent(basisPoints: Int64) -> String {
        let (whole, rest) = basisPoints.quotientAndRemainder(dividingBy: 100)
        guard rest != 0 else { return "\(whole)%" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)%" : "\(whole).\(rest < 10 ? "0" : "")\(rest)%"
    }
}
