/// What may be shown of a person's data to those who need not know it: enough to recognise one's own, and never a text
/// as it was. Whatever has not the form that a rule is for becomes stars altogether, so that a value in the wrong
/// field does not come out in clear.
package enum Mask {
    /// In place of what has no known form; always as many, so that not even the length is told.
    package static let hidden = "****"

    /// `138****1234`. Of other numbers, such as landlines, the last four digits at the most.
    package static func phone(_ text: String) -> String {
        let digits = text.unicodeScalars.filter { ("0"..."9").contains($0) }
        guard digits.count >= 7 else { return hidden }
        let isMobile = digits.count == 11 && digits.first == "1"
        return keeping(isMobile ? 3 : 0, and: 4, of: String(digits), stars: 4)
    }

    /// `110***********1234`.
    package static func residentID(_ text: String) -> String {
        guard text.unicodeScalars.count == 18 else { return hidden }
        return keeping(3, and: 4, of: text)
    }

    /// `张*`, `欧***`: the first character, and a star for every other one.
    package static func name(_ text: String) -> String {
        guard (2...20).contains(text.count) else { return hidden }
        return keeping(1, and: 0, of: text)
    }

    /// `京A***45`: where it was issued and the last two characters.
    package static func plate(_ text: String) -> String {
        guard (7...9).contains(text.unicodeScalars.count) else { return hidden }
        return keeping(2, and: 2, of: text)
    }

    /// `z***@example.com`.
    package static func email(_ text: String) -> String {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].contains(".") else { return hidden }
        let local = parts[0].count > 1 ? keeping(1, and: 0, of: String(parts[0]), stars: 3) : "***"
        return "\(local)@\(parts[1])"
    }

    /// `**** **** **** 1234`: the last four digits, as on a receipt.
    package static func bankCard(_ text: String) -> String {
        let digits = text.unicodeScalars.filter { ("0"..."9").contains($0) }
        // From 12 to 19 digits by ISO/IEC 7812 (recalled, not read).
        guard (12...19).contains(digits.count) else { return hidden }
        return "**** **** **** " + String(digits.suffix(4))
    }

    /// - Parameter stars: how many stand for what is left out; as many as that is, where nothing is said.
    private static func keeping(_ front: Int, and back: Int, of text: String, stars: Int? = nil) -> String {
        text.prefix(front) + String(repeating: "*", count: stars ?? text.count - front - back) + text.suffix(back)
    }
}
