/// A number as people write it into a table, with the unit they may add: `12.8万`, `¥128,000`, `56,000公里`.
///
/// It is kept exactly, as whole digits and where the point stood; nothing is rounded on the way to fen and kilometres.
struct WrittenNumber: Hashable {
    /// More digits than any amount in `Money` has, and few enough for `Int64`.
    private static let maximumDigits = 18

    /// All digits as one number, without the point.
    let digits: Int64
    /// How many of the digits stand behind the point; never a 0 at the end.
    let fractionDigits: Int
    let isNegative: Bool
    /// As written behind the number; a currency sign in front counts only where nothing else tells.
    let unit: Unit?
    let hasCurrencySign: Bool

    /// - Parameters:
    ///   - text: compact, as `Folding.compact` leaves it.
    ///   - dimension: `nil` where the number counts things, and has no unit.
    init?(_ text: String, _ dimension: Unit.Dimension?) {
        var rest = Substring(text)
        let sign = WrittenNumber.currencySigns.first { dimension == .money && rest.hasPrefix($0) }
        rest = rest.dropFirst(sign?.count ?? 0)
        isNegative = rest.hasPrefix("-")
        if let first = rest.first, first == "-" || first == "+" { rest = rest.dropFirst() }
        let number = rest.prefix { ("0"..."9").contains($0) || $0 == "," || $0 == "." }
        guard let (digits, fractionDigits) = WrittenNumber.parse(number) else { return nil }
        self.digits = digits
        self.fractionDigits = fractionDigits
        hasCurrencySign = sign != nil
        rest = rest.dropFirst(number.count)
        guard !rest.isEmpty else {
            unit = nil
            return
        }
        guard let dimension, let found = Unit.spellings(of: dimension).first(where: { $0.text == rest }) else {
            return nil
        }
        unit = found.unit
    }

    private static let currencySigns = ["¥", "rmb", "cny", "人民币"]

    /// The number times `factor`; `nil` where that is not whole, or too large to be kept.
    func scaled(by factor: Int64) -> Scaled {
        let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
        guard !overflow else { return .tooLarge }
        let divisor = WrittenNumber.power(of: 10, fractionDigits)
        let (quotient, remainder) = product.quotientAndRemainder(dividingBy: divisor)
        guard remainder == 0 else { return .notWhole }
        return .whole(isNegative ? -quotient : quotient)
    }

    enum Scaled: Hashable {
        case whole(Int64)
        case notWhole
        case tooLarge
    }

    private static func parse(_ text: Substring) -> (digits: Int64, fractionDigits: Int)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = ungrouped(parts[0]) else { return nil }
        var fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !fraction.isEmpty, !fraction.contains(",") else { return nil }
        while fraction.last == "0" { fraction.removeLast() }
        let significant = (whole + fraction).drop { $0 == "0" }
        guard significant.count <= maximumDigits, fraction.count <= maximumDigits else { return nil }
        return (Int64(significant) ?? 0, fraction.count)
    }

    /// Commas part groups of three. `12,8` is a decimal in other countries, and must not become 128.
    private static func ungrouped(_ text: Substring) -> String? {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = groups.first, !first.isEmpty else { return nil }
        guard groups.count == 1 || first.count <= 3, groups.dropFirst().allSatisfy({ $0.count == 3 }) else {
            return nil
        }
        return groups.joined()
    }

    private static func power(of base: Int64, _ exponent: Int) -> Int64 {
        (0..<exponent).reduce(1) { power, _ in power * base }
    }
}
