import Core
import Identity
import Support
import Tabular
import Testing
import Web

@testable import Listings

/// Files as they arrive: what is kept of them, and what is refused at once.
@Suite struct FileIntakeTests {
    private static let vin = InventoryRowTests.vin

    private func intake(
        _ bytes: [UInt8],
        _ format: FileShape.Format = .csv,
        pieceBytes: Int = 7,
        encoding: TextEncoding? = nil
    ) throws -> (chunks: [RowChunk], rows: Int64, shape: FileShape) {
        var intake = FileIntake(format, encoding, [])
        var chunks: [RowChunk] = []
        for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
            let piece = Array(bytes[start..<min(start + pieceBytes, bytes.count)])
            try piece.withUnsafeBytes { try intake.take($0) }
            chunks += intake.takeChunks()
        }
        try intake.finish()
        chunks += intake.takeLastChunks()
        #expect(intake.pendingBytes == 0)
        return (chunks, chunks.reduce(0) { $0 + Int64($1.rows.count) }, try shape(intake, Int64(chunks.count)))
    }

    private func shape(_ intake: FileIntake, _ chunks: Int64) throws -> FileShape {
        let dealer = try #require(OrganizationID("org_" + String(repeating: "0", count: 26)))
        let begun = InventoryImport(
            id: InventoryImportID(at: Instant(microseconds: 0)),
            dealer: dealer,
            credential: nil,
            mode: .validate,
            shape: FileShape(format: .csv),
            state: .receiving,
            fileBytes: 0,
            fileDigest: nil,
            rowsTotal: 0,
            chunksTotal: 0,
            position: 0,
            counts: ImportCounts(),
            version: 1,
            createdAt: Instant(microseconds: 0)
        )
        let arrived = intake.arrived(begun)
        #expect(arrived.chunks == chunks)
        return arrived.shape
    }

    private func codes(_ bytes: [UInt8], _ format: FileShape.Format = .csv, encoding: TextEncoding? = nil) -> [String] {
        do {
            _ = try intake(bytes, format, encoding: encoding)
            return []
        } catch {
            let failure = error as? Failure
            return [failure?.type.code ?? "\(error)"] + (failure?.faults.map(\.code) ?? [])
        }
    }

    @Test(arguments: [1, 7, 100_000]) func `rows come in chunks, with the lines on which they stood`(pieceBytes: Int)
        throws
    {
        let rows = (0..<450).map { "\(Self.vin),\"a\n\($0)\"" }
        let file = "库存表,\nVIN,品牌\n" + rows.joined(separator: "\r\n")
        let (chunks, count, shape) = try intake(Array(file.utf8), pieceBytes: pieceBytes)
        #expect(count == 450)
        #expect(chunks.map(\.number) == [0, 1, 2])
        #expect(chunks.map(\.firstRow) == [1, 201, 401])
        #expect(chunks[0].rows.prefix(3).map(\.line) == [3, 5, 7])
        #expect(String(decoding: chunks[2].rows[49].bytes, as: UTF8.self) == rows[449])
        #expect(String(decoding: shape.header, as: UTF8.self) == "VIN,品牌")
        for chunk in chunks {
            #expect(try RowChunk(number: chunk.number, firstRow: chunk.firstRow, stored: chunk.stored) == chunk)
        }
        #expect(throws: (any Error).self) {
            try RowChunk(number: 0, firstRow: 1, stored: Array(chunks[0].stored.dropLast()))
        }
        #expect(try FileShape(stored: shape.stored) == shape)
    }

    @Test func `a chunk has no more bytes than one transaction should write`() throws {
        let rows = (0..<40).map { _ in "\(Self.vin),\(String(repeating: "x", count: 30_000))" }
        let (chunks, count, _) = try intake(Array(("VIN,描述\n" + rows.joined(separator: "\n")).utf8), pieceBytes: 65_536)
        #expect(count == 40)
        #expect(chunks.allSatisfy { $0.byteCount < ImportLimits.chunkBytes + 40_000 } && chunks.count > 3)
    }

    @Test func `lines of JSON come as they are, without blank ones and the mark`() throws {
        let file: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("{\"a\":1}\r\n\n  \n{}\n{\"b\"".utf8)
        let (chunks, _, shape) = try intake(file, .ndjson)
        #expect(chunks.flatMap(\.rows).map(\.line) == [1, 4, 5])
        #expect(
            chunks.flatMap(\.rows).map { String(decoding: $0.bytes, as: UTF8.self) } == ["{\"a\":1}", "{}", "{\"b\""]
        )
        #expect(shape.format == .ndjson)
    }

    @Test func `what is no table is refused while it arrives`() {
        let vin = Self.vin
        #expect(codes(Array("品牌,报价(万)\n大众,8\n".utf8)) == ["unmappable_header", "missing_column"])
        #expect(codes(Array("VIN,报价(万),售价(元)\n".utf8)) == ["unmappable_header", "ambiguous_columns"])
        #expect(codes(Array("VIN,品牌\n\(vin),\"大众\n".utf8)) == ["unreadable_table", "unclosed_quote"])
        #expect(
            codes(Array("VIN,品牌\n\(vin),".utf8) + [0xFF, 0x0A], encoding: .utf8) == [
                "unreadable_table", "invalid_encoding",
            ]
        )
        #expect(codes([0x50, 0x4B, 0x03, 0x04, 0, 0]) == ["unreadable_table", "spreadsheet_file"])
        #expect(codes(Array("VIN,品牌\n".utf8)) == ["unreadable_table", "no_rows"])
        #expect(codes([]) == ["unreadable_table", "no_rows"])
        #expect(codes(Array("\n\n".utf8), .ndjson) == ["unreadable_table", "no_rows"])
        let long = [UInt8](repeating: 0x20, count: ImportLimits.lineBytes + 1)
        #expect(codes(long, .ndjson) == ["line_too_long"])
    }

    @Test func `a file has so many rows and no more`() throws {
        var lines = LineIntake()
        let row = Array("{}\n".utf8)
        let whole = (0..<ImportLimits.rows).flatMap { _ in row }
        try whole.withUnsafeBytes { try lines.take($0) }
        let failure = #expect(throws: Failure.self) { try row.withUnsafeBytes { try lines.take($0) } }
        #expect(failure?.type == .payloadTooLarge)
    }
}
