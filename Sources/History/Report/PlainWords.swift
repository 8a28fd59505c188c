package import Core
package import Web

/// Words for the codes that events are written in, as a buyer would say them: where the trade has a word of its own,
/// what it means stands here.
package enum PlainWords {
    /// What a choice of a field is called. A code without a word stands for itself: it is ugly, and it is not lost.
    package static func word(_ field: String, _ code: String) -> LocalizedText {
        words[field]?[code] ?? LocalizedText(zh: code, en: code)
    }

    /// Whether there is a word; a test asks for every choice of every schema.
    static func hasWord(_ field: String, _ code: String) -> Bool {
        words[field]?[code] != nil
    }

    /// What a kind of event is called inside a sentence.
    package static func name(of kind: VehicleEventKind) -> LocalizedText {
        word("kind_of_event", kind.rawValue)
    }

    package static func name(of role: Role) -> LocalizedText {
        switch role {
        case .admin, .claimsJunior, .claimsSenior, .claimsManager, .finance, .auditor:
            LocalizedText(zh: "平台", en: "the platform")
        case .dealer: LocalizedText(zh: "车商", en: "a dealer")
        case .workshop: LocalizedText(zh: "维修企业", en: "a workshop")
        case .insurer: LocalizedText(zh: "保险公司", en: "an insurer")
        case .authority: LocalizedText(zh: "主管部门", en: "an authority")
        case .buyer: LocalizedText(zh: "买家", en: "a buyer")
        }
    }

    /// By field, then by code.
    private static let words: [String: [String: LocalizedText]] = (plainWordsOfCars + "\n" + plainWordsOfEvents)
        .split(separator: "\n")
        .reduce(into: [:]) { words, line in
            let columns = line.split(separator: "|").map(trimmed)
            guard columns.count == 4 else { return }
            words[columns[0], default: [:]][columns[1]] = LocalizedText(zh: columns[2], en: columns[3])
        }

    private static func trimmed(_ text: Substring) -> String {
        String(text.split(separator: " ").joined(separator: " "))
    }
}
