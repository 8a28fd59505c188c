package import Core

/// Where a rule comes from, and how well its text is known: what nobody here has read is never presented as law.
package struct BookSource: Sendable, Hashable {
    package let id: String
    package let basis: Basis
    package let title: LocalizedText

    package enum Basis: String, Sendable, Hashable, CaseIterable {
        /// The text of the law was read.
        case law
        /// Known from pages that quote or describe it.
        case secondarySource = "secondary_source"
        /// Recalled, not read.
        case recalledNotRead = "recalled_not_read"
        /// Ours.
        case platformRule = "platform_rule"

        /// What is said behind the title, so that nobody takes it for more than it is.
        var reserve: LocalizedText {
            switch self {
            case .law, .platformRule: LocalizedText(zh: "", en: "")
            case .secondarySource: LocalizedText(zh: "，转引", en: ", as quoted elsewhere")
            case .recalledNotRead: LocalizedText(zh: "，未核对原文", en: ", recalled, not read")
            }
        }
    }

    package var citation: LocalizedText {
        LocalizedText(zh: title.zh + basis.reserve.zh, en: title.en + basis.reserve.en)
    }
}

/// One sentence of the terms: whatever an answer or a contract says, it says by a clause.
package struct Clause: Sendable, Hashable {
    package let id: String
    package let text: LocalizedText
    package let source: BookSource
    /// Looked for once: an adjudication asks for dozens of clauses.
    package let hasPlaceholder: Bool

    private static let placeholder = "{value}"

    init(id: String, text: LocalizedText, source: BookSource) {
        self.id = id
        self.text = text
        self.source = source
        hasPlaceholder = text.zh.contains(Clause.placeholder) || text.en.contains(Clause.placeholder)
    }

    /// With a number or a name in place of `{value}`, so that words and tables never disagree.
    package func with(_ value: LocalizedText) -> Clause {
        Clause(
            id: id,
            text: LocalizedText(
                zh: text.zh.replacing(Clause.placeholder, with: value.zh),
                en: text.en.replacing(Clause.placeholder, with: value.en)
            ),
            source: source
        )
    }

    package func with(_ value: Int64) -> Clause {
        with(LocalizedText(zh: grouped(value), en: grouped(value)))
    }
}

/// `20,000`.
func grouped(_ number: Int64) -> String {
    let digits = Array(String(number.magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
        text.append(digit)
    }
    return number < 0 ? "-\(text)" : text
}

/// `12,880.00`.
func yuan(_ money: Money) -> String {
    let fen = money.fen.magnitude
    let cents = fen % 100
    return (money.fen < 0 ? "-" : "") + grouped(Int64(fen / 100)) + (cents < 10 ? ".0\(cents)" : ".\(cents)")
}

/// `3`, `1.5`: whole yuan where it is.
func plainYuan(_ money: Money) -> String {
    money.fen.isMultiple(of: 100) ? grouped(money.fen / 100) : yuan(money)
}
