import Core
import Storage
import Tabular

/// What is wrong with one row, or was left out of it, and where: by the member of a listing, and by the column where
/// the file has columns.
struct RowFault: Error, Sendable, Hashable {
    let fault: Fault
    /// From 1.
    let column: Int?
    let heading: String?

    init(_ fault: Fault, column: Int? = nil, heading: String? = nil) {
        self.fault = fault
        self.column = column
        self.heading = heading
    }

    init(_ cell: CellFault) {
        self.init(cell.fault, column: cell.column, heading: cell.heading)
    }
}

/// Why a row cannot become a listing: every reason.
struct RowRefusal: Error, Sendable, Hashable {
    let faults: [RowFault]
    /// Where it could be read: the next row with it is a double.
    let vin: VIN?
}

// MARK: - Stored

extension RowFault {
    var stored: JSON {
        [
            "pointer": JSON(fault.pointer),
            "code": JSON(fault.code),
            "zh": JSON(fault.detail.zh),
            "en": JSON(fault.detail.en),
            "column": .optional(column) { JSON($0) },
            "heading": .optional(heading, JSON.string),
        ]
    }

    init(stored json: JSON) throws {
        guard let pointer = json["pointer"]?.stringValue, let code = json["code"]?.stringValue,
            let zh = json["zh"]?.stringValue, let en = json["en"]?.stringValue
        else { throw StoredDataError("a fault of an imported row cannot be read") }
        self.init(
            Fault(pointer, code, zh: zh, en: en),
            column: json["column"]?.integerValue.map { Int($0) },
            heading: json["heading"]?.stringValue
        )
    }
}
