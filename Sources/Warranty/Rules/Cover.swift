import Core

/// What a promise does for a part.
package enum Cover: String, Sendable, Hashable, CaseIterable {
    case covered
    case conditional
    /// Somebody has to look at it first.
    case assess = "needs_assessment"
    case excluded = "not_covered"
}

extension Cover {
    /// As an edition writes it.
    enum Written: String, CaseIterable {
        case covered
        case conditional
        case assess
        case excluded

        var cover: Cover {
            switch self {
            case .covered: .covered
            case .conditional: .conditional
            case .assess: .assess
            case .excluded: .excluded
            }
        }
    }
}

/// What holds for a part, and by which clause.
package struct Ruling: Sendable, Hashable {
    package let cover: Cover
    package let clause: String
}

/// What a promise says of every part: of some by name, of those below them by descent, of others by what they are.
package struct CoverScope: Sendable, Hashable {
    let rules: [String: Ruling]
    let kinds: [Component.Kind: Ruling]
    /// What holds for a part that the promise does not reach.
    let unlisted: Ruling

    /// The part itself counts before its kind, the kind before what it belongs to, and what is out stays out.
    package func ruling(on component: Component, in tree: ComponentTree) -> Ruling {
        if let own = rules[component.id] { return own }
        guard let inherited = tree.ancestors(of: component.id).lazy.compactMap({ rules[$0] }).first else {
            return unlisted
        }
        if inherited.cover == .excluded { return inherited }
        return component.kind.flatMap { kinds[$0] } ?? inherited
    }

    /// Parts below that have another answer than the whole.
    package func exceptions(below component: Component, in tree: ComponentTree) -> [(Component, Ruling)] {
        let own = ruling(on: component, in: tree)
        return tree.descendants(of: component.id).compactMap { part in
            let ruling = ruling(on: part, in: tree)
            return ruling.cover == own.cover ? nil : (part, ruling)
        }
    }
}

extension CoverScope {
    init(_ object: BookObject, kinds: [Component.Kind: Ruling], _ names: BookNames) {
        var rules: [String: Ruling] = [:]
        for rule in object.objects("cover") {
            let component = rule.reference("component", to: names.components, "component")
            if rules[component] != nil {
                rule.fault("component", "duplicate", zh: "\(component) 重复", en: "`\(component)` is named twice")
            }
            rules[component] = Ruling(rule, names)
            rule.refuseUnknownMembers()
        }
        self.init(rules: rules, kinds: kinds, unlisted: Ruling(cover: .excluded, clause: PlanBook.unlistedClause))
    }

    static func kinds(_ object: BookObject?, _ names: BookNames) -> [Component.Kind: Ruling] {
        guard let object else { return [:] }
        var kinds: [Component.Kind: Ruling] = [:]
        for name in object.allNames() {
            guard let kind = Component.Kind(rawValue: name) else {
                object.fault(name, "not_allowed", zh: "没有这种部件类型", en: "there is no such kind of part")
                continue
            }
            guard let ruling = object.object(name) else { continue }
            kinds[kind] = Ruling(ruling, names)
            ruling.refuseUnknownMembers()
        }
        return kinds
    }
}

extension Ruling {
    fileprivate init(_ object: BookObject, _ names: BookNames) {
        let written: Cover.Written = object.choice("cover", .excluded)
        self.init(cover: written.cover, clause: object.reference("clause", to: names.clauses, "clause"))
    }
}

/// What an edition may refer to, as far as it has been read.
struct BookNames {
    var sources: Set<String> = []
    var clauses: Set<String> = []
    var components: Set<String> = []
    var tiers: Set<String> = []
}
