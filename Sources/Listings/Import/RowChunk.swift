import Storage

/// A row as it stood in the file, in UTF-8 and without its line end.
struct RawRow: Sendable, Hashable {
    /// On which it begins, as an editor counts, from 1.
    let line: Int
    let bytes: [UInt8]
}

/// Some rows of a file: what is stored together, and goes into listings together.
struct RowChunk: Sendable, Hashable {
    /// Counts the chunks of a file, from 0.
    let number: Int64
    /// The number of its first row among those of the file, from 1.
    let firstRow: Int64
    var rows: [RawRow] = []

    var byteCount: Int { rows.reduce(0) { $0 + $1.bytes.count + RowChunk.headBytes } }

    // MARK: Stored

    /// Each row behind its line and its length, in four bytes each, the highest first.
    private static let headBytes = 8

    var stored: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for row in rows {
            for number in [row.line, row.bytes.count] {
                withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).bigEndian) { bytes.append(contentsOf: $0) }
            }
            bytes.append(contentsOf: row.bytes)
        }
        return bytes
    }

    init(number: Int64, firstRow: Int64) {
        self.number = number
        self.firstRow = firstRow
    }

    init(number: Int64, firstRow: Int64, stored: [UInt8]) throws {
        self.init(number: number, firstRow: firstRow)
        var rest = stored[...]
        while !rest.isEmpty {
            let head = rest.prefix(RowChunk.headBytes).map { Int($0) }
            guard head.count == RowChunk.headBytes else { throw StoredDataError("a chunk of an import is cut off") }
            let (line, count) = (RowChunk.number(head[..<4]), RowChunk.number(head[4...]))
            let bytes = rest.dropFirst(RowChunk.headBytes).prefix(count)
            guard bytes.count == count else { throw StoredDataError("a row of an import is cut off") }
            rows.append(RawRow(line: line, bytes: Array(bytes)))
            rest = rest.dropFirst(RowChunk.headBytes + count)
        }
    }

    private static func number(_ bytes: ArraySlice<Int>) -> Int { bytes.reduce(0) { $0 << 8 | $1 } }
}

/// Puts rows into chunks.
struct ChunkBuilder {
    private(set) var rowCount: Int64 = 0
    private var chunk = RowChunk(number: 0, firstRow: 1)
    private var chunkBytes = 0
    private var full: [RowChunk] = []

    /// Of chunks that nobody has taken yet.
    private(set) var pendingBytes = 0

    var chunkCount: Int64 { chunk.number + (chunk.rows.isEmpty ? 0 : 1) }

    mutating func append(_ row: RawRow) {
        chunk.rows.append(row)
        rowCount += 1
        chunkBytes += row.bytes.count
        pendingBytes += row.bytes.count
        if chunk.rows.count >= ImportLimits.chunkRows || chunkBytes >= ImportLimits.chunkBytes { close() }
    }

    /// Every chunk that is full.
    mutating func take() -> [RowChunk] {
        defer {
            full = []
            pendingBytes = chunkBytes
        }
        return full
    }

    /// What was begun, too.
    mutating func takeLast() -> [RowChunk] {
        if !chunk.rows.isEmpty { close() }
        return take()
    }

    private mutating func close() {
        full.append(chunk)
        chunk = RowChunk(number: chunk.number + 1, firstRow: rowCount + 1)
        chunkBytes = 0
    }
}
