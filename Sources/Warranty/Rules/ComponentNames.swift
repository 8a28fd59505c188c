import Core
import Tabular

/// Finds parts by what people call them: a Chinese or English name, a synonym, or the identifier.
package struct ComponentNames: Sendable, Hashable {
    private let byName: [String: String]
    private let tree: ComponentTree
    /// Names offered in place of one that is not known.
    private static let maximumSuggestions = 5
    package static let queryCharacters = 1...60

    package enum Match: Sendable, Hashable {
        case found(Component)
        /// What comes nearest, the best first; empty where nothing does.
        case unknown([Component])
    }

    /// Without width, case, blanks and punctuation: `DC-DC` and `dc dc` are the same name.
    static func folded(_ text: String) -> String {
        let compact = Folding.compact(text[...])
        let isWord: (Unicode.Scalar) -> Bool = { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        return String(String.UnicodeScalarView(compact.unicodeScalars.filter(isWord)))
    }

    /// Also the identifier of a system, which reads like a name; one with dots is never taken for a name.
    static func names(of component: Component) -> [String] {
        [component.name.zh, component.name.en] + component.synonyms + (component.id.contains(".") ? [] : [component.id])
    }

    init(_ tree: ComponentTree) {
        self.tree = tree
        byName = Dictionary(
            tree.components.flatMap { component in
                ComponentNames.names(of: component).map { (ComponentNames.folded($0), component.id) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    package func find(_ text: String) -> Match {
        if let component = tree[text] { return .found(component) }
        let query = ComponentNames.folded(text)
        if let component = byName[query].flatMap({ tree[$0] }) { return .found(component) }
        // An English plural is the same part.
        if query.hasSuffix("s"), let component = byName[String(query.dropLast())].flatMap({ tree[$0] }) {
            return .found(component)
        }
        return .unknown(nearest(to: query))
    }

    /// Those that have most of the letters next to each other in common.
    private func nearest(to query: String) -> [Component] {
        let wanted = pairs(of: query)
        guard !wanted.isEmpty else { return [] }
        var best: [String: Int] = [:]
        for (name, id) in byName {
            let common =
                wanted.intersection(pairs(of: name)).count * 1000 / max(1, wanted.count + pairs(of: name).count)
            if common > 0 { best[id] = max(best[id] ?? 0, common) }
        }
        let ranked = best.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return ranked.prefix(ComponentNames.maximumSuggestions).compactMap { tree[$0.key] }
    }

    private func pairs(of name: String) -> Set<String> {
        let letters = Array(name)
        guard letters.count > 1 else { return Set(letters.map(String.init)) }
        return Set(zip(letters, letters.dropFirst()).map { "\($0)\($1)" })
    }
}
