/// The elements of an `Accept…` header with their weights (RFC 9110, section 12.4.2).
struct WeightedList {
    struct Element {
        /// In lower case, without parameters.
        let range: String
        /// In thousandths, from 0 to 1000.
        let weight: Int
    }

    private(set) var elements: [Element] = []

    init(_ text: String) {
        for part in text.split(separator: ",") {
            let pieces = part.split(separator: ";")
            guard let range = pieces.first.map(trimmed), !range.isEmpty else { continue }
            let weight = pieces.dropFirst().lazy.map(trimmed).first { $0.hasPrefix("q=") || $0.hasPrefix("Q=") }
            elements.append(
                Element(
                    range: range.lowercased(),
                    weight: weight.map { WeightedList.thousandths($0.dropFirst(2)) } ?? 1000
                )
            )
        }
    }

    /// A weight that cannot be read counts as none given.
    private static func thousandths(_ text: Substring) -> Int {
        let digits = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = digits.first.flatMap({ Int($0) }), (0...1).contains(whole) else { return 1000 }
        guard digits.count == 2, whole == 0 else { return whole * 1000 }
        let fraction = String(digits[1].prefix(3))
        guard fraction.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return 1000 }
        return Int(fraction + String(repeating: "0", count: 3 - fraction.utf8.count)) ?? 1000
    }
}

extension Language {
    /// The one of the two that the caller likes better; Chinese where it does not say.
    init(acceptLanguage text: String?) {
        guard let text else {
            self = .chinese
            return
        }
        let list = WeightedList(text)
        let chinese = Language.weight(of: "zh", in: list)
        let english = Language.weight(of: "en", in: list)
        let isEnglish = (english.weight, -english.position) > (chinese.weight, -chinese.position)
        self = isEnglish && english.weight > 0 ? .english : .chinese
    }

    private static func weight(of language: String, in list: WeightedList) -> (weight: Int, position: Int) {
        var best: (weight: Int, position: Int)?
        for (position, element) in list.elements.enumerated()
        where element.range == language || element.range.hasPrefix(language + "-") {
            if element.weight > (best?.weight ?? -1) { best = (element.weight, position) }
        }
        let wildcard = list.elements.first { $0.range == "*" }?.weight
        return best ?? (wildcard ?? 0, language == "zh" ? .max - 1 : .max)
    }
}

/// The best of `produced` under an `Accept` header; `nil` where it allows none of them.
func acceptedMediaType(_ accept: String?, among produced: [String]) -> String? {
    guard let accept, accept != "*/*" else { return produced.first }
    if let exact = produced.first(where: { $0 == accept }) { return exact }
    let list = WeightedList(accept)
    var best: (type: String, weight: Int)?
    for type in produced {
        let weight = weight(of: type, in: list)
        if weight > (best?.weight ?? 0) { best = (type, weight) }
    }
    return best?.type
}

/// By the most specific range that covers the type.
private func weight(of type: String, in list: WeightedList) -> Int {
    let essence = type.split(separator: ";").first.map(trimmed) ?? type
    let anySubtype = (essence.split(separator: "/").first.map(String.init) ?? essence) + "/*"
    for range in [essence, anySubtype, "*/*"] {
        if let element = list.elements.first(where: { $0.range == range }) { return element.weight }
    }
    return 0
}

/// A `Content-Type`: the type in lower case and its character set.
struct MediaTypeField {
    let essence: String
    let charset: String?

    init(_ text: String) {
        let pieces = text.split(separator: ";").map(trimmed)
        essence = (pieces.first ?? "").lowercased()
        charset = pieces.dropFirst().map { $0.lowercased() }.first { $0.hasPrefix("charset=") }
            .map { String($0.dropFirst(8).filter { $0 != "\"" }) }
    }

    var isUTF8: Bool { charset == nil || charset == "utf-8" }
}

func trimmed(_ text: some StringProtocol) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var rest = text[text.startIndex...].drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(rest)
}
