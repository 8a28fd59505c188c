/// Cuts UTF-8 text into records, a chunk at a time (RFC 4180, and what occurs besides: every kind of line end, lines
/// without content, quotes within a cell that did not begin with one).
struct RecordScanner {
    private enum Place {
        case cellStart
        case plain
        case quoted
        /// Behind a quote within quotes: the end of the cell, or the first of two.
        case quoteInQuotes
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let quote = UInt8(ascii: "\"")

    let separator: UInt8
    private let limits: TableLimits
    private var place = Place.cellStart
    /// What earlier chunks had of the record that is being read.
    private var begun: [UInt8] = []
    private var cells: [CSVRecord.Cell] = []
    private var cell = CSVRecord.Cell(start: 0, end: 0)
    /// Whether the end of `cell` is known from its closing quote.
    private var isClosed = false
    private var hasStrayQuote = false
    private var line = 1
    private var recordLine = 1
    private var cellLine = 1
    /// Whether the last byte was a carriage return: a line feed behind it ends nothing more.
    private var wasReturn = false

    init(separator: UInt8, limits: TableLimits) {
        self.separator = separator
        self.limits = limits
    }

    /// Appends the records that end in `bytes`; also those before a fault.
    mutating func scan(_ bytes: UnsafeRawBufferPointer, into records: inout [CSVRecord]) throws(TableFault) {
        // Where the record begins, counted in this chunk; negative where it began in an earlier one.
        var start = -begun.count
        var index = 0
        while index < bytes.count {
            switch place {
            case .cellStart where wasReturn && bytes[index] == RecordScanner.lineFeed:
                wasReturn = false
                start += 1
                index += 1
            case .cellStart:
                beginCell(at: index - start, with: bytes[index])
                if place == .quoted { index += 1 }
            case .plain:
                index = plainEnd(in: bytes, from: index)
                guard index < bytes.count else { break }
                try endCell(at: index - start)
                if bytes[index] != separator {
                    endRecord(bytes, from: start, to: index, into: &records)
                    start = index + 1
                }
                index += 1
            case .quoted:
                index = quotedEnd(in: bytes, from: index)
                guard index < bytes.count else { break }
                cell.end = Int32(truncatingIfNeeded: index - start)
                place = .quoteInQuotes
                index += 1
            case .quoteInQuotes:
                followQuote(with: bytes[index])
                if place == .quoted { index += 1 }
            }
        }
        try checkLength(at: bytes.count - start)
        begun.append(contentsOf: bytes.dropping(max(start, 0)))
    }

    /// Appends the record behind the last line end, if there is one.
    mutating func finish(into records: inout [CSVRecord]) throws(TableFault) {
        if place == .quoted { throw openQuoteFault }
        if place == .cellStart && cells.isEmpty { return }
        let end = begun.count
        if place == .cellStart { beginCell(at: end, with: RecordScanner.lineFeed) }
        if place == .quoteInQuotes { isClosed = true }
        try endCell(at: end)
        endRecord(UnsafeRawBufferPointer(start: nil, count: 0), from: -end, to: 0, into: &records)
    }
}

// MARK: - Steps

extension RecordScanner {
    @inline(__always)
    private mutating func beginCell(at offset: Int, with byte: UInt8) {
        wasReturn = false
        cellLine = line
        if cells.isEmpty { recordLine = line }
        isClosed = false
        let isQuoted = byte == RecordScanner.quote
        place = isQuoted ? .quoted : .plain
        cell = CSVRecord.Cell(start: Int32(truncatingIfNeeded: isQuoted ? offset + 1 : offset), end: 0)
    }

    @inline(__always)
    private func plainEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == separator || byte == RecordScanner.lineFeed || byte == RecordScanner.carriageReturn { break }
            index += 1
        }
        return index
    }

    /// Counts the line ends on its way.
    private mutating func quotedEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        var wasReturn = wasReturn
        while index < bytes.count {
            let byte = bytes[index]
            if byte == RecordScanner.quote { break }
            let isReturn = byte == RecordScanner.carriageReturn
            if isReturn || (byte == RecordScanner.lineFeed && !wasReturn) { line += 1 }
            wasReturn = isReturn
            index += 1
        }
        self.wasReturn = index < bytes.count ? false : wasReturn
        return index
    }

    private mutating func followQuote(with byte: UInt8) {
        switch byte {
        case RecordScanner.quote:
            cell.hasDoubledQuotes = true
            place = .quoted
        case separator, RecordScanner.lineFeed, RecordScanner.carriageReturn:
            isClosed = true
            place = .plain
        default:
            // The quote is given back to the text, so that whoever is told of the row sees what stood there.
            cell.start -= 1
            cell.hasDoubledQuotes = false
            hasStrayQuote = true
            place = .plain
        }
    }

    @inline(__always)
    private mutating func endCell(at offset: Int) throws(TableFault) {
        try checkLength(at: offset)
        if !isClosed { cell.end = Int32(truncatingIfNeeded: offset) }
        cells.append(cell)
        place = .cellStart
        guard cells.count <= limits.maximumColumns else { throw tooManyColumnsFault }
    }

    @inline(__always)
    private mutating func endRecord(
        _ bytes: UnsafeRawBufferPointer,
        from start: Int,
        to end: Int,
        into records: inout [CSVRecord]
    ) {
        if !bytes.isEmpty {
            line += 1
            wasReturn = bytes[end] == RecordScanner.carriageReturn
        }
        let raw: [UInt8]
        if start >= 0 {
            raw = Array(bytes[start..<end])
        } else {
            raw = begun + bytes[..<end]
            begun.removeAll(keepingCapacity: true)
        }
        let record = CSVRecord(line: recordLine, raw: raw, hasStrayQuote: hasStrayQuote, cells: cells)
        if !record.isBlank { records.append(record) }
        cells = []
        cells.reserveCapacity(record.count)
        hasStrayQuote = false
    }

    /// Which limit is passed first must not depend on how much was read at once.
    @inline(__always)
    private func checkLength(at offset: Int) throws(TableFault) {
        let cellEnd = place == .cellStart ? Int.max : Int(cell.start) + limits.maximumCellBytes
        guard offset > min(cellEnd, limits.maximumRecordBytes) else { return }
        throw cellEnd <= limits.maximumRecordBytes ? longCellFault : longRecordFault
    }
}

// MARK: - Faults

extension RecordScanner {
    private var openQuoteFault: TableFault {
        TableFault(
            "unclosed_quote",
            line: cellLine,
            zh: "第 \(cellLine) 行的双引号没有配对的右引号，直到文件末尾",
            en: "The quote opened on line \(cellLine) is not closed before the end of the file"
        )
    }

    /// A quote that nobody closed swallows the rest of a file: the likeliest cause is told along.
    private var longCellFault: TableFault {
        let hint = place == .plain ? ("", "") : ("，可能缺少右引号", "; a closing quote may be missing")
        return TableFault(
            "cell_too_long",
            line: cellLine,
            zh: "第 \(cellLine) 行有单元格超过 \(limits.maximumCellBytes) 字节\(hint.0)",
            en: "Line \(cellLine) has a cell of more than \(limits.maximumCellBytes) bytes\(hint.1)"
        )
    }

    private var longRecordFault: TableFault {
        TableFault(
            "record_too_long",
            line: recordLine,
            zh: "第 \(recordLine) 行开始的记录超过 \(limits.maximumRecordBytes) 字节",
            en: "The record that begins on line \(recordLine) has more than \(limits.maximumRecordBytes) bytes"
        )
    }

    private var tooManyColumnsFault: TableFault {
        TableFault(
            "too_many_columns",
            line: recordLine,
            zh: "第 \(recordLine) 行开始的记录超过 \(limits.maximumColumns) 列",
            en: "The record that begins on line \(recordLine) has more than \(limits.maximumColumns) columns"
        )
    }
}
