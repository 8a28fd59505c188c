import Core
import Tabular
import Web

/// What was found out about a file as it arrived.
struct FileShape: Sendable, Hashable {
    enum Format: String, Sendable, Hashable, CaseIterable {
        case csv
        case ndjson
    }

    let format: Format
    var encoding: TextEncoding?
    /// The header of a table, as it stood, and what parts its cells.
    var header: [UInt8] = []
    var separator: UInt8 = UInt8(ascii: ",")
    /// What the caller says about columns.
    var rules: [ColumnRule] = []

    /// - Throws: `unmappableHeader`.
    func reader() throws -> RowReader {
        guard format == .csv else { return .lines }
        let record = try CSVRecord(raw: header, line: 1, separator: separator)
        let mapping = try ColumnMapping(header: record, schema: ListingFields.schema, rules: rules)
        return .table(mapping, separator: separator)
    }

    func headerRecord() throws -> CSVRecord { try CSVRecord(raw: header, line: 1, separator: separator) }
}

/// Takes a table as it arrives: finds its header, and cuts what follows into rows. Whatever makes the file unreadable
/// is thrown while it arrives, so that nothing that was accepted turns out to be no table.
struct TableIntake {
    private let reader: CSVReader
    private let rules: [ColumnRule]
    /// The first records, among which the header is.
    private var head: [CSVRecord] = []
    private(set) var header: CSVRecord?
    var chunks = ChunkBuilder()

    init(encoding: TextEncoding?, rules: [ColumnRule]) {
        reader = CSVReader(encoding: encoding)
        self.rules = rules
    }

    var shape: FileShape {
        var shape = FileShape(format: .csv)
        shape.encoding = reader.encoding
        shape.header = header?.raw ?? []
        shape.separator = reader.separator ?? shape.separator
        shape.rules = rules
        return shape
    }

    /// - Throws: `unreadableTable`, `unmappableHeader`, `payloadTooLarge`.
    mutating func take(_ bytes: UnsafeRawBufferPointer) throws {
        var records: [CSVRecord] = []
        let fault = catching { () throws(TableFault) in try reader.take(bytes) { records.append($0) } }
        try append(records, isLast: false)
        if let fault { throw fault.failure }
    }

    mutating func finish() throws {
        var records: [CSVRecord] = []
        let fault = catching { () throws(TableFault) in try reader.finish { records.append($0) } }
        try append(records, isLast: fault == nil)
        if let fault { throw fault.failure }
        guard chunks.rowCount > 0 else { throw Failure.fileWithoutRows }
    }

    private func catching(_ body: () throws(TableFault) -> Void) -> TableFault? {
        do throws(TableFault) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    private mutating func append(_ records: [CSVRecord], isLast: Bool) throws {
        for record in records {
            if header == nil {
                head.append(record)
                if head.count == ImportLimits.headerRecords { try settleHeader() }
            } else {
                try append(record)
            }
        }
        if isLast, header == nil { try settleHeader() }
    }

    /// The record with the most known headings; the first of equals, so that a table without any is told of its first
    /// line.
    private mutating func settleHeader() throws {
        let ruled = Set(rules.map(\.heading))
        let counts = head.map { record in
            ColumnMapping.knownHeadings(in: record, schema: ListingFields.schema)
                + record.texts.count(where: ruled.contains)
        }
        guard let most = counts.max(), let index = counts.firstIndex(of: most) else { return }
        _ = try ColumnMapping(header: head[index], schema: ListingFields.schema, rules: rules)
        header = head[index]
        for record in head[(index + 1)...] { try append(record) }
        head = []
    }

    private mutating func append(_ record: CSVRecord) throws {
        chunks.append(RawRow(line: record.line, bytes: record.raw))
        try chunks.checkCount()
    }
}

extension ChunkBuilder {
    func checkCount() throws {
        guard rowCount > ImportLimits.rows else { return }
        throw Failure(
            .payloadTooLarge,
            zh: "文件超过 \(ImportLimits.rows) 行，请分成几个文件",
            en: "The file has more than \(ImportLimits.rows) rows: send it in parts"
        )
    }
}
