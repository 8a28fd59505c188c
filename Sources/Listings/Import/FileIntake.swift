import Core
import Cryptography
import Tabular
import Web

/// Takes a file as it arrives, whatever its format.
struct FileIntake {
    /// One of the two.
    private var table: TableIntake?
    private var lines: LineIntake?
    private var hasher = SHA256()
    private var bytes: Int64 = 0

    init(_ format: FileShape.Format, _ encoding: TextEncoding?, _ rules: [ColumnRule]) {
        switch format {
        case .csv: table = TableIntake(encoding: encoding, rules: rules)
        case .ndjson: lines = LineIntake()
        }
    }

    /// - Throws: what is wrong with the file as a whole; what is wrong with a row is that row's own.
    mutating func take(_ piece: UnsafeRawBufferPointer) throws {
        bytes += Int64(piece.count)
        hasher.update(piece)
        try table?.take(piece)
        try lines?.take(piece)
    }

    /// - Throws: as `take`.
    mutating func finish() throws {
        try table?.finish()
        try lines?.finish()
    }

    var pendingBytes: Int { chunks.pendingBytes }

    mutating func takeChunks() -> [RowChunk] { table?.chunks.take() ?? lines?.chunks.take() ?? [] }

    mutating func takeLastChunks() -> [RowChunk] { table?.chunks.takeLast() ?? lines?.chunks.takeLast() ?? [] }

    private var chunks: ChunkBuilder { table?.chunks ?? lines?.chunks ?? ChunkBuilder() }

    func arrived(_ begun: InventoryImport) -> ArrivedFile {
        ArrivedFile(
            begun: begun,
            shape: table?.shape ?? FileShape(format: .ndjson, encoding: .utf8),
            bytes: bytes,
            digest: hasher.finalize(),
            rows: chunks.rowCount,
            chunks: chunks.chunkCount
        )
    }
}

/// Takes a line of JSON each.
struct LineIntake {
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// The beginning of a line that the next piece goes on with.
    private var begun: [UInt8] = []
    private var line = 1
    var chunks = ChunkBuilder()

    /// - Throws: `lineTooLong`, `payloadTooLarge`.
    mutating func take(_ piece: UnsafeRawBufferPointer) throws {
        var rest = piece[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            begun.append(contentsOf: rest[..<end])
            try endLine()
            rest = rest[(end + 1)...]
        }
        begun.append(contentsOf: rest)
        try checkLength()
    }

    mutating func finish() throws {
        if !begun.isEmpty { try endLine() }
        guard chunks.rowCount > 0 else { throw Failure.fileWithoutRows }
    }

    private mutating func endLine() throws {
        try checkLength()
        defer {
            begun.removeAll(keepingCapacity: true)
            line += 1
        }
        let text = line == 1 && begun.starts(with: LineIntake.mark) ? Array(begun.dropFirst(3)) : begun
        guard text.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
        chunks.append(RawRow(line: line, bytes: text.last == 0x0D ? text.dropLast() : text))
        try chunks.checkCount()
    }

    private func checkLength() throws {
        guard begun.count > ImportLimits.lineBytes else { return }
        throw Failure(
            .lineTooLong,
            zh: "第 \(line) 行超过 \(ImportLimits.lineBytes) 字节",
            en: "Line \(line) has more than \(ImportLimits.lineBytes) bytes"
        )
    }
}

extension Failure {
    static let fileWithoutRows = Failure(
        .unreadableTable,
        zh: "文件里没有数据行",
        en: "The file has no rows",
        faults: [Fault("", "no_rows", zh: "文件里没有数据行", en: "The file has no rows")]
    )
}
