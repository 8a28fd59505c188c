import Core
import Cryptography
import HTTPTypes
import Identity
import Ledger
import Storage
import Web

extension HistoryService {
    var readEndpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/vehicles/{vin}", authorize: Policy.authorize(.vehicleRead), handler: vehicle),
            Endpoint(
                .get,
                "/v1/vehicles/{vin}/history",
                query: Page.query,
                produces: ["application/json", "application/x-ndjson"],
                authorize: Policy.authorize(.historyRead),
                handler: history
            ),
            Endpoint(.get, "/v1/vehicles/{vin}/report", authorize: Policy.authorize(.reportRead), handler: report),
            Endpoint(
                .get,
                "/v1/vehicles/{vin}/odometer.svg",
                produces: ["image/svg+xml"],
                authorize: Policy.authorize(.reportRead),
                handler: odometerChart
            ),
            Endpoint(.get, "/v1/entries/{hash}", authorize: Policy.authorize(.entryRead), handler: entry),
            Endpoint(.get, "/v1/event-kinds", authorize: Policy.authorize(.eventKindsRead), handler: eventKinds),
        ]
    }

    // MARK: One vehicle

    /// The head says whether the summary that was made last still holds; making one reads the whole chain.
    private func vehicle(_ call: Call) async throws -> Reply {
        let vin = try call.vin()
        let day = clock.now().dateInChina
        let head = try await database.read { [histories] tx in try histories.head(tx, vin: vin) }
        if let kept = summaries.find(vin, head: head.hash, day: day) { return kept.reply }
        let report = try await carReport(vin)
        let summary = SummaryCache.Summary(report.summary.bytes, report.head, day)
        summaries.keep(summary, for: vin)
        return summary.reply
    }

    private func report(_ call: Call) async throws -> Reply {
        let report = try await carReport(try call.vin())
        let bytes = report.document.bytes
        return Reply.json(bytes: bytes).revalidated(tag: report.head.tag(content: bytes))
    }

    private func odometerChart(_ call: Call) async throws -> Reply {
        let report = try await carReport(try call.vin())
        let bytes = Array(report.odometerChart.utf8)
        return Reply(.ok, headers: [.contentType: "image/svg+xml; charset=utf-8"], body: .bytes(bytes))
            .revalidated(tag: report.head.tag(content: bytes))
    }

    private func carReport(_ vin: VIN) async throws -> CarReport {
        let now = clock.now()
        let (rows, sources) = try await database.read { [histories] tx in
            let rows = try histories.chain(tx, vin: vin)
            return (rows, try ReportSource.all(tx, of: rows))
        }
        return try CarReport(vin: vin, rows: rows, sources: sources, asOf: now)
    }

    // MARK: Entries

    private func history(_ call: Call) async throws -> Reply {
        let vin = try call.vin()
        if call.mediaType == "application/x-ndjson" { return try await rawHistory(vin) }
        let page = try call.page()
        let first = page.position.flatMap(Int64.init) ?? 0
        let (head, rows) = try await database.read { [histories] tx in
            let head = try histories.head(tx, vin: vin)
            return (head, try HistoryStore.entries(tx, vin: vin.text, from: first, limit: page.limit))
        }
        let next = first + Int64(rows.count)
        let following = next < head.count ? call.nextPage(after: String(next)) : nil
        var writer = JSONWriter(capacity: rows.count * 1024)
        writer.raw("{\"vin\":")
        writer.string(vin.text)
        writer.raw(",\"entry_count\":")
        writer.integer(head.count)
        writer.raw(",\"head\":")
        writer.string(head.hash.hex)
        writer.raw(",\"entries\":[")
        for (index, row) in rows.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.raw("{")
            row.writeMembers(to: &writer)
            writer.raw("}")
        }
        writer.raw("],\"has_more\":")
        writer.write(.bool(following != nil))
        writer.raw(",\"next_cursor\":")
        writer.write(.optional(following?.cursor) { JSON($0) })
        writer.raw("}")
        return Reply.json(bytes: writer.bytes)
            .revalidated(tag: head.tag(content: writer.bytes))
            .withNextLink(following)
    }

    /// The stored envelopes, one a line: the very bytes that were hashed.
    private func rawHistory(_ vin: VIN) async throws -> Reply {
        let (head, first) = try await database.read { [histories] tx in
            let head = try histories.head(tx, vin: vin)
            let limit = HistoryLimits.streamedEntries
            return (head, try HistoryStore.entries(tx, vin: vin.text, from: 0, limit: limit))
        }
        let reply = Reply(.ok, headers: [.contentType: "application/x-ndjson"])
        if first.count == Int(head.count) {
            return reply.with(body: .bytes(lines(of: first))).revalidated(tag: head.tag)
        }
        return reply.with(
            body: .stream { writer in
                var rows = first
                while !rows.isEmpty {
                    try await writer.write(lines(of: rows))
                    let next = (rows.last?.seq ?? head.count) + 1
                    let limit = min(HistoryLimits.streamedEntries, Int(head.count - next))
                    guard limit > 0 else { return }
                    rows = try await database.read { tx in
                        try HistoryStore.entries(tx, vin: vin.text, from: next, limit: limit)
                    }
                }
            }
        ).revalidated(tag: head.tag)
    }

    private func lines(of rows: [StoredRow]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows.reduce(0) { $0 + $1.envelope.utf8.count + 1 })
        for row in rows {
            bytes.append(contentsOf: row.envelope.utf8)
            bytes.append(0x0A)
        }
        return bytes
    }

    private func entry(_ call: Call) async throws -> Reply {
        guard let hash = Digest(hex: try call.pathValue("hash", as: HashText.self).text) else {
            throw Failure(.entryUnknown)
        }
        let row = try await database.read { [histories] tx in try histories.entry(tx, hash: hash) }
        var writer = JSONWriter(capacity: 1024)
        writer.raw("{\"vin\":")
        writer.string(row.vin)
        writer.raw(",")
        row.writeMembers(to: &writer)
        writer.raw(",\"state\":\"chained\"}")
        return Reply.json(bytes: writer.bytes).revalidated(tag: hash.hex + (row.payload == nil ? "-sealed" : ""))
    }

    private func eventKinds(_ call: Call) async throws -> Reply {
        Reply.json(["data": .array(EventRegistry.schemas.map(\.json))]).revalidated(tag: EventRegistry.tag)
    }
}

extension ChainHead {
    /// The state of a chain: how long it is, and its head.
    var tag: String { "v\(count)-\(hash.hex.prefix(8))" }

    /// The state of a chain, and of what was made of it.
    func tag(content: [UInt8]) -> String { "v\(count)-\(SHA256.hash(content).hex.prefix(16))" }
}

extension Reply {
    /// Anybody may keep it, and asks each time whether it still holds: the next entry may come at any moment.
    func revalidated(tag: String) -> Reply {
        with(.cacheControl, "public, no-cache").withETag(tag)
    }

    func with(body: Body) -> Reply {
        var copy = self
        copy.body = body
        return copy
    }
}
