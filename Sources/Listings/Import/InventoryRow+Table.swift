import Core
import Identity
import Tabular

extension InventoryRow {
    init(_ record: CSVRecord, _ mapping: ColumnMapping) throws(RowRefusal) {
        let (cells, row) = mapping.row(record).parts
        guard let row else { throw RowRefusal(faults: cells, vin: nil) }
        var builder = RowBuilder(row, mapping)
        builder.build()
        guard let vin = row["vin"]?.vin, cells.isEmpty, builder.faults.isEmpty else {
            let faults = cells + builder.faults + builder.contentFaults
            throw RowRefusal(faults: faults.sorted { ($0.column ?? 0) < ($1.column ?? 0) }, vin: row["vin"]?.vin)
        }
        self.init(vin: vin, members: builder.members, defaults: builder.defaults, notes: builder.notes)
    }
}

extension RowReading {
    fileprivate var parts: (faults: [RowFault], row: TableRow?) {
        switch self {
        case .row(let row): ([], row)
        case .faults(let faults, let row): (faults.map { RowFault($0) }, row)
        }
    }
}

/// Gathers the members of a listing from typed cells.
private struct RowBuilder {
    private static let onePriceWords: Set<String> = ["一口价", "oneprice", "one_price"]
    private static let askingWords: Set<String> = ["报价", "可议价", "议价", "面议", "asking"]

    private let row: TableRow
    private let mapping: ColumnMapping
    private var vehicle: [JSON.Member] = []
    private var others: [JSON.Member] = []
    private(set) var faults: [RowFault] = []
    private(set) var notes: [RowFault] = []

    init(_ row: TableRow, _ mapping: ColumnMapping) {
        self.row = row
        self.mapping = mapping
    }

    var members: JSON { .object(vehicle.isEmpty ? others : others + [.init("vehicle", .object(vehicle))]) }

    /// Where no price is said to be a promise of what it includes, it is what the dealer asks.
    var defaults: JSON {
        let title = row.title.map { [JSON.Member("title", JSON($0))] } ?? []
        return .object(title + [.init("price", ["kind": "asking"])])
    }

    mutating func build() {
        for field in ["make", "series", "model", "color", "interior_color"] {
            vehicle(field, row[field]?.text.map(JSON.string))
        }
        for field in ["model_year", "transfer_count", "seats"] { vehicle(field, row[field]?.count.map(JSON.integer)) }
        vehicle("first_registered_on", row["first_registered_on"]?.date.map { JSON($0.date.description) })
        vehicle("guide_price", row["guide_price"]?.money.map(\.json))
        words()
        other("odometer_km", row["odometer_km"]?.odometer.map { .integer(Int64($0.kilometres)) })
        other("text", row["description"]?.text.map(JSON.string))
        price()
        stock()
    }

    /// What a listing would not have of the cells that could be read.
    var contentFaults: [RowFault] {
        InventoryRow.faults(of: defaults.merged(with: members)).map(mapping.placed).filter { $0.column != nil }
    }

    private mutating func words() {
        vehicle("energy", read("energy", InventoryWords.energy).map { JSON($0.rawValue) })
        vehicle("gearbox", read("gearbox", InventoryWords.gearbox).map { JSON($0.rawValue) })
        vehicle("displacement_ml", read("displacement", WrittenDisplacement.read).flatMap { $0 }.map(JSON.integer))
        switch read("emission_stage", InventoryWords.emissionStage) {
        case .some(.some(let stage)): vehicle("emission_stage", JSON(stage.rawValue))
        case .some(.none): notes.append(fault(RowBuilder.stageSix, "emission_stage"))
        case nil: break
        }
        other("location", read("location", WrittenPlace.read).map(\.json))
    }

    private mutating func price() {
        var price: [JSON.Member] = []
        if let kind = read("price_kind", RowBuilder.priceKind) { price.append(.init("kind", JSON(kind.rawValue))) }
        if let money = row["price"]?.money { price += money.json.members ?? [] }
        if !price.isEmpty { other("price", .object(price)) }
    }

    private mutating func stock() {
        var stock: [JSON.Member] = []
        if let number = row["external_ref"]?.text { stock.append(.init("number", JSON(number))) }
        if let day = row["stocked_on"]?.date?.date { stock.append(.init("since", JSON(day.description))) }
        if !stock.isEmpty { other("stock", .object(stock)) }
    }

    private mutating func vehicle(_ name: String, _ value: JSON?) {
        if let value { vehicle.append(.init(name, value)) }
    }

    private mutating func other(_ name: String, _ value: JSON?) {
        if let value { others.append(.init(name, value)) }
    }

    private mutating func read<Value>(_ field: String, _ read: (String) throws(TextFault) -> Value) -> Value? {
        guard let text = row[field]?.text else { return nil }
        do throws(TextFault) {
            return try read(text)
        } catch {
            faults.append(fault(error, field))
            return nil
        }
    }

    private func fault(_ fault: TextFault, _ field: String) -> RowFault {
        let column = mapping.column(of: field)
        let heading = column?.heading ?? field
        let pointer = ListingFields.pointers.first { $0.field == field }?.pointer ?? ""
        return RowFault(
            Fault(
                pointer,
                fault.code,
                zh: "“\(heading)”：\(fault.detail.zh)",
                en: "“\(heading)”: \(fault.detail.en)"
            ),
            column: column?.number,
            heading: column?.heading
        )
    }

    private static func priceKind(_ text: String) throws(TextFault) -> ListingContent.Price.Kind {
        let word = Folding.compact(text[...])
        if onePriceWords.contains(word) { return .onePrice }
        guard askingWords.contains(word) else {
            throw TextFault(
                "unknown_price_kind",
                zh: "只能写：一口价、报价",
                en: "Must be 一口价 (one price) or 报价 (asking price)"
            )
        }
        return .asking
    }

    private static let stageSix = TextFault(
        "emission_stage_half",
        zh: "“国六”没有分 a、b，未写入；可写：国六a、国六b",
        en: "Stage six without a or b was left out; such are accepted: 国六a, 国六b"
    )
}

extension TableRow {
    /// 2021款 大众 朗逸 1.5L 自动舒适版, without what stands twice; `nil` where the row names nothing of the kind.
    fileprivate var title: String? {
        let (make, series, model) = (self["make"]?.text, self["series"]?.text, self["model"]?.text)
        guard make != nil || series != nil || model != nil else { return nil }
        let names = [make, series].compactMap { $0 }.filter { model?.contains($0) != true }
        let hasYear = model?.contains("款") == true
        let year = hasYear ? nil : self["model_year"]?.count.map { "\($0)款" }
        let parts = [year].compactMap { $0 } + names + [model].compactMap { $0 }
        return String(parts.joined(separator: " ").unicodeScalars.prefix(ListingLimits.titleCharacters.upperBound))
    }
}
