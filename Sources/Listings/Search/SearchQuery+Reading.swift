import Core
import Identity
import Web

/// Limits of what is asked for, each with its unit.
enum SearchLimits {
    static let textCharacters = 1...100
    static let textUnits = 16
    static let valuesPerMember = 20
    static let valueCharacters = 1...40
    /// As much as a listing may cost with every fee that it may have.
    static let totalFen: ClosedRange<Int64> = 0...20_000_000_000
    static let odometerKm = ListingLimits.odometerKm
    static let years: ClosedRange<Int64> = 1900...2100
    /// GB/T 30323: 1 is the best, 5 the worst.
    static let grades: ClosedRange<Int64> = 1...5
}

extension SearchQuery {
    static let members: Set<String> = Page.query.union([
        "q", "make", "series", "energy", "province", "city", "gearbox", "color", "emission_stage", "features", "status",
        "dealer", "grade_min", "grade_max", "year_min", "year_max", "price_min_fen", "price_max_fen",
        "odometer_min_km", "odometer_max_km", "sort", "facets",
    ])

    /// - Throws: `invalidQuery` with every fault; what `Call.page` throws.
    init(_ call: Call) throws {
        let reader = QueryReader(call.query)
        text = reader.searchText()
        for dimension in [SearchDimension.make, .series, .city, .color] { values[dimension] = reader.names(dimension) }
        values[.city] = values[.city]?.map { Location(province: .beijing, city: $0).city }
        values[.energy] = reader.choices(.energy, VehicleDetails.Energy.self)
        values[.gearbox] = reader.choices(.gearbox, VehicleDetails.Gearbox.self)
        values[.emissionStage] = reader.choices(.emissionStage, VehicleDetails.EmissionStage.self)
        values[.province] = reader.choices(.province, Province.self)
        values[.features] = reader.choices(.features, Feature.self)
        values[.status] = reader.choices(.status, Offered.self) ?? [ListingStatus.published.rawValue]
        values[.dealer] = reader.dealer().map { [$0] }
        ranges[.grade] = reader.range("grade_min", "grade_max", in: SearchLimits.grades)
        ranges[.year] = reader.range("year_min", "year_max", in: SearchLimits.years)
        totalFen = reader.range("price_min_fen", "price_max_fen", in: SearchLimits.totalFen)
        odometerKm = reader.range("odometer_min_km", "odometer_max_km", in: SearchLimits.odometerKm)
        let sort = reader.choice("sort", Sort.self)
        self.sort = sort ?? (text == nil ? .newest : .relevance)
        facets = reader.facets()
        try reader.faults.throwIfAny(.invalidQuery)
        let page = try call.page()
        limit = page.limit
        guard let position = page.position else { return }
        // A cursor of this very query was made by this service: what cannot be read was made by another version of it.
        guard let after = SearchRank(position) else { throw Failure(.invalidCursor) }
        self.after = after
    }

    /// What may be searched for: a car that was sold or taken back cannot be bought.
    private enum Offered: String, CaseIterable {
        case published
        case reserved
    }
}

/// Reads the members of a query, and notes every fault.
private struct QueryReader {
    let faults = FaultCollector()
    private let members: [String: String]

    init(_ members: [String: String]) {
        self.members = members
    }

    func searchText() -> String? {
        guard let text = members["q"] else { return nil }
        let length = SearchLimits.textCharacters
        guard length.contains(text.unicodeScalars.count) else {
            fault(
                "q",
                "length",
                zh: "长度须为 \(length.lowerBound) 至 \(length.upperBound) 个字符",
                en: "Must have \(length.lowerBound) to \(length.upperBound) characters"
            )
            return nil
        }
        let units = SearchText.units(of: text)
        if units.isEmpty { fault("q", "no_words", zh: "没有可搜索的文字", en: "Must have a letter or a digit") }
        if units.count > SearchLimits.textUnits {
            let limit = SearchLimits.textUnits
            fault("q", "too_many_words", zh: "最多 \(limit) 个词", en: "Must have at most \(limit) words")
        }
        return text
    }

    func names(_ dimension: SearchDimension) -> [String]? {
        let length = SearchLimits.valueCharacters
        guard let values = list(dimension.name) else { return nil }
        guard values.allSatisfy({ length.contains($0.unicodeScalars.count) }) else {
            fault(
                dimension.name,
                "length",
                zh: "逗号隔开的每一项须有 \(length.lowerBound) 至 \(length.upperBound) 个字符",
                en: "Each value between the commas must have \(length.lowerBound) to \(length.upperBound) characters"
            )
            return nil
        }
        return values
    }

    func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ dimension: SearchDimension,
        _ type: Choice.Type
    ) -> [String]? {
        guard let values = list(dimension.name) else { return nil }
        return check(dimension.name, values, type) ? values : nil
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ type: Choice.Type) -> Choice? {
        guard let value = members[name], check(name, [value], type) else { return nil }
        return Choice(rawValue: value)
    }

    func dealer() -> String? {
        guard let value = members["dealer"] else { return nil }
        if OrganizationID(value) == nil {
            fault("dealer", "id_format", zh: "须为机构编号", en: "Must be the id of an organisation")
        }
        return value
    }

    /// What is not given is open.
    func range(_ low: String, _ high: String, in range: ClosedRange<Int64>) -> ClosedRange<Int64>? {
        let (lower, upper) = (number(low, in: range), number(high, in: range))
        guard members[low] != nil || members[high] != nil else { return nil }
        let (from, to) = (lower ?? range.lowerBound, upper ?? range.upperBound)
        guard from <= to else {
            fault(low, "above_maximum", zh: "不能大于 \(high)", en: "Must not be more than \(high)")
            return nil
        }
        return from...to
    }

    /// `true` for all of them, or their names.
    func facets() -> [SearchDimension] {
        guard let text = members["facets"], text != "false" else { return [] }
        if text == "true" { return SearchDimension.facets }
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let known = SearchDimension.facets.map(\.name)
        guard names.allSatisfy(known.contains), Set(names).count == names.count else {
            let list = known.joined(separator: ", ")
            fault("facets", "not_allowed", zh: "只能是 true、false，或：\(list)", en: "Must be true, false, or of: \(list)")
            return []
        }
        return SearchDimension.facets.filter { names.contains($0.name) }
    }

    // MARK: -

    private func list(_ name: String) -> [String]? {
        guard let text = members[name] else { return nil }
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard values.count <= SearchLimits.valuesPerMember else {
            let limit = SearchLimits.valuesPerMember
            fault(name, "too_many_values", zh: "最多 \(limit) 项", en: "Must have at most \(limit) values")
            return nil
        }
        return values
    }

    private func check<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        _ values: [String],
        _ type: Choice.Type
    ) -> Bool {
        let isKnown = values.allSatisfy { Choice(rawValue: $0) != nil }
        if !isKnown {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            fault(name, "not_allowed", zh: "只能是：\(choices)", en: "Must be of: \(choices)")
        }
        return isKnown
    }

    private func number(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let text = members[name] else { return nil }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int64(text), range.contains(number)
        else {
            fault(
                name,
                "out_of_range",
                zh: "须为 \(range.lowerBound) 至 \(range.upperBound) 的整数",
                en: "Must be an integer from \(range.lowerBound) to \(range.upperBound)"
            )
            return nil
        }
        return number
    }

    private func fault(_ name: String, _ code: String, zh: String, en: String) {
        faults.add("/query/\(name)", code, zh: zh, en: en)
    }
}
