import Core

/// What a caller says about one column, against what its heading says.
package struct ColumnRule: Sendable, Hashable {
    package let heading: String
    /// `nil` where the column is not to be read.
    package let field: String?
    package let unit: Unit?

    package init(heading: String, field: String?, unit: Unit? = nil) {
        self.heading = heading
        self.field = field
        self.unit = unit
    }
}

/// Which column of a table is read as which field.
package struct ColumnMapping: Sendable {
    struct Column: Sendable {
        /// In the record, from 0.
        let index: Int
        let heading: String
        let reader: CellReader
    }

    package struct UnknownColumn: Sendable, Hashable {
        /// From 1.
        package let column: Int
        package let heading: String
    }

    package let schema: TableSchema
    /// Columns that have a heading and are not read, in their order; those that a rule leaves out are not among them.
    package let unknownColumns: [UnknownColumn]
    /// How many columns the header has, without those at its end that have no heading.
    package let columnCount: Int
    /// One for each field of the schema.
    let columns: [Column?]

    /// A rule counts more than a heading: where it gives a column to a field, no other column gets the field by its
    /// heading.
    ///
    /// - Throws: `Failure.unmappableHeader` with every fault: `ambiguous_columns`, `missing_column`, and of the rules
    ///   `mapped_column_missing`, `unknown_field`, `unit_mismatch`. The pointers are `/columns/0` and so on, from 0, or
    ///   `/mapping/0` for a rule, or the field that has no column.
    package init(header: CSVRecord, schema: TableSchema = .inventory, rules: [ColumnRule] = []) throws {
        var builder = MappingBuilder(header: header, schema: schema)
        for (index, rule) in rules.enumerated() { builder.apply(rule, at: index) }
        builder.matchHeadings()
        builder.checkRequired()
        try builder.faults.throwIfAny(.unmappableHeader)
        self.schema = schema
        unknownColumns = builder.unknownColumns
        columnCount = builder.headings.count
        columns = builder.columns
    }

    /// Where a field is read from, from 1, and what the file calls it.
    package func column(of field: String) -> (number: Int, heading: String)? {
        schema.index(ofField: field).flatMap { columns[$0] }.map { ($0.index + 1, $0.heading) }
    }

    /// How many columns of a record have a heading that the schema knows: a title above the header has none.
    package static func knownHeadings(in record: CSVRecord, schema: TableSchema = .inventory) -> Int {
        record.texts.count { schema.match(Folding.heading($0)) != nil }
    }
}

private struct MappingBuilder {
    let schema: TableSchema
    let headings: [String]
    let faults = FaultCollector()
    private(set) var columns: [ColumnMapping.Column?]
    private(set) var unknownColumns: [ColumnMapping.UnknownColumn] = []
    private let names: [String]
    /// Columns that a rule has spoken of.
    private var ruled: Set<Int> = []
    private var ruledFields: Set<Int> = []

    init(header: CSVRecord, schema: TableSchema) {
        self.schema = schema
        var headings = header.texts.map { String(Folding.trimmed(FormulaGuard.restored($0))) }
        while headings.last?.isEmpty == true { headings.removeLast() }
        self.headings = headings
        names = headings.map(Folding.heading)
        columns = Array(repeating: nil, count: schema.fields.count)
    }

    mutating func apply(_ rule: ColumnRule, at ruleIndex: Int) {
        let name = Folding.heading(rule.heading)
        let matching = matchingColumns(rule.heading, name)
        guard let column = matching.first else {
            return faults.add(
                "/mapping/\(ruleIndex)/heading",
                "mapped_column_missing",
                zh: "文件中没有“\(rule.heading)”这一列",
                en: "The file has no column “\(rule.heading)”"
            )
        }
        ruled.formUnion(matching)
        guard let fieldName = rule.field else { return }
        guard let field = schema.index(ofField: fieldName) else {
            return faults.add(
                "/mapping/\(ruleIndex)/field",
                "unknown_field",
                zh: "没有“\(fieldName)”这个字段",
                en: "There is no field “\(fieldName)”"
            )
        }
        guard matching.count == 1 else { return addAmbiguity(field, matching[0], matching[1]) }
        let unit = rule.unit ?? schema.match(name).flatMap { $0.unit } ?? unitNamed(by: name, for: field)
        guard unit == nil || unit?.dimension == schema.fields[field].kind.dimension else {
            return addUnitMismatch(ruleIndex, fieldName)
        }
        ruledFields.insert(field)
        set(column, field, unit)
    }

    /// A heading exactly as it stands counts more than those that are only like it.
    private func matchingColumns(_ heading: String, _ name: String) -> [Int] {
        let exact = headings.indices.filter { headings[$0] == heading }
        return exact.isEmpty ? headings.indices.filter { names[$0] == name } : exact
    }

    /// The unit at the end of a heading that the schema does not know: 批发价（万元） mapped to the price.
    private func unitNamed(by name: String, for field: Int) -> Unit? {
        schema.fields[field].kind.dimension.flatMap { dimension in
            Unit.spellings(of: dimension).first { name.hasSuffix($0.text) }?.unit
        }
    }

    mutating func matchHeadings() {
        for index in headings.indices where !headings[index].isEmpty && !ruled.contains(index) {
            guard let (field, unit) = schema.match(names[index]), !ruledFields.contains(field) else {
                if !schema.isIgnored(names[index]) {
                    unknownColumns.append(.init(column: index + 1, heading: headings[index]))
                }
                continue
            }
            set(index, field, unit)
        }
    }

    mutating func checkRequired() {
        for (index, field) in schema.fields.enumerated() where field.isRequired && columns[index] == nil {
            faults.add(
                "/\(field.name)",
                "missing_column",
                zh: "缺少“\(field.label.zh)”列，可用的列名：\(field.headings.prefix(4).joined(separator: "、"))",
                en: "No column for \(field.label.en); a heading that is known: \(field.name)"
            )
        }
    }

    private mutating func set(_ column: Int, _ field: Int, _ unit: Unit?) {
        if let other = columns[field] { return addAmbiguity(field, other.index, column) }
        let reader = CellReader(kind: schema.fields[field].kind, unit: unit)
        columns[field] = .init(index: column, heading: headings[column], reader: reader)
    }

    private func addAmbiguity(_ field: Int, _ first: Int, _ second: Int) {
        let label = schema.fields[field].label
        faults.add(
            "/columns/\(second)",
            "ambiguous_columns",
            zh: "第 \(first + 1) 列“\(headings[first])”和第 \(second + 1) 列“\(headings[second])”都对应“\(label.zh)”，请指定用哪一列",
            en: "Columns \(first + 1) “\(headings[first])” and \(second + 1) “\(headings[second])” both are "
                + "\(label.en): say which one counts"
        )
    }

    private func addUnitMismatch(_ ruleIndex: Int, _ field: String) {
        faults.add(
            "/mapping/\(ruleIndex)/unit",
            "unit_mismatch",
            zh: "这个单位不适用于字段“\(field)”",
            en: "The unit does not suit the field “\(field)”"
        )
    }
}
