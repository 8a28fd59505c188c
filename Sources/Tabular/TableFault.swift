package import Core

/// Why a table cannot be read on. What stood before it has been read, and can be relied on.
package struct TableFault: Error, Sendable, Hashable {
    /// Stable, `snake_case`.
    package let code: String
    /// As an editor counts them, from 1.
    package let line: Int
    /// Where in the bytes that came, from 0; `nil` where the bytes are fine and the text they make is not.
    package let byteOffset: Int?
    package let detail: LocalizedText

    init(_ code: String, line: Int, byteOffset: Int? = nil, zh: String, en: String) {
        self.code = code
        self.line = line
        self.byteOffset = byteOffset
        detail = LocalizedText(zh: zh, en: en)
    }

    /// As every layer refuses.
    package var failure: Failure {
        Failure(
            .unreadableTable,
            zh: detail.zh,
            en: detail.en,
            faults: [Fault(pointer: "", code: code, detail: detail)]
        )
    }
}

/// What is wrong with one cell of a row.
package struct CellFault: Sendable, Hashable {
    /// The field that the column was mapped to; `nil` where the fault concerns the row as a whole.
    package let field: String?
    /// From 1, as the columns stand in the file; `nil` where there is no such column.
    package let column: Int?
    /// The column's name, as the file has it.
    package let heading: String?
    /// The line on which the record begins.
    package let line: Int
    package let code: String
    package let detail: LocalizedText

    /// With a JSON pointer to the field, for answers that tell faults so.
    package var fault: Fault {
        Fault(pointer: field.map { "/" + $0 } ?? "", code: code, detail: detail)
    }
}

extension ProblemType {
    package static let unreadableTable = ProblemType(
        "unreadable_table",
        .malformed,
        zh: "表格文件无法读取",
        en: "The table cannot be read"
    )
    package static let unmappableHeader = ProblemType(
        "unmappable_header",
        .invalid,
        zh: "表头无法对应到所需字段",
        en: "The columns cannot be mapped to the fields that are needed"
    )

    /// Every type that this target raises.
    package static let tabular: [ProblemType] = [.unreadableTable, .unmappableHeader]
}
