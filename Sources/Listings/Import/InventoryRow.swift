import Core
import History
import Tabular

/// What one row of a file says of one car.
struct InventoryRow: Sendable, Hashable {
    let vin: VIN
    /// The members of a listing that the row speaks of: a merge patch of the listing that the car has.
    let members: JSON
    /// What a new listing has besides, where the row does not say it.
    var defaults: JSON = [:]
    /// What was left out of the row, and why.
    var notes: [RowFault] = []

    /// - Throws: `invalidRequest` with every fault.
    func newContent() throws -> ListingContent {
        var reader = try ObjectReader(defaults.merged(with: members))
        let content = ListingContent(&reader)
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let content else { throw Failure(.invalidRequest) }
        return content
    }
}

/// Reads rows, and puts faults where the sender finds them.
enum RowReader: Sendable {
    case table(ColumnMapping, separator: UInt8)
    /// A line is the body of `POST /v1/listings`.
    case lines

    func read(_ row: RawRow) throws(RowRefusal) -> InventoryRow {
        switch self {
        case .table(let mapping, let separator): try InventoryRow(RowReader.record(row, separator), mapping)
        case .lines: try InventoryRow(line: row.bytes)
        }
    }

    private static func record(_ row: RawRow, _ separator: UInt8) throws(RowRefusal) -> CSVRecord {
        do throws(TableFault) {
            return try CSVRecord(raw: row.bytes, line: row.line, separator: separator)
        } catch {
            throw RowRefusal(faults: [RowFault(Fault(pointer: "", code: error.code, detail: error.detail))], vin: nil)
        }
    }

    /// A fault of a listing, where the sender finds it.
    func placed(_ fault: Fault) -> RowFault {
        guard case .table(let mapping, _) = self else { return RowFault(fault) }
        return mapping.placed(fault)
    }
}

extension ColumnMapping {
    /// A fault of a listing, at the column that it was read from.
    func placed(_ fault: Fault) -> RowFault {
        guard fault.pointer != "/title" else { return RowFault(ColumnMapping.nameless) }
        guard let field = ListingFields.field(at: fault.pointer),
            let label = schema.fields.first(where: { $0.name == field })?.label
        else { return RowFault(fault) }
        let column = column(of: field)
        let (zh, en) = (column?.heading ?? label.zh, column?.heading ?? label.en)
        let isMissing = fault.code == "required"
        let detail = LocalizedText(
            zh: "“\(zh)”：\(isMissing ? "必填，不能为空" : fault.detail.zh)",
            en: "“\(en)”: \(isMissing ? "Must not be empty" : fault.detail.en)"
        )
        let named = Fault(pointer: fault.pointer, code: fault.code, detail: detail)
        return RowFault(named, column: column?.number, heading: column?.heading)
    }

    /// A table has no column for the title: it is made of these.
    private static let nameless = Fault(
        "/title",
        "required",
        zh: "“品牌”“车系”“车型”至少要填一项",
        en: "Make, series or model: one of them at least is needed"
    )
}

extension InventoryRow {
    init(line: [UInt8]) throws(RowRefusal) {
        do {
            let json = try JSONParser.parse(line)
            var reader = try ObjectReader(json)
            let vin = reader.value("vin", as: VIN.self)
            let members: JSON = .object((json.members ?? []).filter { $0.name != "vin" })
            guard let vin else {
                let faults = reader.faults.faults + InventoryRow.faults(of: members)
                throw RowRefusal(faults: faults.map { RowFault($0) }, vin: nil)
            }
            self.init(vin: vin, members: members)
        } catch let refusal as RowRefusal {
            throw refusal
        } catch let failure as Failure {
            throw RowRefusal(faults: failure.rowFaults.map { RowFault($0) }, vin: nil)
        } catch {
            throw RowRefusal(faults: [RowFault(Failure(.malformedJSON).asFault)], vin: nil)
        }
    }

    /// What a listing would not have of members of a row that is refused anyway: who mends a row mends all of it at
    /// once. Nothing about what is missing, which may be what could not be read.
    static func faults(of members: JSON) -> [Fault] {
        do {
            var reader = try ObjectReader(members)
            _ = ListingContent(&reader)
            reader.refuseUnknownMembers()
            try reader.faults.throwIfAny()
            return []
        } catch {
            return (error as? Failure)?.faults.filter { $0.code != "required" } ?? []
        }
    }
}

extension Failure {
    /// Its faults; where it has none, itself.
    var rowFaults: [Fault] { faults.isEmpty ? [asFault] : faults }

    var asFault: Fault { Fault(pointer: "", code: type.code, detail: detail) }
}
