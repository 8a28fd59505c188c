import Core
package import Tabular

/// Turns the records of a table into sales, as a mapping says.
package struct SaleReader: Sendable {
    private struct Found: Sendable {
        let column: MappedColumn
        let indices: [Int]
    }

    private let mapping: SourceMapping
    private let price: Found
    private let soldOn: Found
    private let vehicle: [Found]
    private let fields: [String: Found]
    private let texts: [(name: String, found: Found)]
    private let numbers: [(name: String, found: Found)]

    /// - Throws: `Failure.mappingMismatch` naming every column that the table does not have.
    package init(mapping: SourceMapping, header: CSVRecord) throws {
        var absent: [String] = []
        let headings = header.texts.map(FactText.folded)
        func find(_ column: MappedColumn) -> Found {
            let indices = column.columns.compactMap { name -> Int? in
                let index = headings.firstIndex(of: FactText.folded(name))
                if index == nil { absent.append(name) }
                return index
            }
            return Found(column: column, indices: indices)
        }
        self.mapping = mapping
        price = find(mapping.price)
        soldOn = find(mapping.soldOn)
        vehicle = mapping.vehicle.map(find)
        fields = mapping.fields.mapValues(find)
        texts = mapping.texts.map { ($0.name, find($0.column)) }
        numbers = mapping.numbers.map { ($0.name, find($0.column)) }
        guard absent.isEmpty else {
            let present = header.texts.joined(separator: ", ")
            throw Failure(
                .mappingMismatch,
                zh: "表中没有映射所指的列：\(absent.joined(separator: "、"))；表头为：\(present)",
                en:
                    "The mapping names columns that are not there: \(absent.joined(separator: ", ")); it has \(present)"
            )
        }
    }

    /// `nil` where there is no price or no day: such a row teaches nothing and cannot be judged.
    package func sale(_ record: CSVRecord) -> Sale? {
        guard let fen = money(price, record), fen > 0, let day = date(soldOn, record) else { return nil }
        let parts = vehicle.map { text($0, record) ?? "" }
        let key = parts.allSatisfy(\.isEmpty) ? VehicleKey.hash(record.texts) : VehicleKey.hash(parts)
        return Sale(car: car(record), priceFen: fen, soldOn: day, vehicle: key, kind: mapping.kind)
    }

    private func car(_ record: CSVRecord) -> CarFacts {
        var car = CarFacts()
        car.brand = label("brand", record)
        car.series = label("series", record)
        car.engine = label("engine", record)
        car.trim = label("trim", record)
        car.modelYear = number("model_year", record).map { Int($0 / 1000) }
        car.registeredOn = fields["registered_on"].flatMap { date($0, record) }
        car.builtOn = fields["built_on"].flatMap { date($0, record) }
        car.odometerKm = fields["odometer"].flatMap { kilometres($0, record) }
        if let found = fields["new_price"], let fen = money(found, record), fen > 0 {
            car.newPrice = NewPrice(
                fen: fen,
                includesPurchaseTax: found.column.includesPurchaseTax,
                origin: .sale
            )
        }
        car.marketValueFen = fields["market_value"].flatMap { money($0, record) }.flatMap { $0 > 0 ? $0 : nil }
        car.energy = label("energy", record).flatMap(Energy.init)
        car.transfers = number("transfers", record).map { $0 / 1000 }
        car.condition.score = number("condition_score", record).map { $0 / 1000 }
        car.condition.grade = number("condition_grade", record).map { $0 / 1000 }
        car.use = label("use", record).flatMap(VehicleUse.init)
        for (name, found) in texts { car.texts[name] = text(found, record) }
        for (name, found) in numbers { car.numbers[name] = thousandths(found, record) }
        return car
    }

    // MARK: - Cells

    private func label(_ field: String, _ record: CSVRecord) -> String? {
        fields[field].flatMap { text($0, record) }
    }

    private func number(_ field: String, _ record: CSVRecord) -> Int64? {
        fields[field].flatMap { thousandths($0, record) }
    }

    private func raw(_ found: Found, _ record: CSVRecord) -> String? {
        if let constant = found.column.constant { return constant }
        let parts = found.indices.filter { $0 < record.count && !record.isEmpty($0) }.map(record.text)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private func text(_ found: Found, _ record: CSVRecord) -> String? {
        guard let raw = raw(found, record) else { return nil }
        var folded = FactText.folded(raw)
        if let first = found.column.first { folded = String(folded.prefix(first)) }
        if folded.isEmpty { return nil }
        guard !found.column.values.isEmpty else { return folded }
        return found.column.values[folded] ?? found.column.values["*"] ?? folded
    }

    private func thousandths(_ found: Found, _ record: CSVRecord) -> Int64? {
        if found.column.isDate { return date(found, record).map { Int64($0.daysSinceEpoch) * 1000 } }
        guard let text = text(found, record), var number = FixedPoint.read(text, digits: 3) else { return nil }
        for scale in found.column.scales where number >= scale.atLeast { number /= scale.divideBy }
        return number
    }

    /// In hundredths of the currency's unit.
    private func money(_ found: Found, _ record: CSVRecord) -> Int64? {
        guard let text = raw(found, record) else { return nil }
        let digits = text.filter { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
        return switch found.column.unit {
        case "wan": FixedPoint.read(digits, digits: 6)
        case "thousand": FixedPoint.read(digits, digits: 5)
        case "cent": FixedPoint.read(digits, digits: 0)
        default: FixedPoint.read(digits, digits: 2)
        }
    }

    /// A mile is 1.609344 km.
    private func kilometres(_ found: Found, _ record: CSVRecord) -> Int64? {
        guard let text = raw(found, record) else { return nil }
        let digits = text.filter { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
        guard let number = FixedPoint.read(digits, digits: 4), number >= 0 else { return nil }
        let km =
            switch found.column.unit {
            case "wan_km": number
            case "mi": LogScale.scaled(number, 1_609_344, by: 10_000_000_000)
            default: LogScale.scaled(number, 1, by: 10_000)
            }
        return OdometerKm.range.contains(km) ? km : nil
    }

    private func date(_ found: Found, _ record: CSVRecord) -> CalendarDate? {
        raw(found, record).flatMap { SourceDate.read($0, order: found.column.dateOrder) }
    }
}

/// Days as sources write them: `2021-03-05`, `2021/3/5`, `20210305`, `2021-03`, `202103`, `202103.0`, `2021`, `2021.0`,
/// and with an order of `dmy` or `mdy` `05/03/2021`. A month stands for its fifteenth day, a year for July 1st.
enum SourceDate {
    static func read(_ text: String, order: String? = nil) -> CalendarDate? {
        var text = text.prefix { $0 != "T" && $0 != " " }
        if text.hasSuffix(".0") { text = text.dropLast(2) }
        let parts = text.split { !$0.isNumber }
        guard parts.allSatisfy({ $0.allSatisfy(\.isASCII) }) else { return nil }
        var numbers = parts.compactMap { Int($0) }
        guard let lead = parts.first, numbers.count == parts.count else { return nil }
        if parts.count == 1 {
            switch lead.count {
            case 4: return CalendarDate(year: numbers[0], month: 7, day: 1)
            case 6: return CalendarDate(year: numbers[0] / 100, month: numbers[0] % 100, day: 15)
            case 8: return CalendarDate(year: numbers[0] / 10_000, month: numbers[0] / 100 % 100, day: numbers[0] % 100)
            default: return nil
            }
        }
        if order == "dmy" { numbers.reverse() }
        if order == "mdy", numbers.count == 3 { numbers = [numbers[2], numbers[0], numbers[1]] }
        if order == "mdy", numbers.count == 2 { numbers.reverse() }
        return CalendarDate(year: numbers[0], month: numbers[1], day: numbers.count > 2 ? numbers[2] : 15)
    }
}
