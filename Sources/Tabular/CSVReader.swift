/// Reads a table from the bytes of a file, a chunk at a time; it keeps no more of it than one record and what is needed
/// to tell encoding and separator. However the chunks are cut, the same records and the same fault come of them.
///
///     for chunk in chunks {
///         for record in try reader.take(chunk) { … }
///     }
///     for record in try reader.finish() { … }
///
/// The first record is the header; `ColumnMapping` reads it. It belongs to one task at a time.
package final class CSVReader {
    /// A longer chunk is read in pieces, so that what is between bytes and records does not grow with it.
    private static let pieceBytes = 256 << 10

    private let decoder: TextDecoder
    private let limits: TableLimits
    private var scanner: RecordScanner?
    /// The first lines, until the separator is found in them.
    private var head: [UInt8] = []
    /// How long the head has to be before it is looked at again. It doubles: else the smallest chunks would make the
    /// work grow with the square of the head.
    private var nextLookBytes = 0
    private var decoded: [UInt8] = []
    private var records: [CSVRecord] = []
    private var fault: TableFault?

    /// - Parameters:
    ///   - encoding: what the sender declared; `nil` where the bytes have to tell.
    ///   - separator: `nil` where the first lines have to tell.
    package init(encoding: TextEncoding? = nil, separator: UInt8? = nil, limits: TableLimits = .standard) {
        decoder = TextDecoder(encoding)
        self.limits = limits
        scanner = separator.map { RecordScanner(separator: $0, limits: limits) }
    }

    /// `nil` while it is not known, and where all is ASCII.
    package var encoding: TextEncoding? { decoder.encoding }

    /// `nil` while it is not known.
    package var separator: UInt8? { scanner?.separator }

    /// Hands over every record that ends in `bytes`, also those before a fault. After a fault every call throws it
    /// again: nobody can tell where the next record begins.
    package func take(_ bytes: UnsafeRawBufferPointer, each body: (CSVRecord) -> Void) throws(TableFault) {
        if let fault { throw fault }
        var rest = bytes
        while !rest.isEmpty {
            let piece = rest.first(CSVReader.pieceBytes)
            rest = rest.dropping(piece.count)
            do throws(TableFault) {
                try decoder.decode(piece, into: &decoded)
            } catch {
                fault = error
            }
            try handOver(isLast: false, each: body)
        }
    }

    /// Hands over what was still held. Nothing may be taken afterwards.
    package func finish(each body: (CSVRecord) -> Void) throws(TableFault) {
        if let fault { throw fault }
        do throws(TableFault) {
            try decoder.finish(into: &decoded)
        } catch {
            fault = error
        }
        try handOver(isLast: true, each: body)
    }

    /// The records that end in `bytes`. Where there is a fault among them, those before it are lost with the call:
    /// who wants them uses `take(_:each:)`.
    package func take(_ bytes: UnsafeRawBufferPointer) throws(TableFault) -> [CSVRecord] {
        var taken: [CSVRecord] = []
        try take(bytes) { taken.append($0) }
        return taken
    }

    package func take(_ bytes: [UInt8]) throws(TableFault) -> [CSVRecord] {
        try bytes.withRawBytes { bytes throws(TableFault) in try take(bytes) }
    }

    /// The records that were still held; see `take(_:)`.
    package func finish() throws(TableFault) -> [CSVRecord] {
        var taken: [CSVRecord] = []
        try finish { taken.append($0) }
        return taken
    }

    private func handOver(isLast: Bool, each body: (CSVRecord) -> Void) throws(TableFault) {
        do throws(TableFault) {
            try scan(isLast: isLast && fault == nil)
        } catch {
            // The text was cut before the bytes were wrong: its fault stands earlier in the file.
            fault = error
        }
        for record in records { body(record) }
        records.removeAll(keepingCapacity: true)
        if let fault { throw fault }
    }

    private func scan(isLast: Bool) throws(TableFault) {
        defer { decoded.removeAll(keepingCapacity: true) }
        if scanner == nil {
            head.append(contentsOf: decoded)
            guard isLast || fault != nil || head.count >= nextLookBytes else { return }
            nextLookBytes = head.count * 2
            guard try scanHead(isLast: isLast) else { return }
        } else {
            try decoded.withRawBytes { bytes throws(TableFault) in try scanner?.scan(bytes, into: &records) }
        }
        if isLast { try scanner?.finish(into: &records) }
    }

    /// - Returns: whether the separator is found and the head has been read with it.
    private func scanHead(isLast: Bool) throws(TableFault) -> Bool {
        let head = head
        return try head.withRawBytes { bytes throws(TableFault) in
            let looked = bytes.first(min(limits.maximumRecordBytes, bytes.count))
            let isWhole = isLast || looked.count == limits.maximumRecordBytes
            guard let found = SeparatorFinder.find(in: looked, isWhole: isWhole) else { return false }
            self.head = []
            var scanner = RecordScanner(separator: found.separator, limits: limits)
            defer { self.scanner = scanner }
            try scanner.scan(bytes.dropping(found.skippedBytes), into: &records)
            return true
        }
    }
}
