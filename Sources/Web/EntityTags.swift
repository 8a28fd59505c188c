/// The value of `If-Match` or `If-None-Match` (RFC 9110, section 8.8.3).
struct EntityTags {
    private struct Tag {
        let opaque: Substring
        let isWeak: Bool
    }

    private let matchesAny: Bool
    private let tags: [Tag]

    /// What cannot be read matches nothing.
    init(_ text: String) {
        matchesAny = text == "*"
        tags = matchesAny ? [] : EntityTags.parse(text)
    }

    /// Two weak tags, or a weak and a strong one, never match.
    func matchesStrongly(_ current: String) -> Bool {
        matchesAny || tags.contains { !$0.isWeak && $0.opaque == current }
    }

    /// - Parameter field: the whole value of an `ETag` header.
    func matchesWeakly(field: String) -> Bool {
        if matchesAny { return true }
        guard let current = EntityTags.parse(field).first else { return false }
        return tags.contains { $0.opaque == current.opaque }
    }

    private static func parse(_ text: String) -> [Tag] {
        var tags: [Tag] = []
        var rest = text[...]
        while true {
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
            guard !rest.isEmpty else { return tags }
            let isWeak = rest.hasPrefix("W/")
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else { return tags }
            tags.append(Tag(opaque: rest[rest.index(after: rest.startIndex)..<end], isWeak: isWeak))
            rest = rest[rest.index(after: end)...]
        }
    }
}
