package import Core

/// A part of a car, or what parts belong to.
package struct Component: Sendable, Hashable {
    /// Its own name behind that of what it belongs to: `engine.crank.crankshaft`.
    package let id: String
    package let name: LocalizedText
    package let synonyms: [String]
    /// Also where it is what it belongs to that has the kind.
    package let kind: Kind?
    package let fitted: Fitted
    let line: Int

    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// What holds inner parts.
        case `case`
        case seal
        case software
        /// Not a part that breaks, but what is left of a battery.
        case capacity
        /// Used up, and replaced when serviced.
        case consumable
        /// Wears with use, slower than what is used up.
        case wear
        case cosmetic
    }

    /// On which cars it is found.
    package enum Fitted: String, Sendable, Hashable, CaseIterable {
        case any
        /// With a combustion engine.
        case combustion
        /// With a traction battery.
        case traction
    }
}

/// Everything that a car is made of, as far as somebody asks for it.
package struct ComponentTree: Sendable, Hashable {
    /// The whole car; everything belongs to it.
    package static let rootID = "vehicle"

    /// Each behind what it belongs to.
    package let components: [Component]
    private let places: [String: Int]
    /// By place, where what belongs to it ends: it stands right behind.
    private let ends: [Int]

    init(_ components: [Component]) {
        let root = Component(
            id: ComponentTree.rootID,
            name: LocalizedText(zh: "整车", en: "Whole car"),
            synonyms: [],
            kind: nil,
            fitted: .any,
            line: 0
        )
        self.components = [root] + components
        places = Dictionary(
            self.components.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
        ends = ComponentTree.ends(self.components)
    }

    private static func ends(_ components: [Component]) -> [Int] {
        let depths = components.map { $0.id == rootID ? 0 : $0.id.split(separator: ".").count }
        return components.indices.map { place in
            depths[(place + 1)...].firstIndex { $0 <= depths[place] } ?? components.endIndex
        }
    }

    package subscript(id: String) -> Component? { places[id].map { components[$0] } }

    var ids: Set<String> { Set(places.keys) }

    /// What it belongs to, the nearest first, the whole car last.
    package func ancestors(of id: String) -> [String] {
        guard id != ComponentTree.rootID else { return [] }
        var ancestors: [String] = []
        var rest = id[...]
        while let dot = rest.lastIndex(of: ".") {
            rest = rest[..<dot]
            ancestors.append(String(rest))
        }
        return ancestors + [ComponentTree.rootID]
    }

    package func parent(of id: String) -> String? { ancestors(of: id).first }

    /// Everything that belongs to it, however far below.
    package func descendants(of id: String) -> ArraySlice<Component> {
        guard let place = places[id] else { return [] }
        return components[(place + 1)..<ends[place]]
    }

    package func isLeaf(_ id: String) -> Bool { descendants(of: id).isEmpty }

    /// `发动机 › 曲柄连杆机构 › 曲轴`.
    package func trail(of id: String) -> LocalizedText {
        let names = ([id] + ancestors(of: id).dropLast()).reversed().compactMap { self[$0]?.name }
        return LocalizedText(
            zh: names.map(\.zh).joined(separator: " › "),
            en: names.map(\.en).joined(separator: " › ")
        )
    }
}

extension Component {
    /// Reads a system, an assembly or a part with all that belongs to it.
    static func all(_ object: BookObject, within outer: Component?) -> [Component] {
        let own = object.text("id")
        if !own.allSatisfy({ $0.isLowercase || $0.isNumber || $0 == "_" }) {
            object.fault("id", "not_an_id", zh: "标识只能用小写字母、数字和下划线", en: "an id has a-z, 0-9 and _ only")
        }
        let component = Component(
            id: outer.map { "\($0.id).\(own)" } ?? own,
            name: object.localizedText(),
            synonyms: object.texts("also", required: false),
            kind: object.optionalChoice("kind") ?? outer?.kind,
            fitted: object.optionalChoice("fitted") ?? outer?.fitted ?? .any,
            line: object.line
        )
        let parts = object.objects("parts", required: false)
        object.refuseUnknownMembers()
        return [component] + parts.flatMap { all($0, within: component) }
    }
}
