import Core
import HTTPTypes
import Identity
import Storage
import Tabular
import Web

extension ImportService {
    var rowEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/imports/{id}/rows",
                query: Page.query.union(["status"]),
                authorize: Policy.authorize(.importRead),
                handler: rows
            ),
            Endpoint(
                .get,
                "/v1/imports/{id}/failed-rows",
                produces: ["text/csv", "application/x-ndjson"],
                authorize: Policy.authorize(.importRead),
                handler: failedRows
            ),
        ]
    }

    private func rows(_ call: Call) async throws -> Reply {
        let status = try call.rowStatus()
        let page = try call.page()
        let id = try call.inventoryImport()
        let after = page.position.flatMap { Int64($0) } ?? 0
        let rows = try await database.read { tx in
            let found = try Imports.get(tx, id) { Policy.sees(call.principal, $0) }
            return try ImportRowStore.page(tx, of: found.id.text, status, after: after, limit: page.limit + 1)
        }
        let language = call.language
        return call.list(
            rows,
            on: page,
            position: { "\($0.number)" },
            json: { row in row.json { $0.text(in: language) } }
        )
    }

    // MARK: What can be mended

    /// The bad rows as they stood, in the format in which they came: mended, they can be sent again as they are.
    private func failedRows(_ call: Call) async throws -> Reply {
        let id = try call.inventoryImport()
        let (found, now) = try await database.read { tx in
            (try Imports.get(tx, id) { Policy.sees(call.principal, $0) }, tx.now)
        }
        guard !found.isFileGone(at: now) else { throw Failure(.importFileDeleted) }
        let (type, ending) = found.shape.format == .csv ? ("text/csv", "csv") : ("application/x-ndjson", "ndjson")
        guard call.accepts(type) else { throw Failure(.notAcceptable) }
        let form = try FailedRowsForm(found.shape, call.language)
        return Reply(
            .ok,
            headers: [
                .contentType: found.shape.format == .csv ? "text/csv; charset=utf-8" : type,
                .contentDisposition: "attachment; filename=\"\(found.id)-failed.\(ending)\"",
            ],
            body: .stream { [database] writer in
                try await writer.write(form.beginning)
                for number in 0..<found.chunksTotal {
                    let (chunk, failed) = try await database.read { tx in
                        try ImportService.failed(tx, chunk: number, of: found.id.text)
                    }
                    if !failed.isEmpty { try await writer.write(try form.bytes(of: failed, in: chunk)) }
                }
            }
        )
    }

    private static func failed(
        _ tx: any Transaction,
        chunk number: Int64,
        of id: String
    ) throws -> (RowChunk, [RowResult]) {
        guard let chunk = try ImportRowStore.chunk(tx, number, of: id) else {
            throw StoredDataError("the file of an import went while it was read")
        }
        let before = chunk.firstRow - 1
        let failed = try ImportRowStore.page(tx, of: id, .failed, after: before, limit: chunk.rows.count)
        return (chunk, failed.filter { $0.number <= before + Int64(chunk.rows.count) })
    }
}

/// How bad rows are given back.
struct FailedRowsForm: Sendable {
    private let language: Language
    private let separator: UInt8
    /// `nil` where a row is a line of JSON, which has no place for remarks.
    private let header: [String]?
    /// The columns that are the sender's own, and not those of an earlier answer.
    private let ownColumns: [Int]

    init(_ shape: FileShape, _ language: Language) throws {
        self.language = language
        separator = shape.separator
        let cells = shape.format == .csv ? try shape.headerRecord().texts.map(FormulaGuard.restored) : nil
        ownColumns = (cells ?? []).indices.filter { cells?[$0].isFailedRowsHeading == false }
        header = cells
    }

    var beginning: [UInt8] {
        guard let header else { return [] }
        var writer = CSVWriter(startsWithMark: true)
        writer.write(ownColumns.map { header[$0] } + FailedRows.headings)
        return writer.bytes
    }

    func bytes(of failed: [RowResult], in chunk: RowChunk) throws -> [UInt8] {
        let rows = failed.compactMap { result -> (RowResult, RawRow)? in
            let index = Int(result.number - chunk.firstRow)
            return chunk.rows.indices.contains(index) ? (result, chunk.rows[index]) : nil
        }
        guard let header else { return rows.flatMap { $0.1.bytes + [UInt8(ascii: "\n")] } }
        var writer = CSVWriter(startsWithMark: false)
        for (result, row) in rows {
            let record = try CSVRecord(raw: row.bytes, line: row.line, separator: separator)
            // Cells that the header does not know are what may be wrong with the row.
            let columns = ownColumns + Array(header.count..<max(header.count, record.count))
            let cells = columns.map { FormulaGuard.restored(record.text($0)) }
            writer.write(cells + ["\(row.line)", remark(result)])
        }
        return writer.bytes
    }

    private func remark(_ result: RowResult) -> String {
        result.faults.map { $0.fault.detail.text(in: language) }.joined(separator: language == .chinese ? "；" : "; ")
    }
}

extension String {
    fileprivate var isFailedRowsHeading: Bool {
        let name = Folding.compact(self[...])
        return FailedRows.headings.contains { Folding.compact($0[...]) == name }
    }
}

extension InventoryImport {
    /// Also where upkeep has not come to it yet.
    fileprivate func isFileGone(at now: Instant) -> Bool {
        guard state.isFinished else { return false }
        return fileUntil.map { $0 <= now } ?? true
    }
}

extension Call {
    /// - Throws: `invalidQuery` for a status that no row has.
    fileprivate func rowStatus() throws -> RowStatus? {
        guard let text = query["status"] else { return nil }
        guard let status = RowStatus(rawValue: text) else {
            let statuses = RowStatus.allCases.map(\.rawValue).joined(separator: ", ")
            throw ImportRequest.fault(
                "status",
                TextFault("not_allowed", zh: "只能是：\(statuses)", en: "Must be one of: \(statuses)")
            )
        }
        return status
    }
}
