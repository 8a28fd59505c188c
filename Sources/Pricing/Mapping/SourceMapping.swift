import Core
import Yams

/// How the columns of somebody's table become sales. `SourceMapping.help` explains the file to a person.
package struct SourceMapping: Sendable {
    package let source: String
    package let currency: String
    package let kind: SaleKind
    let price: MappedColumn
    let soldOn: MappedColumn
    let vehicle: [MappedColumn]
    let fields: [String: MappedColumn]
    let texts: [(name: String, column: MappedColumn)]
    let numbers: [(name: String, column: MappedColumn)]

    /// The members that name a fact of the car each.
    static let fieldNames: Set<String> = [
        "brand", "series", "engine", "trim", "model_year", "registered_on", "built_on", "odometer", "new_price",
        "market_value",
        "energy", "transfers", "condition_score", "condition_grade", "use",
    ]

    /// - Throws: `Failure.invalidMapping` with every fault.
    package init(reading bytes: [UInt8]) throws {
        let faults = DocumentFaults()
        let root = try DocumentPlace.root(bytes, .invalidMapping, faults)
        root.allow(
            SourceMapping.fieldNames.union([
                "format", "source", "currency", "kind", "price", "sold_on", "vehicle", "texts", "numbers", "note",
            ])
        )
        if let format = root.required("format"), format.text != SourceMapping.format {
            format.fail(
                "unknown_format",
                zh: "应为 \(SourceMapping.format)",
                en: "This has to be \(SourceMapping.format)"
            )
        }
        source = root.required("source")?.text ?? ""
        currency = root["currency"]?.text ?? "CNY"
        kind = root.required("kind")?.oneOf(SaleKind.self) ?? .asking
        price = root.required("price").flatMap(MappedColumn.init) ?? MappedColumn()
        soldOn = root.required("sold_on").flatMap(MappedColumn.init) ?? MappedColumn()
        vehicle = root.required("vehicle").map(SourceMapping.columns) ?? []
        var fields: [String: MappedColumn] = [:]
        for name in SourceMapping.fieldNames { fields[name] = root[name].flatMap(MappedColumn.init) }
        self.fields = fields
        texts = SourceMapping.named(root["texts"])
        numbers = SourceMapping.named(root["numbers"])
        try faults.throwIfAny(.invalidMapping)
    }

    package static let format = "chexin-pricing-mapping/1"

    private static func columns(_ place: DocumentPlace) -> [MappedColumn] {
        guard place.node.sequence != nil else { return [MappedColumn(place)].compactMap { $0 } }
        return place.items.compactMap(MappedColumn.init)
    }

    private static func named(_ place: DocumentPlace?) -> [(name: String, column: MappedColumn)] {
        (place?.members ?? []).compactMap { name, place in
            MappedColumn(place).map { (name, $0) }
        }
        .sorted { $0.name < $1.name }
    }
}

/// One fact: the columns that it stands in, and how to read them.
struct MappedColumn: Sendable {
    var columns: [String] = []
    /// The same for every row.
    var constant: String?
    var unit: String?
    /// Only this many characters from the beginning.
    var first: Int?
    /// What the source writes, and what it means here.
    var values: [String: String] = [:]
    var includesPurchaseTax = false
    var isDate = false
    var dateOrder: String?
    /// Numbers of at least `atLeast` (in thousandths) stand on another scale, and are divided.
    var scales: [(atLeast: Int64, divideBy: Int64)] = []

    static let units: Set<String> = ["unit", "yuan", "thousand", "wan", "cent", "km", "mi", "wan_km"]

    init() {}

    /// A column's name, a list of names, or a mapping with more to say.
    init?(_ place: DocumentPlace) {
        if place.node.scalar != nil {
            columns = place.text.map { [$0] } ?? []
        } else if place.node.sequence != nil {
            columns = place.texts
        } else {
            read(place)
        }
        if columns.isEmpty, constant == nil {
            place.fail("no_column", zh: "需要列名或固定值", en: "This needs a column, or a constant")
            return nil
        }
    }

    private mutating func read(_ place: DocumentPlace) {
        place.allow([
            "column", "columns", "constant", "unit", "first", "values", "purchase_tax", "date", "date_order", "scales",
        ])
        if let column = place["column"]?.text { columns = [column] }
        if let several = place["columns"]?.texts { columns = several }
        constant = place["constant"]?.text
        unit = place["unit"]?.text
        if let unit, !MappedColumn.units.contains(unit) {
            let known = MappedColumn.units.sorted().joined(separator: ", ")
            place["unit"]?.fail("unknown_unit", zh: "单位只能是 \(known)", en: "The unit has to be one of \(known)")
        }
        first = place["first"]?.integer.map { Int($0) }
        for (key, value) in place["values"]?.members ?? [] { values[FactText.folded(key)] = value.text }
        includesPurchaseTax = place["purchase_tax"]?.text == "included"
        isDate = place["date"]?.text == "true"
        dateOrder = place["date_order"]?.text
        for scale in place["scales"]?.items ?? [] {
            guard let from = scale.required("at_least")?.fixedPoint(digits: 3),
                let divisor = scale.required("divide_by")?.integer, divisor > 0
            else { continue }
            scales.append((from, divisor))
        }
    }
}

/// Names are compared as people read them: without the blanks around, in lower case, full-width forms as half-width.
package enum FactText {
    package static func folded(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView()
        var hasBlank = false
        for scalar in text.lowercased().unicodeScalars {
            var scalar = scalar
            if (0xFF01...0xFF5E).contains(scalar.value), let narrow = Unicode.Scalar(scalar.value - 0xFEE0) {
                scalar = narrow
            }
            if scalar.properties.isWhitespace {
                hasBlank = !scalars.isEmpty
                continue
            }
            if hasBlank { scalars.append(" ") }
            hasBlank = false
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
