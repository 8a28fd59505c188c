import Core
import Cryptography
import HTTPTypes
import Storage
import Web

extension HistoryService {
    /// What `as_of` asks for; `nil` where it does not.
    /// - Throws: `invalidQuery`.
    func moment(_ call: Call) throws -> HistoryMoment? {
        guard let text = call.query["as_of"] else { return nil }
        guard let moment = HistoryMoment(text) else {
            throw Failure(
                .invalidQuery,
                faults: [
                    Fault(
                        "/query/as_of",
                        "as_of_format",
                        zh: "须为记录的哈希（64 位小写十六进制），或带时区的 RFC 3339 时间",
                        en: "Must be the hash of an entry, 64 lower-case hexadecimal digits, or an RFC 3339 time"
                    )
                ]
            )
        }
        return moment
    }

    /// The entries as they were known at that moment, and which were recorded since that are dated before it.
    func history(_ call: Call, of vin: VIN, at moment: HistoryMoment) async throws -> Reply {
        if call.mediaType == "application/x-ndjson" {
            let snapshot = try await database.read { [histories] in try histories.snapshot($0, vin: vin, at: moment) }
            let bytes = lines(of: snapshot.rows.map(\.envelope))
            return Reply(.ok, headers: [.contentType: "application/x-ndjson"], body: .bytes(bytes))
                .revalidated(tag: tag(of: bytes))
        }
        let page = try call.page()
        let first = Int(page.position.flatMap(Int64.init) ?? 0)
        let (snapshot, rows) = try await database.read { [histories] tx in
            let snapshot = try histories.snapshot(tx, vin: vin, at: moment)
            return (snapshot, try histories.placed(tx, Array(snapshot.rows.dropFirst(first).prefix(page.limit))))
        }
        let next = first + rows.count
        let following = next < snapshot.rows.count ? call.nextPage(after: String(next)) : nil
        var writer = JSONWriter(capacity: 512 + rows.reduce(0) { $0 + $1.jsonByteCount })
        let head = snapshot.rows.last?.hash
        writePage(of: vin, count: Int64(snapshot.rows.count), head: head, rows, following, to: &writer)
        writer.raw(",\"recorded_since\":")
        writer.integer(Int64(snapshot.recordedSince))
        writer.raw(",\"late\":")
        writer.write(.array(snapshot.late.map { ["seq": .integer($0.seq), "hash": JSON($0.hash.hex)] }))
        writer.raw("}")
        return Reply.json(bytes: writer.bytes).revalidated(tag: tag(of: writer.bytes)).withNextLink(following)
    }

    private func tag(of bytes: [UInt8]) -> String { String(SHA256.hash(bytes).hex.prefix(32)) }
}
