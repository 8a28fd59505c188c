package import Core

/// A field of what a table is read for, and the headings under which it is found.
package struct TableField: Sendable, Hashable {
    package let name: String
    package let label: LocalizedText
    package let kind: FieldKind
    package let isRequired: Bool
    /// As exports write them; units, blanks and brackets do not matter.
    package let headings: [String]

    package init(
        _ name: String,
        _ kind: FieldKind,
        zh: String,
        en: String,
        isRequired: Bool = false,
        headings: [String]
    ) {
        self.name = name
        self.label = LocalizedText(zh: zh, en: en)
        self.kind = kind
        self.isRequired = isRequired
        self.headings = headings
    }
}

package struct TableSchema: Sendable {
    package let fields: [TableField]
    /// Headings that are known and not read; no answer complains of them.
    package let ignoredHeadings: [String]
    private let indexByHeading: [String: Int]
    private let indexByName: [String: Int]
    private let ignored: Set<String>

    /// Where two fields have a heading, the first one gets it.
    package init(_ fields: [TableField], ignoring ignoredHeadings: [String] = []) {
        self.fields = fields
        self.ignoredHeadings = ignoredHeadings
        let headings = fields.enumerated().flatMap { index, field in
            ([field.name] + field.headings).map { (Folding.heading($0), index) }
        }
        indexByHeading = Dictionary(headings, uniquingKeysWith: { first, _ in first })
        indexByName = Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        ignored = Set(ignoredHeadings.map(Folding.heading))
    }

    package func index(ofField name: String) -> Int? { indexByName[name] }

    /// - Parameter heading: as `Folding.heading` leaves it.
    func isIgnored(_ heading: String) -> Bool { ignored.contains(heading) }

    /// The field whose column has this heading, and the unit that the heading names.
    ///
    /// - Parameter heading: as `Folding.heading` leaves it.
    func match(_ heading: String) -> (field: Int, unit: Unit?)? {
        if let field = indexByHeading[heading] {
            // The field's own name may end with its unit: `odometer_km`.
            let spellings = fields[field].kind.dimension.map(Unit.spellings) ?? []
            return (field, spellings.first { heading.hasSuffix($0.text) }?.unit)
        }
        for dimension in [Unit.Dimension.money, .distance] {
            for spelling in Unit.spellings(of: dimension) where heading.hasSuffix(spelling.text) {
                let name = Folding.withoutRemarks(heading.dropLast(spelling.text.count))
                guard let field = indexByHeading[String(name)], fields[field].kind.dimension == dimension else {
                    continue
                }
                return (field, spelling.unit)
            }
        }
        return nil
    }
}
