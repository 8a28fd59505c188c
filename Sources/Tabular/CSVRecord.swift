/// One record of a table, with the text that it was read from.
package struct CSVRecord: Sendable, Hashable {
    /// Where a cell stands in `raw`, without its quotes.
    struct Cell: Sendable, Hashable {
        var start: Int32
        var end: Int32
        /// Whether a quote within the cell is written as two.
        var hasDoubledQuotes = false
    }

    /// The line on which it begins, as an editor counts, from 1.
    package let line: Int
    /// UTF-8, as it stood, without the line end behind it.
    package let raw: [UInt8]
    /// Whether characters follow a closing quote. The cell then has its quotes, and nobody knows what was meant.
    package let hasStrayQuote: Bool
    let cells: [Cell]

    /// How many cells there are, empty ones included.
    package var count: Int { cells.count }

    /// The text of a cell, without what quoting did to it; the empty text where the record ends before `index`.
    package func text(_ index: Int) -> String {
        guard cells.indices.contains(index) else { return "" }
        guard cells[index].hasDoubledQuotes else { return String(decoding: slice(of: cells[index]), as: UTF8.self) }
        return String(decoding: undoubled(slice(of: cells[index])), as: UTF8.self)
    }

    package var texts: [String] { cells.indices.map(text) }

    /// Whether the record ends before `index`, or has nothing there.
    package func isEmpty(_ index: Int) -> Bool {
        guard cells.indices.contains(index) else { return true }
        return cells[index].start == cells[index].end
    }

    /// Whether no cell has more than blanks: what spreadsheets leave behind below a table.
    var isBlank: Bool {
        cells.allSatisfy { cell in
            slice(of: cell).allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        }
    }

    private func slice(of cell: Cell) -> ArraySlice<UInt8> {
        raw[Int(cell.start)..<Int(cell.end)]
    }

    private func undoubled(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isSecond = false
        for byte in bytes {
            isSecond = byte == UInt8(ascii: "\"") && !isSecond
            if byte != UInt8(ascii: "\"") || isSecond { result.append(byte) }
        }
        return result
    }
}

extension CSVRecord {
    /// A record that was read before, out of its `raw`.
    ///
    /// - Throws: where `raw` is not what a reader left.
    package init(raw: [UInt8], line: Int, separator: UInt8) throws(TableFault) {
        var scanner = RecordScanner(separator: separator, limits: .standard)
        var records: [CSVRecord] = []
        try raw.withRawBytes { bytes throws(TableFault) in try scanner.scan(bytes, into: &records) }
        try scanner.finish(into: &records)
        guard records.count == 1, let record = records.first else {
            throw TableFault("damaged_record", line: line, zh: "存储的行无法读取", en: "The row as stored cannot be read")
        }
        self.init(line: line, raw: raw, hasStrayQuote: record.hasStrayQuote, cells: record.cells)
    }
}

/// How large the parts of a table may be.
package struct TableLimits: Sendable, Hashable {
    /// A cell of Excel holds at most 32,767 characters, of four bytes at most.
    package static let cellBytes = 128 << 10
    /// A limit of this product: two thousand times what a car takes.
    package static let recordBytes = 1 << 20
    /// A limit of this product; exports of stock systems have some dozens.
    package static let columns = 1_000

    package static let standard = TableLimits()

    /// Of one cell, as it stands in the file.
    package var maximumCellBytes = cellBytes
    package var maximumRecordBytes = recordBytes
    package var maximumColumns = columns

    package init() {}
}
