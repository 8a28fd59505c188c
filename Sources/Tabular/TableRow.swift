import Core

/// The fields of one record.
package struct TableRow: Sendable {
    package let line: Int
    let schema: TableSchema
    /// One for each field of the schema.
    let values: [CellValue?]

    /// `nil` where the cell says nothing, there is no column for the field, or no such field.
    package subscript(_ field: String) -> CellValue? {
        schema.index(ofField: field).flatMap { values[$0] }
    }
}

/// What came of one record.
package enum RowReading: Sendable {
    case row(TableRow)
    /// Every fault of the record, by column, and the cells that could be read; `nil` where the row has not the columns
    /// of the table.
    case faults([CellFault], TableRow?)
}

extension ColumnMapping {
    package func row(_ record: CSVRecord) -> RowReading {
        var values: [CellValue?] = Array(repeating: nil, count: columns.count)
        var faults = shapeFaults(of: record)
        let hasShape = faults.isEmpty
        for (index, column) in columns.enumerated() {
            guard let column else { continue }
            do throws(TextFault) {
                values[index] = try value(in: record, column, isRequired: schema.fields[index].isRequired)
            } catch {
                faults.append(fault(error, field: schema.fields[index], column, record))
            }
        }
        let row = TableRow(line: record.line, schema: schema, values: values)
        guard !faults.isEmpty else { return .row(row) }
        return .faults(faults.sorted { ($0.column ?? 0) < ($1.column ?? 0) }, hasShape ? row : nil)
    }

    private func value(
        in record: CSVRecord,
        _ column: Column,
        isRequired: Bool
    ) throws(TextFault) -> CellValue? {
        guard !record.isEmpty(column.index), let text = CellReader.meant(record.text(column.index)) else {
            if isRequired { throw .required }
            return nil
        }
        return try column.reader.read(text)
    }

    private func fault(_ fault: TextFault, field: TableField, _ column: Column, _ record: CSVRecord) -> CellFault {
        CellFault(
            field: field.name,
            column: column.index + 1,
            heading: column.heading,
            line: record.line,
            code: fault.code,
            detail: LocalizedText(
                zh: "“\(column.heading)”：\(fault.detail.zh)",
                en: "“\(column.heading)”: \(fault.detail.en)"
            )
        )
    }

    /// A separator too many moves every cell behind it into the wrong column: such a row is not guessed at.
    private func shapeFaults(of record: CSVRecord) -> [CellFault] {
        var faults: [CellFault] = []
        if record.hasStrayQuote {
            faults.append(
                shapeFault(
                    record,
                    column: nil,
                    "stray_quote",
                    zh: "有单元格在右引号之后还有内容；单元格里的双引号须写成两个",
                    en: "A cell goes on behind its closing quote; a quote within a cell is written as two"
                )
            )
        }
        if let index = (columnCount..<max(columnCount, record.count)).first(where: { !isBlank(record, $0) }) {
            faults.append(
                shapeFault(
                    record,
                    column: index + 1,
                    "too_many_cells",
                    zh: "本行有内容超出表头的 \(columnCount) 列，可能有单元格含逗号而没有加引号",
                    en:
                        "More than the \(columnCount) cells of the header: a cell with a comma may lack its quotes"
                )
            )
        }
        return faults
    }

    private func isBlank(_ record: CSVRecord, _ index: Int) -> Bool {
        record.isEmpty(index) || Folding.trimmed(record.text(index)).isEmpty
    }

    private func shapeFault(_ record: CSVRecord, column: Int?, _ code: String, zh: String, en: String) -> CellFault {
        CellFault(
            field: nil,
            column: column,
            heading: nil,
            line: record.line,
            code: code,
            detail: LocalizedText(zh: zh, en: en)
        )
    }
}
